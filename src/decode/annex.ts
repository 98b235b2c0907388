/** Largest IP datagram, with the IP header and extension headers kept before it. */
export const LARGEST_DATAGRAM = 65_535 + 512

/**
 * Room behind the records of a chunk, for bytes that are in no record as they are: datagrams put together from fragments or decompressed.
 * What is placed there is good as long as the batch that points at it.
 */
export class Annex {
  /** First free byte. */
  at = 0
  /** Something was placed, and another datagram may not fit: the batch has to be handed on first. */
  full = false

  /** Begins anew at `at`. */
  begin(at: number): void {
    this.at = at
    this.full = false
  }

  /** Takes `length` bytes of the chunk; returns where they begin, or −1 when there is no room. */
  take(bytes: Uint8Array, length: number): number {
    const at = this.at
    if (at + length > bytes.length) return -1
    this.at = at + length
    this.full = this.at + LARGEST_DATAGRAM > bytes.length
    return at
  }
}
