/** Hostile captures cost no more than their size: twice as much of the same takes about twice the time, not four times. */
import { describe, expect, it, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { CaptureError } from '../../src/errors.js'
import {
  enhancedPacket,
  interfaceDescription,
  pcapngBlock,
  pcapngOption,
  sectionHeader,
} from '../helpers/capture-bytes.js'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'
import { concat, linkFrame } from '../helpers/packet-bytes.js'

/** A quadratic run takes 4 times as long; the machine may be busy with other things meanwhile. */
const MOST_RATIO = 3
const TRIES = 4

const [PACKET] = ladderPackets('flow a 10.0.0.2:1 > 10.0.0.3:2\n0 a > S')
const SYN = { timeNs: 0n, bytes: linkFrame(PACKET, 'EN10MB') }

/** CPU milliseconds of an analysis. */
async function cost(bytes: Uint8Array): Promise<number> {
  const before = process.cpuUsage()
  await analyze([new MemorySource(bytes, 'hostile')], { all: true })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const storm = (interfaces: number): Uint8Array => {
  const idb = interfaceDescription(1, 0, [pcapngOption(2, [...Buffer.from('eth0')])])
  const packets = Array.from({ length: interfaces }, (_, i) =>
    enhancedPacket({ ...SYN, interfaceId: interfaces - 1 - i }, BigInt(i)),
  )
  return concat(sectionHeader(), ...Array.from({ length: interfaces }, () => idb), ...packets)
}

const options = (blocks: number): Uint8Array => {
  const many = Array.from({ length: 2000 }, () => pcapngOption(1, []))
  return concat(
    sectionHeader(),
    ...Array.from({ length: blocks }, () => interfaceDescription(1, 0, many)),
    enhancedPacket(SYN, 1n),
  )
}

const tiny = (flows: number): Uint8Array => {
  const packets = Array.from({ length: flows }, (_, i) => {
    const bytes = PACKET.bytes.slice()
    const view = new DataView(bytes.buffer)
    view.setUint16(20, i & 0xffff)
    view.setUint8(14, i >> 16)
    return { ...PACKET, bytes }
  })
  return ladderFile(packets)
}

const sections = (count: number): Uint8Array => {
  const one = concat(sectionHeader(), interfaceDescription(1, 0, []), enhancedPacket(SYN, 1n))
  return concat(...Array.from({ length: count }, () => one))
}

describe('twice as much takes twice as long', () => {
  it.each<[string, (n: number) => Uint8Array, number]>([
    ['interfaces, each with a packet', storm, 6000],
    ['options in interface blocks', options, 60],
    ['connections of one packet', tiny, 3000],
    ['sections', sections, 10_000],
  ])('%s', async (_, make, n) => {
    const [once, twice] = [make(n), make(2 * n)]
    await cost(once)
    let best = Infinity
    for (let tries = 0; tries < TRIES && best > MOST_RATIO; tries++)
      best = Math.min(best, (await cost(twice)) / Math.max(20, await cost(once)))
    expect(best).toBeLessThan(MOST_RATIO)
  })
})

describe('numbers at their limits', () => {
  const outcome = async (bytes: Uint8Array): Promise<string> => {
    try {
      const { captures } = await analyze([new MemorySource(bytes, 'hostile')], { all: true })
      return `${captures[0].frames} frames`
    } catch (error) {
      if (error instanceof CaptureError) return 'refused'
      throw error
    }
  }

  test.each([0, 1, 9, 19, 20, 127, 128, 255])(
    'a time resolution of %i, times of 0 and of 2^64 - 1',
    async (resolution) => {
      const idb = interfaceDescription(1, 0, [pcapngOption(9, [resolution])])
      const packets = [0n, (1n << 64n) - 1n, 1n].map((ticks) => enhancedPacket(SYN, ticks))
      expect(await outcome(concat(sectionHeader(), idb, ...packets))).toBe('3 frames')
    },
  )

  test.each([0, 4, 12, 0x7fff_fffc, 0xffff_fffc, 0xffff_ffff])(
    'a block that says it has %i bytes',
    async (length) => {
      const block = pcapngBlock(6, new Uint8Array(40))
      new DataView(block.buffer).setUint32(4, length, true)
      const before = process.memoryUsage().arrayBuffers
      const file = concat(sectionHeader(), interfaceDescription(1, 0, []), enhancedPacket(SYN, 1n), block)
      expect(await outcome(file)).toBe('1 frames')
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6)
    },
  )
})
