import { AddressTable } from '../decode/addresses.js'
import { CaptureReader } from './capture-reader.js'
import { ROWS_OF_A_LOOK } from './policy.js'
import { BufferPool } from './read-buffers.js'
import { RunClock } from './run-clock.js'
import type { ByteSource } from './source.js'

/**
 * When captures begin, in nanoseconds after the first of them that holds a frame; null for one that holds none or cannot be read.
 * Closes the sources.
 */
export async function firstMoments(sources: Iterable<ByteSource>): Promise<(number | null)[]> {
  const clock = new RunClock()
  const pool = new BufferPool(ROWS_OF_A_LOOK)
  const found: (number | null)[] = []
  for (const source of sources) found.push(await firstMoment(source, clock, pool))
  return found
}

async function firstMoment(source: ByteSource, clock: RunClock, pool: BufferPool): Promise<number | null> {
  const reader = new CaptureReader(source, { pool, addresses: new AddressTable(), clock })
  try {
    await reader.next(true)
    return reader.firstNs
  } catch {
    // Whoever reads it will say what is wrong.
    return null
  } finally {
    reader.close()
  }
}
