import { ACK, FIN, RST, SYN } from '../decode/segments.js'
import { HISTORY_LENGTH, type FlowColumns } from './flow-columns.js'
import type { SideColumns } from './side-columns.js'

const ONCE_ACK = 1
const ONCE_DATA = 2
const ONCE_FIN_RST = 4
const ONCE_MULTI = 8
const LOWER_CASE = 32

/** Writes one of Zeek's history letters; upper case when the flow's first sender is meant. */
function write(flows: FlowColumns, flow: number, side: number, letter: string): void {
  const length = flows.historyLength[flow]
  if (length === HISTORY_LENGTH) return
  const code = letter.charCodeAt(0)
  flows.history[flow * HISTORY_LENGTH + length] = side === 0 ? code - LOWER_CASE : code
  flows.historyLength[flow] = length + 1
}

function once(
  flows: FlowColumns,
  sides: SideColumns,
  flow: number,
  side: number,
  bit: number,
  letter: string,
): void {
  const i = flow * 2 + side
  if (sides.historyBits[i] & bit) return
  sides.historyBits[i] |= bit
  write(flows, flow, side, letter)
}

/**
 * Notes a segment in the flow's history, in Zeek's letters: s SYN, h SYN-ACK, a plain ACK, d payload, f FIN, r RST, i FIN with RST,
 * q other mixtures. `repeated`: a SYN, FIN or RST that was seen before; `payload`: new payload bytes.
 */
export function noteHistory(
  flows: FlowColumns,
  sides: SideColumns,
  flow: number,
  side: number,
  flags: number,
  payload: number,
  repeated: boolean,
): void {
  const control = flags & (SYN | FIN | RST)
  if (control === 0) {
    if (payload > 0) once(flows, sides, flow, side, ONCE_DATA, 'd')
    else if (flags & ACK) once(flows, sides, flow, side, ONCE_ACK, 'a')
    return
  }
  if (control === SYN) {
    if (!repeated) write(flows, flow, side, flags & ACK ? 'h' : 's')
  } else if (control === FIN) {
    if (!repeated) write(flows, flow, side, 'f')
  } else if (control === RST) {
    if (!repeated) write(flows, flow, side, 'r')
  } else if (control === (FIN | RST)) once(flows, sides, flow, side, ONCE_FIN_RST, 'i')
  else once(flows, sides, flow, side, ONCE_MULTI, 'q')
}

/** Counts retransmissions and zero windows the way Zeek does: on the 1st, 10th, 100th … occurrence. */
export function noteHistoryCount(
  flows: FlowColumns,
  flow: number,
  side: number,
  letter: 't' | 'w' | 'g',
  count: number,
): void {
  if (count === 1 || count === 10 || count === 100 || count === 1000) write(flows, flow, side, letter)
}

/** The flow's history as text; empty when nothing was noted. */
export function historyText(flows: FlowColumns, flow: number): string {
  const start = flow * HISTORY_LENGTH
  return String.fromCharCode(...flows.history.subarray(start, start + flows.historyLength[flow]))
}
