/** Where the bytes of a capture come from: a file, standard input, memory, a browser's File. Read once, front to back. */
export interface ByteSource {
  /** The name the user knows it by; `-` for standard input. */
  readonly path: string
  /** Bytes in all; null when nobody can tell (pipes, compressed data). */
  readonly size: number | null
  /**
   * Reads the next bytes into `into[at, at + length)`; returns how many came, 0 only at the end. A source may answer at once or
   * with a promise. Throws CaptureError when the source can't be read.
   */
  read(into: Uint8Array, at: number, length: number): number | Promise<number>
  /** Lets go of the source; may be called more than once. */
  close(): void
  /** Makes the next read begin at the start again, also after `close`; until then nothing is held. Missing: it can be read only once. */
  readonly rewind?: (() => void) | undefined
}
