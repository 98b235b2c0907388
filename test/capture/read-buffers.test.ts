/** Buffers that captures share one after the other: nothing of one is ever read as another's. */
import { expect, test } from 'vitest'
import { CaptureReader } from '../../src/capture/capture-reader.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { ROOM } from '../../src/capture/policy.js'
import { BufferPool } from '../../src/capture/read-buffers.js'
import { RunClock } from '../../src/capture/run-clock.js'
import { AddressTable } from '../../src/decode/addresses.js'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'

const PACKETS = ladderPackets(`
  flow a 10.0.0.2:1 > 10.0.0.3:2
  0 a > S
  1 a < S.
  2 a > .
  3 a > P. len 10 times 200 every 0.001`)

function reader(pool: BufferPool, from: number, to: number): CaptureReader {
  const source = new MemorySource(ladderFile(PACKETS.slice(from, to)), `${from}.pcap`)
  return new CaptureReader(source, { pool, addresses: new AddressTable(), clock: new RunClock() })
}

async function rows(one: CaptureReader): Promise<number> {
  let count = 0
  while (await one.next()) count += one.batch.length
  return count
}

test('the next capture is read into the buffers of the one before, which keeps what is told of it', async () => {
  const pool = new BufferPool()
  const buffers = pool.take()
  pool.giveBack(buffers)
  const first = reader(pool, 0, 4)
  expect(await rows(first)).toBe(4)
  const second = reader(pool, 4, 9)
  expect(await second.next()).toBe(true)
  expect(second.batch).toBe(buffers.batch)
  // Whoever asks the first for more gets nothing, and takes nothing of the second.
  expect(await first.next()).toBe(false)
  expect(first.batch.length).toBe(0)
  expect(second.batch.length + (await rows(second))).toBe(5)
  expect(first.facts()).toMatchObject({ frames: 4, path: '0.pcap', truncated: false, damage: null })
  expect(second.facts()).toMatchObject({ frames: 5, path: '4.pcap', truncated: false, damage: null })
})

test('captures that are read by turns have buffers of their own', async () => {
  const pool = new BufferPool()
  const [one, other] = [reader(pool, 0, 4), reader(pool, 4, 9)]
  expect([await one.next(), await other.next()]).toEqual([true, true])
  expect(one.batch).not.toBe(other.batch)
  expect([one.batch.length, other.batch.length]).toEqual([4, 5])
})

test('a look at the beginning ends in the middle, and is a small one', async () => {
  const pool = new BufferPool(64)
  const look = reader(pool, 0, PACKETS.length)
  expect(await look.next(true)).toBe(true)
  expect(look.batch.capacity).toBe(64)
  const { firstNs } = look
  look.close()
  expect(look.facts()).toMatchObject({ firstNs, truncated: false })
  const next = reader(pool, 2, PACKETS.length)
  expect(await rows(next)).toBe(PACKETS.length - 2)
})

test('buffers that a long record has made larger are not kept', () => {
  const pool = new BufferPool()
  const large = pool.take()
  large.chunk.makeRoom(ROOM + 1)
  pool.giveBack(large)
  expect(pool.take()).not.toBe(large)
  const usual = pool.take()
  usual.chunk.makeRoom(ROOM)
  pool.giveBack(usual)
  expect(pool.take()).toBe(usual)
})
