import { ACK, FIN, RST, SYN } from '../decode/segments.js'
import * as zeek from './zeek-sides.js'

/**
 * Moves side `i` (and sometimes its peer) on after a segment with these flags, as Zeek's TCP session adapter does.
 * `originator`: the side opened the connection. Returns true when SYN and SYN-ACK came swapped and the roles have to be.
 */
export function enterNext(
  sides: zeek.ZeekSides,
  i: number,
  originator: boolean,
  flags: number,
  payload: number,
): boolean {
  switch (sides.state[i]) {
    case zeek.ZEEK_INACTIVE:
      return leaveInactive(sides, i, originator, flags, payload)
    case zeek.ZEEK_SYN_SENT:
    case zeek.ZEEK_SYN_ACK_SENT:
      if (flags & FIN) sides.enter(i, zeek.ZEEK_CLOSED)
      if (flags & RST) sides.enter(i, zeek.ZEEK_RESET)
      return false
    case zeek.ZEEK_CLOSED:
      // After both FINs a RST changes nothing.
      if (flags & RST && sides.state[i ^ 1] !== zeek.ZEEK_CLOSED) sides.enter(i, zeek.ZEEK_RESET)
      return false
    case zeek.ZEEK_RESET:
      return false
    default:
      leaveEstablished(sides, i, flags)
      return false
  }
}

function leaveInactive(
  sides: zeek.ZeekSides,
  i: number,
  originator: boolean,
  flags: number,
  payload: number,
): boolean {
  const peer = i ^ 1
  let swapped = false
  if (flags & SYN && originator) {
    sides.enter(i, flags & ACK ? zeek.ZEEK_SYN_ACK_SENT : zeek.ZEEK_SYN_SENT)
  } else if (flags & SYN) {
    swapped = !(flags & ACK) && sides.state[peer] === zeek.ZEEK_SYN_ACK_SENT
    if (swapped || sides.state[peer] === zeek.ZEEK_SYN_SENT) sides.enter(peer, zeek.ZEEK_ESTABLISHED)
    sides.enter(i, zeek.ZEEK_ESTABLISHED)
  }
  if (flags & FIN) sides.enter(i, zeek.ZEEK_CLOSED)
  if (flags & RST) sides.enter(i, zeek.ZEEK_RESET)
  if (sides.state[i] !== zeek.ZEEK_INACTIVE) return swapped
  // Some stacks acknowledge a SYN before they answer it.
  if (!originator && payload === 0 && sides.state[peer] === zeek.ZEEK_SYN_SENT) return false
  const joins = flags & ACK && sides.state[peer] === zeek.ZEEK_ESTABLISHED
  sides.enter(i, joins ? zeek.ZEEK_ESTABLISHED : zeek.ZEEK_PARTIAL)
  return false
}

/** From ESTABLISHED or PARTIAL. */
function leaveEstablished(sides: zeek.ZeekSides, i: number, flags: number): void {
  const peer = i ^ 1
  const lateSyn = (flags & (SYN | ACK)) === SYN && sides.state[i] === zeek.ZEEK_PARTIAL
  if (lateSyn && sides.state[peer] === zeek.ZEEK_INACTIVE) sides.enter(i, zeek.ZEEK_SYN_SENT)
  if (flags & FIN && !(flags & RST)) {
    sides.enter(i, zeek.ZEEK_CLOSED)
    // The peer sent FIN and then RST: an ordinary end after all.
    const wasClosed = sides.state[peer] === zeek.ZEEK_RESET && sides.previous[peer] === zeek.ZEEK_CLOSED
    if (wasClosed) sides.enter(peer, zeek.ZEEK_CLOSED)
  }
  if (flags & RST) sides.enter(i, zeek.ZEEK_RESET)
}
