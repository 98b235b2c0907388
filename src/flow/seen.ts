import {
  FIN,
  ODD_HEADER_CUT,
  PACKET_TYPE_OUTGOING,
  PACKET_TYPE_UNKNOWN,
  RST,
  SYN,
  type SegmentBatch,
} from '../decode/segments.js'
import { hasTimestamps } from './options.js'
import { seqDelta } from './sequence.js'
import {
  SIDE_INCOMING,
  SIDE_OUTGOING,
  SIDE_TIMESTAMPS,
  SIDE_TTL_VARIES,
  type SideColumns,
} from './side-columns.js'

/** Notes what every segment tells of its side: that it came, which way it passed the capturing host, its TTL, what had been sent before. */
export function noteSeen(sides: SideColumns, batch: SegmentBatch, row: number, i: number): void {
  sides.lastFrame[i] = batch.frame[row]
  sides.lastNs[i] = batch.timeNs[row]
  sides.segments[i]++
  const type = batch.packetType[row]
  // A RST may not be the side's own: it tells the side's way only where nothing else does.
  const told = sides.state[i] & (SIDE_OUTGOING | SIDE_INCOMING) && batch.flags[row] & RST
  if (told) return
  if (type === PACKET_TYPE_OUTGOING) sides.state[i] |= SIDE_OUTGOING
  else if (type !== PACKET_TYPE_UNKNOWN) sides.state[i] |= SIDE_INCOMING
  if (batch.flags[row] & SYN) sides.synTtl[i] = batch.ttl[row]
  if (batch.flags[row] & (SYN | RST)) return
  const bare = batch.payloadLength[row] === 0 && !(batch.flags[row] & FIN)
  if (bare && seqDelta(batch.seq[row], sides.nextSeq[i]) > 0) sides.sentTo[i] = batch.seq[row]
  const whole = !(batch.odd[row] & ODD_HEADER_CUT)
  if (whole && !(sides.state[i] & SIDE_TIMESTAMPS) && hasTimestamps(batch, row))
    sides.state[i] |= SIDE_TIMESTAMPS
  sides.origin.noteIpId(i, batch.ipId[row], sides.segments[i])
  if (sides.ttl[i] === 0) sides.ttl[i] = batch.ttl[row]
  else if (sides.ttl[i] !== batch.ttl[row]) sides.state[i] |= SIDE_TTL_VARIES
}
