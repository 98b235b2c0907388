import { LARGEST_DATAGRAM } from '../decode/annex.js'
import { SegmentBatch } from '../decode/segments.js'
import { Chunk } from './format.js'
import { BUFFERS_KEPT, FIRST_ROOM, ROOM, ROWS } from './policy.js'

/** Room for datagrams put together from fragments. */
const ANNEX = 2 * LARGEST_DATAGRAM

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
    if (this.#free.length >= BUFFERS_KEPT || buffers.chunk.room > ROOM) return
    buffers.chunk.empty()
    this.#free.push(buffers)
  }
}
