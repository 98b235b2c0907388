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

/** Whether a lies before b, modulo 2^32; at the greatest distance both lie before each other, as with Wireshark. */
export function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0
}
