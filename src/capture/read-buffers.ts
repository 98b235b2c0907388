import { LARGEST_DATAGRAM } from '../decode/annex.js'
import { SegmentBatch } from '../decode/segments.js'
import { Chunk } from './format.js'

/** Bytes of records that a capture begins with: one that waits for its turn among others has seen only its beginning. */
export const FIRST_ROOM = 64 * 1024
/** Bytes of records in memory at a time; grows only for a longer record, up to a pcapng block of 16 MiB. */
export const ROOM = 1024 * 1024
/** Room for datagrams put together from fragments. */
const ANNEX = 2 * LARGEST_DATAGRAM

/** Segments that are handed on together. */
const ROWS = 4096
/** Enough for whoever only wants to know when a capture begins. */
export const ROWS_OF_A_LOOK = 64
/** Captures rarely overlap with more than one or two others; buffers beyond this are not kept for the next ones. */
const KEPT = 4

/** What a capture is read into: the bytes of its records, and their segments. */
export interface ReadBuffers {
  readonly chunk: Chunk
  readonly batch: SegmentBatch
}

/**
 * Buffers for captures that are read one after the other. Of thousands of small files most of the time would go into clearing a megabyte
 * for each, and into giving it back.
 */
export class BufferPool {
  readonly #free: ReadBuffers[] = []

  /** @param rows segments that a batch holds */
  constructor(private readonly rows = ROWS) {}

  /** Buffers with nothing in them. */
  take(): ReadBuffers {
    const { rows } = this
    return this.#free.pop() ?? { chunk: new Chunk(FIRST_ROOM, ANNEX), batch: new SegmentBatch(rows) }
  }

  /** Nobody reads them any more. Those that a long record has made larger are let go. */
  giveBack(buffers: ReadBuffers): void {
    if (this.#free.length >= KEPT || buffers.chunk.room > ROOM) return
    buffers.chunk.empty()
    this.#free.push(buffers)
  }
}
