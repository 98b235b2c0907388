import { grown } from './growable.js'
import { COUNTED_STEPS, COUNT_SLACK, COUNT_STEP } from './policy.js'

/** What tells whether a RST comes from where its side's other packets come from: one row per side, as in `SideColumns`. */
export class OriginColumns {
  /** IP ID of the latest segment with payload or plain ACK, and segments of the side when these IDs began to count up; 0: none yet. */
  ipId: Uint16Array
  ipIdSince: Uint32Array
  /** First RST: its window field as it stands in the header, its IP ID, and that of the side's segment before it. */
  rstWindow: Uint16Array
  rstIpId: Uint16Array
  rstIpIdBefore: Uint16Array
  /** TSval of its first SYN or SYN-ACK and of its first FIN (RFC 7323); 0: none. */
  synStamp: Uint32Array
  finStamp: Uint32Array

  constructor(rows: number) {
    this.ipId = new Uint16Array(rows)
    this.ipIdSince = new Uint32Array(rows)
    this.rstWindow = new Uint16Array(rows)
    this.rstIpId = new Uint16Array(rows)
    this.rstIpIdBefore = new Uint16Array(rows)
    this.synStamp = new Uint32Array(rows)
    this.finStamp = new Uint32Array(rows)
  }

  grow(rows: number): void {
    this.ipId = grown(this.ipId, rows)
    this.ipIdSince = grown(this.ipIdSince, rows)
    this.rstWindow = grown(this.rstWindow, rows)
    this.rstIpId = grown(this.rstIpId, rows)
    this.rstIpIdBefore = grown(this.rstIpIdBefore, rows)
    this.synStamp = grown(this.synStamp, rows)
    this.finStamp = grown(this.finStamp, rows)
  }

  clear(i: number): void {
    this.ipId[i] = 0
    this.ipIdSince[i] = 0
    this.rstWindow[i] = 0
    this.rstIpId[i] = 0
    this.rstIpIdBefore[i] = 0
    this.synStamp[i] = 0
    this.finStamp[i] = 0
  }

  /** A segment of side `i`, its `segments`-th, has this IP ID: notes it, and whether these IDs go on counting up. */
  noteIpId(i: number, ipId: number, segments: number): void {
    const step = (ipId - this.ipId[i]) & 0xffff
    if (step === 0 || step > COUNT_STEP || this.ipIdSince[i] === 0) this.ipIdSince[i] = segments
    this.ipId[i] = ipId
  }

  /** The side's first RST; `segments` came before it. Returns whether its IP ID is out of the count that its side keeps (reference: B7, IP-ID). */
  noteRst(i: number, ipId: number, window: number, segments: number): boolean {
    this.rstWindow[i] = window
    this.rstIpId[i] = ipId
    this.rstIpIdBefore[i] = this.ipId[i]
    const since = this.ipIdSince[i]
    const step = (ipId - this.ipId[i]) & 0xffff
    return since > 0 && segments - since >= COUNTED_STEPS && (step === 0 || step > COUNT_SLACK)
  }
}
