/** Captures that are read together: by time, each in its own order. */
import type { SegmentBatch } from '../decode/segments.js'
import type { CaptureFacts } from './capture-facts.js'
import type { CaptureReader } from './capture-reader.js'
import type { ByteSource } from './source.js'
import { Vantages } from './vantages.js'

/**
 * Takes the segments `from` to `to` (exclusive) of a batch. The batch is good until the call returns. Captures that follow each other
 * in time (rotation) share a `vantage`; one that begins while another goes on was taken elsewhere and has a vantage of its own, and so has
 * one whose name shows that it is of another rotation.
 */
export type OnSegments = (
  batch: SegmentBatch,
  from: number,
  to: number,
  capture: number,
  vantage: number,
) => void

/** What merging needs to know. */
export interface MergeParts {
  readonly sources: readonly ByteSource[]
  /** A reader of a capture: to the end (`whole`), or only to see when it begins. */
  readonly open: (capture: number, whole: boolean) => CaptureReader
  readonly onSegments: OnSegments
  /** Told before the first segments when the first capture begins, in nanoseconds of the run; 0 when it holds no frame. */
  readonly onStart?: (firstNs: number) => void
  readonly signal?: { readonly aborted: boolean }
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

/** A moment of a capture at which another may have to go first. */
type Head = Pick<Lane, 'headNs' | 'capture'>

/**
 * One run through all sources. A source that can be begun anew is looked at once for its first frame and let go of until its time has
 * come: of thousands of rotated files only those that overlap in time take memory and a place among the open files.
 */
export class CaptureMerge {
  readonly #parts: MergeParts
  readonly #readers = new Set<CaptureReader>()
  readonly #facts: (() => CaptureFacts)[] = []
  /** Captures whose time has not come, the next one last. */
  #waiting: Head[] = []
  #lanes: Lane[] = []
  #vantages = new Vantages([])

  constructor(parts: MergeParts) {
    this.#parts = parts
  }

  /** Reads everything; gives the facts of the captures in the order of the sources. Throws CaptureError. */
  async run(): Promise<CaptureFacts[]> {
    const { sources, onStart, signal } = this.#parts
    let firstNs: number | null = null
    for (let capture = 0; capture < sources.length; capture++) {
      const begins = await this.#begin(capture)
      if (capture === 0) firstNs = begins
    }
    this.#waiting.sort((a, b) => (before(a, b) ? 1 : -1))
    this.#vantages = new Vantages(this.#begun())
    onStart?.(firstNs ?? 0)
    while (signal?.aborted !== true && (await this.#step()));
    return this.#facts.map((facts) => facts())
  }

  /** Lets go of everything. */
  close(): void {
    for (const reader of this.#readers) reader.close()
  }

  /** Reads the beginning of a capture; gives the time of its first frame, null when it holds none. */
  async #begin(capture: number): Promise<number | null> {
    const source = this.#parts.sources[capture]
    if (source.rewind === undefined) return this.#join(capture)
    const reader = this.#parts.open(capture, false)
    try {
      const more = await reader.next(true)
      const facts = reader.facts()
      this.#facts[capture] = () => facts
      if (more) this.#waiting.push({ capture, headNs: reader.firstNs ?? -Infinity })
      return reader.firstNs
    } finally {
      reader.close()
      source.rewind()
    }
  }

  /** The captures that hold anything, in the order in which they begin. */
  #begun(): { capture: number; path: string }[] {
    return [...this.#lanes, ...this.#waiting]
      .sort((a, b) => (before(a, b) ? -1 : 1))
      .map(({ capture }) => ({ capture, path: this.#parts.sources[capture].path }))
  }

  /** Makes a lane of a capture, unless it is empty; gives the time of its first frame. */
  async #join(capture: number): Promise<number | null> {
    const reader = this.#parts.open(capture, true)
    this.#readers.add(reader)
    this.#facts[capture] = () => reader.facts()
    const lane = { reader, capture, next: 0, headNs: 0, vantage: null }
    if (await advance(lane, true)) this.#lanes.push(lane)
    else this.#leave(reader, capture)
    return reader.firstNs
  }

  /** Keeps of a capture that has been read only what is told of it. */
  #leave(reader: CaptureReader, capture: number): void {
    const facts = reader.facts()
    this.#facts[capture] = () => facts
    this.#readers.delete(reader)
    reader.close()
  }

  /** Hands on what comes next in time; false when there is nothing left. */
  async #step(): Promise<boolean> {
    const next = this.#waiting.at(-1)
    const first = this.#lanes.reduce<Lane | null>((a, b) => (a === null || before(b, a) ? b : a), null)
    if (next !== undefined && (first === null || before(next, first))) {
      this.#waiting.pop()
      await this.#join(next.capture)
      return true
    }
    if (first === null) return false
    const { batch } = first.reader
    if (first.next < batch.length) {
      const others: Head[] = this.#lanes.filter((lane) => lane !== first)
      const to = runEnd(first, next === undefined ? others : [...others, next])
      first.vantage ??= this.#vantages.begin(first.capture)
      this.#parts.onSegments(batch, first.next, to, first.capture, first.vantage)
      first.next = to
      if (to < batch.length) {
        first.headNs = batch.timeNs[to]
        return true
      }
    }
    if (!(await advance(first, false))) {
      this.#lanes = this.#lanes.filter((lane) => lane !== first)
      if (first.vantage !== null) this.#vantages.end(first.capture, first.vantage)
      this.#leave(first.reader, first.capture)
    }
    return true
  }
}

/** Whether `a` goes first; at equal times the capture that was named first does. */
function before(a: Head, b: Head): boolean {
  return a.headNs < b.headNs || (a.headNs === b.headNs && a.capture < b.capture)
}

/** Reads on in a lane whose rows are used up; false at its end. */
async function advance(lane: Lane, firstFrame: boolean): Promise<boolean> {
  if (!(await lane.reader.next(firstFrame))) return false
  lane.next = 0
  const { batch, lastNs } = lane.reader
  lane.headNs = batch.length > 0 ? batch.timeNs[0] : (lastNs ?? -Infinity)
  return true
}

/** First row that has to wait for another capture. The row at the lane's head never has to. */
function runEnd(lane: Lane, others: readonly Head[]): number {
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
