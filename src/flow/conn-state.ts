import type { FlowColumns } from './flow-columns.js'
import { historyText } from './history.js'
import * as zeek from './zeek-sides.js'

/** Zeek's one-word summaries of a connection (`conn_state` in conn.log). */
export type ConnState =
  'S0' | 'S1' | 'SF' | 'REJ' | 'S2' | 'S3' | 'RSTO' | 'RSTR' | 'RSTOS0' | 'RSTRH' | 'SH' | 'SHR' | 'OTH'

/** A SYN of the originator, then its RST, and no sign of an answer or a handshake in between. */
const RESET_AFTER_SYN = /^\^?S[^HAFGIQ]*R/

/** The flow's `conn_state`; the order of the tests is Zeek's. */
export function connState(flows: FlowColumns, sides: zeek.ZeekSides, flow: number): ConnState {
  const originator = flow * 2 + flows.originator[flow]
  const os = sides.state[originator]
  const rs = sides.state[originator ^ 1]
  const inactive = (state: number): boolean => state === zeek.ZEEK_INACTIVE || state === zeek.ZEEK_PARTIAL
  if (rs === zeek.ZEEK_RESET) return afterResponderReset(sides, originator)
  if (os === zeek.ZEEK_RESET) {
    if (!inactive(rs)) return 'RSTO'
    return RESET_AFTER_SYN.test(historyText(flows, flow)) ? 'RSTOS0' : 'OTH'
  }
  if (os === zeek.ZEEK_CLOSED && rs === zeek.ZEEK_CLOSED) return 'SF'
  if (os === zeek.ZEEK_CLOSED) return inactive(rs) ? 'SH' : 'S2'
  if (rs === zeek.ZEEK_CLOSED) return inactive(os) ? 'SHR' : 'S3'
  if (os === zeek.ZEEK_SYN_SENT && rs === zeek.ZEEK_INACTIVE) return 'S0'
  if (os === zeek.ZEEK_ESTABLISHED && rs === zeek.ZEEK_ESTABLISHED) return 'S1'
  return 'OTH'
}

function afterResponderReset(sides: zeek.ZeekSides, originator: number): ConnState {
  const os = sides.state[originator]
  if (os === zeek.ZEEK_SYN_SENT || os === zeek.ZEEK_SYN_ACK_SENT) return 'REJ'
  if (os === zeek.ZEEK_RESET && sentBytes(sides, originator) === 0 && sentBytes(sides, originator ^ 1) === 0)
    return 'REJ'
  return os === zeek.ZEEK_INACTIVE || os === zeek.ZEEK_PARTIAL ? 'RSTRH' : 'RSTR'
}

/** Payload bytes by sequence numbers, the SYN's left out. */
function sentBytes(sides: zeek.ZeekSides, i: number): number {
  const size = (sides.lastSeq[i] - sides.startSeq[i]) >>> 0
  return size === 0 ? 0 : size - 1
}
