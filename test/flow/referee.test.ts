/**
 * Connections made up at random, with every kind of nonsense, as the installed tshark marks them. Skipped where there is no tshark; with
 * one other than 4.0 its rules are those of 4.4, and other versions may differ.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MARK_NAMES } from '../../src/flow/marks.js'
import { ladder } from '../helpers/ladder.js'
import { tracked } from '../helpers/tracked.js'

const NAMES = MARK_NAMES.filter((name) => name !== 'duplicate_capture')
const FLOWS = 20
const LINES = 1500

function tsharkVersion(): string {
  try {
    return (
      /\d+\.\d+/.exec(
        execFileSync('tshark', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
      )?.[0] ?? ''
    )
  } catch {
    return ''
  }
}

/** A repeatable source of numbers below n (xorshift). */
function numbers(seed: number): (n: number) => number {
  let x = seed
  return (n) => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % n
  }
}

function madeUpLadder(seed: number): string {
  const next = numbers(seed)
  const of = <T>(list: readonly T[]): T => list[next(list.length)] as T
  const lines: string[] = []
  for (let f = 0; f < FLOWS; f++) {
    lines.push(`flow f${f} 10.0.${f}.2:4000 > 10.0.0.3:80${of(['', ' wscale 2/3'])}${of(['', ' ts'])}`)
    if (next(4) > 0) lines.push(`f${f} > S`, `+0.00${1 + next(9)} f${f} < S.`, `+0.001 f${f} > .`)
  }
  for (let n = 0; n < LINES; n++) {
    const flags = of(['S', 'S.', '.', '.', '.', 'P.', 'P.', 'P.', 'F.', 'R', 'R.', 'FP.', '-', 'S', 'P'])
    const words = [`+${of([0, 0.0001, 0.001, 0.01, 0.03])} f${next(FLOWS)} ${of(['>', '<'])} ${flags}`]
    if (/P|F|-/.test(flags) && next(4) > 0) words.push(`len ${of([1, 1, 2, 10, 20, 100])}`)
    const kind = next(10)
    if (kind === 0 && !flags.includes('S')) words.push(`seq ${1 + next(60)}`)
    else if (kind === 1) words.push('again')
    else if (kind === 2 && flags === '.') words.push('probe')
    if (flags.includes('.') && next(6) === 0) words.push(`ack ${1 + next(120)}`)
    if (next(5) === 0) words.push(`win ${of([0, 0, 5, 10, 502])}`)
    if (next(6) === 0) words.push('unseen')
    if (/^[.PF]+$/.test(flags) && flags.includes('.') && next(8) === 0)
      words.push(`sack ${10 + next(20)}-${40 + next(30)}`)
    lines.push(words.join(' '))
  }
  return lines.join('\n')
}

/** Stream and marks of each frame, by tshark. */
function refereed(bytes: Uint8Array): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'pcap-why-'))
  try {
    const file = join(folder, 'made-up.pcap')
    writeFileSync(file, bytes)
    const fields = ['tcp.stream', ...NAMES.map((name) => `tcp.analysis.${name}`)].flatMap((name) => [
      '-e',
      name,
    ])
    const text = execFileSync('tshark', ['-r', file, '-n', '-T', 'fields', ...fields], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString()
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [stream, ...marks] = line.split('\t')
        return `${stream} ${NAMES.filter((_, n) => (marks[n] ?? '') !== '').join(',')}`
      })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(tsharkVersion() !== '4.0')('made-up connections, as tshark marks them', () => {
  test.each([1, 22, 333])('seed %i', async (seed) => {
    const bytes = ladder(madeUpLadder(seed))
    const { streams, marks } = await tracked([bytes], { rules: '4.0', keepCopies: true })
    expect(marks.map((mark, n) => `${streams[n]} ${mark}`)).toEqual(refereed(bytes))
  })
})
