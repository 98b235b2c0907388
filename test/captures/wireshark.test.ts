import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { besideCapture, labelledCaptures, labelledPairs, scoreCapture } from '../../scripts/score-captures.js'

const ROOT = join(import.meta.dirname, '../../captures')

/** Rows of captures/<scenario>/tshark.tsv (`npm run tshark-truth`): stream, first frame, frames, first close. */
function tsharkRows(scenario: string): string[] {
  return readFileSync(besideCapture(ROOT, scenario, 'tshark.tsv'), 'utf8').trim().split('\n').slice(1)
}

describe('stream numbers, first close and its side equal what tshark printed', () => {
  for (const scenario of [...labelledCaptures(ROOT), ...labelledPairs(ROOT)]) {
    it(scenario, async () => {
      expect(existsSync(besideCapture(ROOT, scenario, 'tshark.tsv')), 'run: npm run tshark-truth').toBe(true)
      const { report } = await scoreCapture(ROOT, scenario)
      const ours = report.flows.map((flow) => {
        const { first } = flow.close
        const end = first === null ? null : flow[first.by]
        const close = first === null || end === null ? '-\t-\t-\t-' : `${first.flag}\t${first.frame}\t${end.ip}\t${end.port}`
        return `${flow.stream}\t${close}`
      })
      const theirs = tsharkRows(scenario).map((row) => {
        const [stream, , , ...close] = row.split('\t')
        return `${stream}\t${close.join('\t')}`
      })
      expect(ours).toEqual(theirs)
    })
  }
})
