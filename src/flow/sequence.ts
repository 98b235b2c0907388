/**
 * Distance from sequence number b to a, modulo 2^32: positive when a is after b (RFC 9293, section 3.4).
 * Right for distances below 2^31.
 */
export function seqDelta(a: number, b: number): number {
  return (a - b) | 0
}

/** Sequence number n bytes after seq. */
export function seqAdd(seq: number, n: number): number {
  return (seq + n) >>> 0
}
