import { grown, nextCapacity } from './growable.js'

/** Zeek's endpoint states, in `ZeekSides.state`. */
export const ZEEK_INACTIVE = 0
export const ZEEK_SYN_SENT = 1
export const ZEEK_SYN_ACK_SENT = 2
/** Spoke without having sent a SYN. */
export const ZEEK_PARTIAL = 3
export const ZEEK_ESTABLISHED = 4
export const ZEEK_CLOSED = 5 /* sent a FIN */
export const ZEEK_RESET = 6 /* sent a RST */

/** What Zeek remembers of each end of a connection, at flow * 2 + side: enough for its `history` and `conn_state`. */
export class ZeekSides {
  private capacity = 512
  state = new Uint8Array(512)
  previous = new Uint8Array(512)
  /** Sequence number that relative numbers count from, and the highest one after a segment. */
  startSeq = new Uint32Array(512)
  lastSeq = new Uint32Array(512)
  /** Letters that are written once, by bit. */
  written = new Uint8Array(512)
  /** Relative sequence numbers of the latest SYN, FIN and RST that were written. */
  synSeq = new Uint32Array(512)
  finSeq = new Uint32Array(512)
  rstSeq = new Uint32Array(512)
  retransmissions = new Uint32Array(512)
  zeroWindows = new Uint32Array(512)
  gaps = new Uint32Array(512)

  /** Makes room for `flow`. */
  reserve(flow: number): void {
    if (flow * 2 + 1 < this.capacity) return
    const n = nextCapacity(this.capacity / 2) * 2
    this.capacity = n
    this.state = grown(this.state, n)
    this.previous = grown(this.previous, n)
    this.startSeq = grown(this.startSeq, n)
    this.lastSeq = grown(this.lastSeq, n)
    this.written = grown(this.written, n)
    this.synSeq = grown(this.synSeq, n)
    this.finSeq = grown(this.finSeq, n)
    this.rstSeq = grown(this.rstSeq, n)
    this.retransmissions = grown(this.retransmissions, n)
    this.zeroWindows = grown(this.zeroWindows, n)
    this.gaps = grown(this.gaps, n)
  }

  /** Empties the two rows of `flow`. */
  clear(flow: number): void {
    for (let i = flow * 2; i <= flow * 2 + 1; i++) {
      this.state[i] = 0
      this.previous[i] = 0
      this.startSeq[i] = 0
      this.lastSeq[i] = 0
      this.written[i] = 0
      this.synSeq[i] = 0
      this.finSeq[i] = 0
      this.rstSeq[i] = 0
      this.retransmissions[i] = 0
      this.zeroWindows[i] = 0
      this.gaps[i] = 0
    }
  }

  /** Enters a state, remembering the one before. */
  enter(i: number, state: number): void {
    if (this.state[i] === state) return
    this.previous[i] = this.state[i]
    this.state[i] = state
  }
}
