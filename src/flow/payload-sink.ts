/** Receives payload in sequence order. The exchange floor implements it; the flow floor knows nothing of its meaning. */
export interface PayloadSink {
  /**
   * New payload of one side, in order. `length` is the length on the wire, of which `captured` bytes stand at `at`.
   * Returns whether a message (request or response) begins in it.
   */
  payload(
    flow: number,
    side: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
    length: number,
    seq: number,
    frame: number,
    timeNs: number,
  ): boolean
  /** `length` bytes of the side's stream will never be seen. */
  gap(flow: number, side: number, length: number): void
  /** The flow is done with; its number will be given to another one. */
  forget?(flow: number): void
}
