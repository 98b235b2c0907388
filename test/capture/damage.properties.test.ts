import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../src/capture/memory-source.js'
import { readCaptures } from '../../src/capture/read-captures.js'
import { CaptureError } from '../../src/errors.js'
import { ladder, ladderPackets } from '../helpers/ladder.js'
import { pcapFile } from '../helpers/capture-bytes.js'
import { TUNNELS } from '../helpers/tunnels.js'

const TEXT = `
  flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts wscale 7
  flow b [fd00::2]:40123 > [fd00::3]:8000
  0 a > S
  a < S.
  b > S
  a > P. 'hello'
  a < icmp 3/1
  a > F.`

const packet = ladderPackets(TEXT)[3].bytes
const bases: readonly Uint8Array[] = [
  ladder(TEXT),
  ladder(TEXT, { bigEndian: true, nanoseconds: true, link: 'LINUX_SLL2' }),
  ladder(TEXT, { modified: true, snaplen: 80, vlans: [1, 2] }),
  ladder(TEXT, { format: 'pcapng', nanoseconds: true }),
  ladder(TEXT, { format: 'snoop' }),
  ...TUNNELS.map((tunnel) =>
    pcapFile([{ timeNs: 0n, bytes: tunnel.frame(packet) }], { linkType: tunnel.linkType }),
  ),
]

/** Reads whatever it is; every row must stay within its chunk, and nothing but CaptureError may come out. */
async function survives(bytes: Uint8Array, step = Infinity): Promise<void> {
  try {
    await readCaptures([new MemorySource(bytes, 'x', step)], (batch, from, to) => {
      for (let i = from; i < to; i++) {
        const end = batch.payloadAt[i] + batch.payloadCaptured[i]
        if (end > batch.bytes.length || batch.payloadCaptured[i] > batch.payloadLength[i]) {
          throw new Error(`row ${i} points beyond its bytes`)
        }
        if (batch.bytes.length > 4 * 1024 * 1024) throw new Error('the buffer grew')
      }
    })
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    expect(error.message).not.toContain('\n')
  }
}

const base = fc.constantFrom(...bases)
const budget = { seed: 20260121, numRuns: 400 }

describe('nothing but CaptureError, and an end', () => {
  test('cut anywhere', () =>
    fc.assert(
      fc.asyncProperty(base, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, part) =>
        survives(bytes.subarray(0, Math.floor(bytes.length * part))),
      ),
      budget,
    ))

  test('bits flipped', () =>
    fc.assert(
      fc.asyncProperty(
        base,
        fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 8 }),
        (bytes, flips) => {
          const copy = bytes.slice()
          for (const [at, bit] of flips) copy[at % copy.length] ^= 1 << bit
          return survives(copy)
        },
      ),
      { ...budget, numRuns: 3000 },
    ))

  test('lengths and other words that lie', () => {
    const word = fc.constantFrom(0, 1, 3, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff)
    return fc.assert(
      fc.asyncProperty(base, fc.nat(), word, fc.boolean(), (bytes, place, value, little) => {
        const copy = bytes.slice()
        new DataView(copy.buffer).setUint32(place % (copy.length - 3), value, little)
        return survives(copy)
      }),
      { ...budget, numRuns: 3000 },
    )
  })

  test('any bytes after a good header, in reads of any size', () =>
    fc.assert(
      fc.asyncProperty(
        base,
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (bytes, rest, step) => {
          const copy = new Uint8Array(24 + rest.length)
          copy.set(bytes.subarray(0, 24))
          copy.set(rest, 24)
          return survives(copy, step)
        },
      ),
      budget,
    ))
})
