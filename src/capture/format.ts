import type { FrameSink } from './frame-sink.js'

/** The part of a capture that is in memory: one buffer for the whole file, its unread part moved to the front before more is read. */
export class Chunk {
  /** Next byte to read; beyond `end` when a reader skips what it doesn't need to see. */
  at = 0
  /** One past the last byte that has come in. */
  end = 0
  bytes: Uint8Array
  view: DataView

  /** @param room bytes of records it holds; `annex` bytes more behind them are the decoder's */
  constructor(
    room: number,
    readonly annex: number,
  ) {
    this.bytes = new Uint8Array(room + annex)
    this.view = new DataView(this.bytes.buffer)
  }

  /** Bytes of records the chunk can hold. */
  get room(): number {
    return Math.max(0, this.bytes.length - this.annex)
  }

  /** Forgets what is in it. */
  empty(): void {
    this.at = this.end = 0
  }

  /** Moves the unread part to the front and makes room for `wanted` bytes in all. */
  makeRoom(wanted: number): void {
    const rest = this.bytes.subarray(Math.min(this.at, this.end), this.end)
    if (wanted > this.room) {
      const larger = new Uint8Array(wanted + this.annex)
      larger.set(rest)
      this.bytes = larger
      this.view = new DataView(larger.buffer)
    } else if (this.at > 0) {
      this.bytes.copyWithin(0, this.at, this.end)
    }
    this.at = Math.max(0, this.at - this.end)
    this.end = rest.length
  }
}

/** One interface as a format reader knows it. */
export interface CaptureInterface {
  readonly name: string | null
  readonly linkType: number
  /** 0: no limit. */
  readonly snaplen: number
  /** null: not told. */
  dropped: number | null
}

/** Reads the records of one file format. */
export interface FormatReader {
  readonly format: string
  readonly interfaces: readonly CaptureInterface[]
  /** The file header has been read and makes sense. */
  readonly started: boolean
  /** Bytes the record at `chunk.at` needs to be read; 0: not known yet, more than there are. */
  readonly wanted: number
  /** What is wrong with the record at `chunk.at`; null: nothing. After damage there is nothing more to read. */
  readonly damage: string | null
  /** Files that follow each other in the source; missing: 1, or nothing to be told of. */
  readonly files?: number
  /** Blocks of decryption secrets; missing: the format has none. */
  readonly secretBlocks?: number
  /** Frames the file itself says were lost; null: it doesn't say. */
  readonly dropped: number | null
  /** Reads whole records until the sink is full, the rest is only part of a record, or there is damage; moves `chunk.at`. */
  read(chunk: Chunk, sink: FrameSink): void
}
