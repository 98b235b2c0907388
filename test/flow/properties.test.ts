import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OPEN, tracked } from '../helpers/tracked.js'

const RUNS = { seed: 20260121, numRuns: 60 }

/** Pieces of `text`, each with its relative sequence number. */
function pieces(text: string, lengths: readonly number[]): { seq: number; text: string }[] {
  const all: { seq: number; text: string }[] = []
  let at = 0
  for (const length of lengths) {
    if (at >= text.length) break
    all.push({ seq: 1 + at, text: text.slice(at, at + length) })
    at += length
  }
  if (at < text.length) all.push({ seq: 1 + at, text: text.slice(at) })
  return all
}

/** Moves every element at most `window` places, by keys. */
function shuffledWithin<T>(list: readonly T[], keys: readonly number[], window: number): T[] {
  return list
    .map((item, n) => ({ item, key: n + (keys[n % keys.length] ?? 0) * window }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

const TEXT = Array.from({ length: 400 }, (_, n) => String.fromCharCode(97 + (n % 26))).join('')

describe('laws', () => {
  test('any order within a window delivers the same bytes', async () => {
    const keys = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 })
    const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(lengths, keys, fc.integer({ min: 0, max: 20 }), async (sizes, order, window) => {
        const segments = shuffledWithin(pieces(TEXT, sizes), order, window)
        const lines = segments.map(({ seq, text }) => `a < P. seq ${seq} '${text}'`)
        expect((await tracked(OPEN + lines.join('\n'))).delivered[1]).toBe(TEXT)
      }),
      RUNS,
    )
  })

  test('repeats and overlaps change nothing', async () => {
    const cut = fc.record({ from: fc.nat(399), length: fc.integer({ min: 1, max: 60 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 20 }), async (repeats) => {
        const lines = pieces(TEXT, Array<number>(40).fill(10)).map(({ seq, text }, n) => {
          const extra = repeats[n]
          const line = `a < P. seq ${seq} '${text}'`
          if (extra === undefined) return line
          const part = TEXT.slice(extra.from, extra.from + extra.length)
          return `${line}\na < P. seq ${1 + extra.from} '${part}'`
        })
        expect((await tracked(OPEN + lines.join('\n'))).delivered[1]).toBe(TEXT)
      }),
      RUNS,
    )
  })

  const line = fc
    .tuple(
      fc.constantFrom('>', '<'),
      fc.constantFrom('S', 'S.', '.', 'P.', 'F.', 'R', 'R.', '-', 'FSR.', 'P'),
      fc.constantFrom(0, 1, 2, 1460),
      fc.option(fc.constantFrom(0, 1, 500, 70_000, 2 ** 31, 2 ** 32 - 1), { nil: null }),
      fc.option(fc.constantFrom(0, 1, 500, 70_000, 2 ** 31, 2 ** 32 - 1), { nil: null }),
      fc.constantFrom(0, 1, 500),
    )
    .map(([way, flags, length, seq, ack, window]) => {
      const payload = length > 0 ? ` len ${length}` : ''
      const numbers = `${seq === null ? '' : ` seq ${seq}`}${ack === null ? '' : ` ack ${ack}`}`
      return `a ${way} ${flags}${payload}${numbers} win ${window}`
    })

  test('any segments at all: nothing throws, little is kept, all is counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 150 }), async (lines) => {
        const { store, streams, marks } = await tracked(
          ['flow a 10.0.0.2:1 > 10.0.0.3:2', ...lines].join('\n'),
        )
        expect(streams).toHaveLength(lines.length)
        expect(marks).toHaveLength(lines.length)
        expect(store.reassemblies.size).toBe(0)
        const flows = store.flows.frames.slice(0, store.flows.count)
        const copies = store.flows.copies.slice(0, store.flows.count)
        expect([...flows, ...copies].reduce((a, b) => a + b, 0)).toBe(lines.length)
      }),
      RUNS,
    )
  })

  test('either ISN may be anything: streams, marks and history stay', async () => {
    const isn = fc.nat(2 ** 32 - 1)
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), isn, isn, async (lines, client, server) => {
        // Absolute zeroes mean something to the analysis; a ladder's numbers are relative.
        const plain = lines
          .map((one) => one.replace(/ (seq|ack) \d+/g, ''))
          .filter((one) => !/ (R|-|P) /.test(one))
        const text = (isns: string): string =>
          [`flow a 10.0.0.2:1 > 10.0.0.3:2 isn ${isns}`, 'a > S', 'a < S.', ...plain].join('\n')
        const one = await tracked(text('1000/5000'))
        const other = await tracked(text(`${Math.max(client, 1)}/${Math.max(server, 1)}`))
        expect(other.streams).toEqual(one.streams)
        expect(other.zeek()).toBe(one.zeek())
        expect(other.delivered).toEqual(one.delivered)
      }),
      RUNS,
    )
  })
})
