/**
 * What Wireshark's TCP analysis says of a segment (its `tcp.analysis.…` fields), as bits, and the one mark that is ours:
 * a segment recorded twice is a `duplicate_capture` and nothing else.
 */
export const MARK_BITS = {
  retransmission: 1 << 0,
  fast_retransmission: 1 << 1,
  spurious_retransmission: 1 << 2,
  out_of_order: 1 << 3,
  lost_segment: 1 << 4,
  ack_lost_segment: 1 << 5,
  keep_alive: 1 << 6,
  keep_alive_ack: 1 << 7,
  zero_window: 1 << 8,
  zero_window_probe: 1 << 9,
  zero_window_probe_ack: 1 << 10,
  window_full: 1 << 11,
  window_update: 1 << 12,
  duplicate_ack: 1 << 13,
  reused_ports: 1 << 14,
  duplicate_capture: 1 << 15,
} as const

/** Name of a mark, as in tshark's field names. */
export type MarkName = keyof typeof MARK_BITS

/** All names, in the order of their bits. */
export const MARK_NAMES = Object.keys(MARK_BITS) as readonly MarkName[]

const texts = new Map<number, string>([[0, '']])

/** Marks as text: names, separated by commas; empty when there are none. */
export function marksText(marks: number): string {
  let text = texts.get(marks)
  if (text === undefined) {
    text = MARK_NAMES.filter((name) => marks & MARK_BITS[name]).join(',')
    texts.set(marks, text)
  }
  return text
}
