/** sFlow version 5 (sflow.org): a datagram of samples, some of which hold the first bytes of a sampled frame. */
import { u32 } from './big-endian.js'

const FLOW_SAMPLE = 1
const EXPANDED_FLOW_SAMPLE = 3
const RAW_PACKET_HEADER = 1
const ETHERNET_HEADER = 1

/** Walks through the sampled Ethernet frames of one datagram; one object serves all datagrams. */
export class SampleWalk {
  /** The sampled frame: its first byte, one past its last sampled byte, one past its last byte as it was sent. */
  frameAt = 0
  frameEnd = 0
  wireEnd = 0
  #end = 0
  /** The next sample, and the next record in the current one. */
  #sample = 0
  #record = 0
  #recordsEnd = 0

  /** Takes the sFlow datagram `bytes[at, end)`. */
  begin(bytes: Uint8Array, at: number, end: number): void {
    this.#end = end
    this.#record = this.#recordsEnd = end
    this.#sample = end
    if (at + 28 > end || u32(bytes, at) !== 5) return
    // The agent's address is IPv4 (type 1) or IPv6.
    this.#sample = at + 28 + (u32(bytes, at + 4) === 2 ? 12 : 0)
  }

  /** Goes to the next sampled frame; false when there are no more. */
  next(bytes: Uint8Array): boolean {
    for (;;) {
      while (this.#record + 8 <= this.#recordsEnd) {
        const record = this.#record
        this.#record = record + 8 + u32(bytes, record + 4)
        if (this.#isFrame(bytes, record)) return true
      }
      if (!this.#nextSample(bytes)) return false
    }
  }

  #nextSample(bytes: Uint8Array): boolean {
    const sample = this.#sample
    if (sample + 8 > this.#end) return false
    const format = u32(bytes, sample)
    this.#sample = sample + 8 + u32(bytes, sample + 4)
    this.#recordsEnd = Math.min(this.#sample, this.#end)
    this.#record = this.#recordsEnd
    if (format === FLOW_SAMPLE) this.#record = sample + 40
    if (format === EXPANDED_FLOW_SAMPLE) this.#record = sample + 52
    return true
  }

  #isFrame(bytes: Uint8Array, record: number): boolean {
    const end = Math.min(this.#record, this.#recordsEnd)
    if (u32(bytes, record) !== RAW_PACKET_HEADER || record + 24 > end) return false
    if (u32(bytes, record + 8) !== ETHERNET_HEADER) return false
    this.frameAt = record + 24
    this.frameEnd = Math.min(end, this.frameAt + u32(bytes, record + 20))
    this.wireEnd = this.frameAt + Math.max(u32(bytes, record + 12), this.frameEnd - this.frameAt)
    return true
  }
}
