import { ACK, SYN, type SegmentBatch } from '../decode/segments.js'
import { grown } from './growable.js'
import { isLikelyResponder } from './likely-servers.js'
import { EPHEMERAL_FROM } from './policy.js'

/**
 * Tells the client of each flow by the flow's first segment, so that segments can be listed while they are read: a SYN's sender, the
 * receiver of a SYN-ACK, else the end with the ephemeral port, else the end that is not at a well-known port, else the sender.
 */
export class SegmentSides {
  /** The client's side of a flow, plus 1; 0 = not known yet. */
  private clients = new Uint8Array(1024)

  /** Whether side `side` of `flow`, the sender of the segment, is the client. */
  isClient(batch: SegmentBatch, row: number, flow: number, side: number): boolean {
    if (flow >= this.clients.length)
      this.clients = grown(this.clients, Math.max(flow + 1, this.clients.length * 2))
    if (this.clients[flow] === 0) this.clients[flow] = (this.senderIsClient(batch, row) ? side : side ^ 1) + 1
    return this.clients[flow] - 1 === side
  }

  private senderIsClient(batch: SegmentBatch, row: number): boolean {
    const flags = batch.flags[row]
    if (flags & SYN) return !(flags & ACK)
    const source = batch.sourcePort[row]
    const destination = batch.destinationPort[row]
    if (source >= EPHEMERAL_FROM !== destination >= EPHEMERAL_FROM) return source >= EPHEMERAL_FROM
    return !isLikelyResponder(source, destination, false)
  }
}
