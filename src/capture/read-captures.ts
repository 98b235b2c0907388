import { AddressTable } from '../decode/addresses.js'
import type { FrameNumbers } from '../decode/frame-numbers.js'
import type { CaptureFacts } from './capture-facts.js'
import { CaptureReader } from './capture-reader.js'
import { CaptureMerge, type OnSegments } from './merge-captures.js'
import { ROWS_OF_A_LOOK } from './policy.js'
import { BufferPool } from './read-buffers.js'
import { RunClock } from './run-clock.js'
import { SteadyClock } from './steady-clock.js'
import type { ByteSource } from './source.js'

export type { OnSegments } from './merge-captures.js'

/** What a caller may choose about the reading. */
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
  /** With `steadyTime`: by source, how far its clock is ahead of the one that times are given by, nanoseconds; a missing one counts as 0. */
  readonly aheadNs?: readonly number[]
  /** Several captures: no two frames get the same number; without, each has its file's. */
  readonly numbers?: FrameNumbers
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
 * its own order), the earlier source first where times are equal. Memory is bounded: a few MiB for each capture being read, next to
 * nothing for one that is done and for one whose time has not come (half a MiB if it can be read only once). Closes the sources. Throws
 * CaptureError when one can't be read at all.
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
  const [pool, looks] = [new BufferPool(), new BufferPool(ROWS_OF_A_LOOK)]
  const open = (capture: number, whole: boolean): CaptureReader => {
    const { numbers, signal } = options
    const steadyClock = options.steadyTime === true ? new SteadyClock(options.aheadNs?.[capture]) : null
    const parts = { clock, steadyClock, signal }
    if (!whole)
      return new CaptureReader(sources[capture], { ...parts, pool: looks, addresses: new AddressTable() })
    const lane = sources.length > 1 ? (numbers?.lane(capture) ?? null) : null
    return new CaptureReader(sources[capture], { ...parts, pool, addresses, lane, onBytes })
  }
  const { onStart, signal } = options
  const merge = new CaptureMerge({
    sources,
    open,
    onSegments,
    ...(onStart && { onStart }),
    ...(signal && { signal }),
  })
  try {
    const captures =
      sources.length === 1 ? [await readOne(open(0, true), onSegments, options)] : await merge.run()
    return { captures, addresses, epochNs: clock.epochNs }
  } finally {
    merge.close()
    for (const source of sources) source.close()
  }
}

async function readOne(
  reader: CaptureReader,
  onSegments: OnSegments,
  options: ReadOptions,
): Promise<CaptureFacts> {
  let begun = false
  try {
    while (options.signal?.aborted !== true) {
      const more = reader.next()
      if (!(typeof more === 'boolean' ? more : await more)) break
      if (!begun) options.onStart?.(reader.firstNs ?? 0)
      begun = true
      onSegments(reader.batch, 0, reader.batch.length, 0, 0)
    }
    return reader.facts()
  } finally {
    reader.close()
  }
}
