/** Text, JSON, Markdown, JUnit and the picture: what they hold, and that nothing in them is obeyed. */
import { describe, expect, it } from 'vitest'
import { compareReports, sideOf } from '../../src/verify/compare.js'
import type { Outcome } from '../../src/verify/expectations.js'
import { verificationJson } from '../../src/verify/json.js'
import { verificationJunit } from '../../src/verify/junit.js'
import { verificationMarkdown } from '../../src/verify/markdown.js'
import { drawPicture } from '../../src/verify/picture.js'
import { verificationText } from '../../src/verify/text.js'
import { passed, resultOf, type Verification } from '../../src/verify/verification.js'
import { durations, finding, leg, report } from './reports.js'

const HOSTILE = 'evil\u001b[31m<script>&"\'\u202e|`*.pcap'
const before = report({ findings: [finding()], file: HOSTILE })

function verification(
  fresh = report(),
  expectations: Outcome[] = [],
  inconclusiveAllowed = false,
): Verification {
  const comparison = compareReports(before, fresh)
  return {
    comparison,
    fresh: sideOf(fresh),
    expectations,
    result: resultOf(comparison, expectations),
    inconclusiveAllowed,
  }
}

const fixed = report({ legs: [leg({ answered: durations([72, 73, 30]) })], file: HOSTILE })
// eslint-disable-next-line no-control-regex
const OBEYED = /[\u001b\u202e]/
const plain = { width: null, colour: false, utf8: true }

describe('text', () => {
  it('begins with the answer', () => {
    expect(verificationText(verification(fixed), plain)[0]).toMatch(/^fixed {3}idle-timeout cut/)
    expect(verificationText(verification(before), plain)[0]).toMatch(/^not fixed {3}/)
    expect(verificationText(verification(), plain)[0]).toMatch(/^not enough evidence yet {3}/)
  })

  it('names the test, its author and its probability', () => {
    const text = verificationText(verification(fixed), plain).join('')
    expect(text).toContain('(Fisher’s exact test, 1935)')
    expect(text).toContain('0 of 30 requests that waited 60.00 s or more were cut, 16 of 16 before')
  })

  it('says the word where the evidence is short', () => {
    expect(verificationText(verification(), plain).at(-1)).toMatch(/^inconclusive: exit status 1/)
    expect(verificationText(verification(report(), [], true), plain).at(-1)).toMatch(/^inconclusive, which/)
  })

  it('stays within the width and shows control characters instead of obeying them', () => {
    const lines = verificationText(verification(fixed), { width: 60, colour: false, utf8: true })
    expect(Math.max(...lines.map((line) => line.trimEnd().length))).toBeLessThanOrEqual(60)
    expect(lines.join('')).toContain('\\x1b')
    expect(OBEYED.test(lines.join(''))).toBe(false)
  })
})

describe('exit', () => {
  it('is 0 only when all holds, or when inconclusive is allowed', () => {
    const open: Outcome = { rule: 'no refused', outcome: 'inconclusive', because: '', numbers: {} }
    const fails: Outcome = { ...open, outcome: 'fails' }
    expect(passed(verification(fixed))).toBe(true)
    expect(passed(verification(fixed, [open]))).toBe(false)
    expect(passed(verification(fixed, [open], true))).toBe(true)
    expect(passed(verification(fixed, [open, fails], true))).toBe(false)
    expect(passed(verification(before, [], true))).toBe(false)
  })
})

describe('JSON', () => {
  it('keeps tiny probabilities and holds no character that a terminal obeys', () => {
    const text = verificationJson(verification(fixed))
    const { causes, answer } = JSON.parse(text) as { causes: { p: number }[]; answer: string }
    expect(answer).toBe('fixed')
    expect(causes[0]?.p).toBeGreaterThan(0)
    expect(causes[0]?.p).toBeLessThan(1e-9)
    expect(OBEYED.test(text)).toBe(false)
  })
})

describe('JUnit', () => {
  const open: Outcome = { rule: 'timer a.b>=1', outcome: 'inconclusive', because: '<&>', numbers: {} }

  it('escapes everything', () => {
    const xml = verificationJunit(verification(fixed, [open]))
    expect(xml).not.toMatch(/<script/)
    expect(xml).not.toMatch(OBEYED)
    expect(xml).toContain('name="timer a.b&gt;=1"')
    expect(xml).toContain('<failure type="inconclusive" message="inconclusive: &lt;&amp;&gt;"/>')
    expect(xml).toContain('tests="2" failures="1" errors="0" skipped="0"')
  })

  it('skips what is allowed', () => {
    const xml = verificationJunit(verification(fixed, [open], true))
    expect(xml).toContain('<skipped message="inconclusive: &lt;&amp;&gt;"/>')
    expect(xml).toContain('tests="2" failures="0" errors="0" skipped="1"')
  })
})

describe('Markdown', () => {
  it('has the answer as its title and names nothing bare that a renderer acts upon', () => {
    const text = verificationMarkdown(verification(fixed))
    expect(text).toMatch(/^# Fixed\n/)
    expect(text).not.toMatch(OBEYED)
    expect(
      text
        .split('\n')
        .filter((line) => line.includes('<script>'))
        .every((line) => /`[^`]*<script>/.test(line)),
    ).toBe(true)
  })
})

describe('the picture', () => {
  it('holds both distributions and no markup of a packet', async () => {
    const { distributionsOf } = await import('../../src/verify/distribution.js')
    const comparison = compareReports(before, fixed)
    const [cause] = comparison.causes
    if (cause === undefined) throw new Error('no cause')
    const distributions = distributionsOf(cause, before.exposure?.legs ?? [], fixed.exposure?.legs ?? [])
    expect(distributions?.before.reduce((sum, { failed }) => sum + failed, 0)).toBe(16)
    expect(distributions?.after.reduce((sum, { well }) => sum + well, 0)).toBe(30)
    const side = { name: 'before', caption: HOSTILE, flow: `${HOSTILE} is not drawn` }
    const svg = await drawPicture({
      ...{ answer: comparison.answer, because: comparison.because },
      ...{ before: side, after: { ...side, name: 'fresh' }, distributions },
    })
    expect(svg).not.toMatch(/<script/)
    expect(svg).not.toMatch(OBEYED)
    expect(svg).toContain('>16<')
    expect(svg).toContain('ended before at 60 s')
    expect(svg.match(/<\/svg>/g)).toHaveLength(1)
  })

  it('calls nothing a success where failures are counted among the others', async () => {
    const { distributionsOf } = await import('../../src/verify/distribution.js')
    const tunnels = finding({ phase: 'tunnel', count: 8 })
    const dialled = finding({ class: 'connect-timeout', phase: 'connecting', count: 8 })
    const legs = [leg({ tunnels: durations([60, 61, 8]), ages: durations([60, 61, 8]) })]
    for (const one of [tunnels, dialled]) {
      const old = report({ findings: [one], legs })
      const { answer, because, causes } = compareReports(old, old)
      if (causes[0] === undefined) throw new Error('no cause')
      const distributions = distributionsOf(causes[0], legs, legs)
      expect(distributions?.before.reduce((sum, { well, failed }) => sum + well + failed, 0)).toBe(8)
      const side = { name: 'before', caption: '', flow: 'not drawn' }
      const svg = await drawPicture({ answer, because, before: side, after: side, distributions })
      expect(svg).not.toContain('went well')
      expect(svg).toContain(': 8</title>')
    }
  })
})
