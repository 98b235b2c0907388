import { CR, HTAB, hexDigit, LF, SP } from './octets.js'
import { MAX_CHUNK_LINE_BYTES, MAX_TRAILER_BYTES } from './policy.js'

/** What a byte of chunk framing led to. */
export type ChunkStep =
  'more' | 'data' /* `size` bytes and CRLF follow */ | 'end' /* of the whole body */ | 'broken'

/** More hexadecimal digits than this are no length (2^52). */
const MAX_DIGITS = 13

/** Reads chunk-size lines and trailers byte by byte; the data between them never reaches it. */
export class ChunkScanner {
  size = 0
  /** What was read cannot be chunk framing. */
  broken = false
  private state: 'digits' | 'extension' | 'line-feed' | 'trailer' = 'digits'
  private digits = 0
  private bytes = 0
  private column = 0

  /** Takes the next byte of a chunk-size line or of the trailers. Lines must end with CRLF: readers disagree about any other end. */
  step(byte: number): ChunkStep {
    const step = this.read(byte)
    if (step === 'broken') this.broken = true
    return step
  }

  private read(byte: number): ChunkStep {
    this.bytes++
    if (this.state === 'trailer') return this.trailer(byte)
    if (this.bytes > MAX_CHUNK_LINE_BYTES) return 'broken'
    if (this.state === 'line-feed') return byte === LF ? this.lineEnded() : 'broken'
    if (byte === CR) {
      if (this.digits === 0) return 'broken'
      this.state = 'line-feed'
      return 'more'
    }
    if (byte === LF || byte === 0) return 'broken'
    if (this.state === 'extension') return 'more'
    const digit = hexDigit(byte)
    if (digit >= 0) {
      this.size = this.size * 16 + digit
      return ++this.digits > MAX_DIGITS ? 'broken' : 'more'
    }
    if (this.digits === 0 || (byte !== 59 /* ; */ && byte !== SP && byte !== HTAB)) return 'broken'
    this.state = 'extension'
    return 'more'
  }

  /** Makes ready for the first or the next chunk. */
  restart(): void {
    this.state = 'digits'
    this.size = this.digits = this.bytes = this.column = 0
  }

  private lineEnded(): ChunkStep {
    if (this.size > 0) return 'data'
    this.state = 'trailer'
    this.bytes = this.column = 0
    return 'more'
  }

  private trailer(byte: number): ChunkStep {
    if (byte === LF) {
      if (this.column === 0) return 'end'
      this.column = 0
    } else if (byte !== CR) this.column++
    return this.bytes > MAX_TRAILER_BYTES ? 'broken' : 'more'
  }
}

/**
 * Whether a segment's payload of `length` bytes, of which [at, end) are at hand, begins with a chunk-size line whose chunk
 * fits the segment, or with the last chunk.
 */
export function beginsWithChunk(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  let size = 0
  let i = at
  for (; i < end && i - at < 8; i++) {
    const digit = hexDigit(bytes[i])
    if (digit < 0) break
    size = size * 16 + digit
  }
  if (i === at || i + 1 >= end || bytes[i] !== CR || bytes[i + 1] !== LF) return false
  i += 2
  const chunkEnd = i + size
  if (chunkEnd + 2 > at + length) return false
  return (chunkEnd >= end || bytes[chunkEnd] === CR) && (chunkEnd + 1 >= end || bytes[chunkEnd + 1] === LF)
}
