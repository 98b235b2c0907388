import { AddressTable } from '../decode/addresses.js'
import type { SegmentBatch } from '../decode/segments.js'
import type { CaptureFacts } from './capture-facts.js'
import { CaptureReader } from './capture-reader.js'
import { RunClock } from './run-clock.js'
import type { ByteSource } from './source.js'

/**
 * Takes the segments `from` to `to` (exclusive) of a batch. The batch is good until the call returns. Captures that follow each other
 * in time (rotation) share a `vantage`; one that begins while another goes on was taken elsewhere and has a vantage of its own.
 */
export type OnSegments = (
  batch: SegmentBatch,
  from: number,
  to: number,
  capture: number,
  vantage: number,
) => void

export interface ReadOptions {
  /** Told after each read: bytes of all sources so far, and in all (null: nobody knows). Compressed bytes where a file is compressed. */
  readonly onProgress?: (bytesRead: number, totalBytes: number | null) => void
  /** Set to have reading end early; what was read stands. */
  readonly signal?: { readonly aborted: boolean }
  /** The run's clock, for whoever needs its epoch before the reading is over. */
  readonly clock?: RunClock
  /** Texts of addresses, for whoever needs them before the reading is over. */
  readonly addresses?: AddressTable
  /** Told before the first segments when the first capture begins (nanoseconds of the run; 0 when it holds no frame). */
  readonly onStart?: (firstNs: number) => void
  /** Time goes on where the clock of a capture was set back; otherwise frames have the times of the file, whatever they are. */
  readonly steadyTime?: boolean
}

/** Everything that reading the captures of a run has brought, apart from the segments. */
export interface CapturesRead {
  /** In the order of the sources. */
  readonly captures: readonly CaptureFacts[]
  /** Texts of the addresses in the batches. */
  readonly addresses: AddressTable
  /** Nanoseconds since 1970 of time 0: the first frame of the first capture that has any. */
  readonly epochNs: bigint
}

/**
 * Reads captures front to back and hands on their TCP segments. One capture keeps its file order; several are merged by time (each keeps
 * its own order), the earlier source first where times are equal. Memory is bounded: a few MiB for each capture being read, half
 * a MiB for one whose time has not come, next to nothing for one that is done. Closes the sources. Throws CaptureError when one can't be read at all.
 */
export async function readCaptures(
  sources: readonly ByteSource[],
  onSegments: OnSegments,
  options: ReadOptions = {},
): Promise<CapturesRead> {
  const addresses = options.addresses ?? new AddressTable()
  const clock = options.clock ?? new RunClock()
  const total = sources.reduce<number | null>(
    (sum, { size }) => (sum === null || size === null ? null : sum + size),
    0,
  )
  let bytesRead = 0
  const onBytes = (count: number): void => {
    bytesRead += count
    options.onProgress?.(bytesRead, total)
  }
  const readers = sources.map(
    (source) => new CaptureReader(source, addresses, clock, onBytes, options.signal, options.steadyTime),
  )
  try {
    if (readers.length === 1) await readOne(readers[0], onSegments, options)
    else await merge(readers, onSegments, options)
    return { captures: readers.map((reader) => reader.facts()), addresses, epochNs: clock.epochNs }
  } finally {
    for (const reader of readers) reader.close()
  }
}

async function readOne(reader: CaptureReader, onSegments: OnSegments, options: ReadOptions): Promise<void> {
  let begun = false
  while (options.signal?.aborted !== true) {
    const more = reader.next()
    if (!(typeof more === 'boolean' ? more : await more)) return
    if (!begun) options.onStart?.(reader.firstNs ?? 0)
    begun = true
    onSegments(reader.batch, 0, reader.batch.length, 0, 0)
  }
}

/** A capture in a merge: its batch is used up to row `next`. */
interface Lane {
  readonly reader: CaptureReader
  readonly capture: number
  next: number
  /** Time before which no more segments are to be expected from it. */
  headNs: number
  /** Number of the place it was taken at; null until its first segment is handed on. */
  vantage: number | null
}

async function merge(
  readers: readonly CaptureReader[],
  onSegments: OnSegments,
  options: ReadOptions,
): Promise<void> {
  let lanes: Lane[] = []
  let vantages = 0
  /** Places whose capture has ended, the latest last: the next file of a rotation goes on there. */
  const ended: number[] = []
  for (const [capture, reader] of readers.entries()) {
    const lane = { reader, capture, next: 0, headNs: 0, vantage: null }
    if (await advance(lane, true)) lanes.push(lane)
  }
  options.onStart?.(readers[0]?.firstNs ?? 0)
  while (lanes.length > 0 && options.signal?.aborted !== true) {
    const first = lanes.reduce((a, b) => (b.headNs < a.headNs ? b : a))
    const { batch } = first.reader
    if (first.next < batch.length) {
      const limits = lanes.filter((lane) => lane !== first)
      const to = runEnd(first, limits)
      first.vantage ??= ended.pop() ?? vantages++
      onSegments(batch, first.next, to, first.capture, first.vantage)
      first.next = to
      if (to < batch.length) {
        first.headNs = batch.timeNs[to]
        continue
      }
    }
    if (!(await advance(first, false))) {
      lanes = lanes.filter((lane) => lane !== first)
      if (first.vantage !== null) ended.push(first.vantage)
    }
  }
}

/** Reads on in a lane whose rows are used up; false at its end. */
async function advance(lane: Lane, firstFrame: boolean): Promise<boolean> {
  if (!(await lane.reader.next(firstFrame))) return false
  lane.next = 0
  const { batch, lastNs } = lane.reader
  lane.headNs = batch.length > 0 ? batch.timeNs[0] : (lastNs ?? -Infinity)
  return true
}

/** First row that has to wait for another lane. The row at the lane's head never has to. */
function runEnd(lane: Lane, others: readonly Lane[]): number {
  const { batch } = lane.reader
  let row = lane.next + 1
  let limit = Infinity
  let yields = false
  for (const other of others) {
    if (other.headNs < limit || (other.headNs === limit && other.capture < lane.capture)) {
      limit = other.headNs
      yields = other.capture < lane.capture
    }
  }
  while (row < batch.length && (batch.timeNs[row] < limit || (batch.timeNs[row] === limit && !yields))) row++
  return row
}
