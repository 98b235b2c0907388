/** The tests that a RST was not sent by the end it names; each with its weight, what it measured, and the frame that shows it. */
import { otherSide, type FlowFacts, type RstFact, type SideFacts } from '../../facts/flow-facts.js'
import { seqDelta } from '../../flow/sequence.js'
import type { Evidence, Side } from '../../result.js'
import { livedOn } from '../lived-on.js'
import { policy } from '../policy.js'
import { span } from '../wording.js'
import { NETSCALER_REASONS } from './middlebox-reset-codes.js'

/** A test that the RST did not pass. */
export interface ForgedMark extends Evidence {
  /** Of `policy`: forgedDecisive, forgedStrong or forgedWeak. */
  readonly weight: number
}

type Test = (facts: FlowFacts, by: Side, rst: RstFact, elsewhere: readonly FlowFacts[]) => ForgedMark | null

/**
 * What speaks against the named sender of this side's first RST, in the order of the tests.
 * @param elsewhere the same connection at other capture points
 */
export function forgedMarks(facts: FlowFacts, by: Side, elsewhere: readonly FlowFacts[]): ForgedMark[] {
  const { rst } = facts.sides[by]
  if (rst === null || facts.standing.phase === 'connecting') return []
  return TESTS.map((test) => test(facts, by, rst, elsewhere)).filter((mark) => mark !== null)
}

/** Sum of the weights. */
export function weightOf(marks: readonly ForgedMark[]): number {
  return marks.reduce((sum, { weight }) => sum + weight, 0)
}

/** A path with one TTL; a SYN-ACK is compared apart, because load balancers answer SYNs in the server's place. */
const ttl: Test = (facts, by, rst) => {
  const side = facts.sides[by]
  if (side.ttl === 0) {
    if (side.synTtl === 0 || Math.abs(rst.ttl - side.synTtl) < policy.foreignTtl) return null
    const text = `its TTL is ${rst.ttl}, the only other segment of that side, its SYN, has ${side.synTtl}`
    return { frame: rst.frame, text, weight: policy.forgedWeak }
  }
  if (side.ttlVaries || Math.abs(rst.ttl - side.ttl) < policy.foreignTtl) return null
  // A RST with the TTL of the SYN comes from whoever answered that: the end itself, or what stands in for it.
  const asSyn = side.synTtl !== 0 && rst.ttl === side.synTtl
  // Nobody writes 1 who wants to pass for another: it is to die at the next router.
  if (rst.ttl === 1) {
    const text = `its TTL is 1, so that it does not get far, all other segments of that side have ${side.ttl}: HAProxy's silent-drop resets like that where it may not do it without a packet`
    return { frame: rst.frame, text, weight: policy.forgedWeak }
  }
  return {
    frame: rst.frame,
    text: asSyn
      ? `its TTL is ${rst.ttl} like that of the SYN, all other segments of that side have ${side.ttl}`
      : `its TTL is ${rst.ttl}, all other segments of that side have ${side.ttl}`,
    weight: asSyn ? policy.forgedWeak : policy.forgedStrong,
  }
}

const form: Test = (facts, by, rst) => {
  if (rst.form !== 'unknown' || !rst.withAck || !rst.windowZero || !rst.unstamped) return null
  const text = 'its form is foreign (ACK with window 0, no timestamps although the flow has them)'
  // Windows resets like that, and counts its TTL down from 128.
  const { above, upTo } = policy.windowsTtl
  const { ttl } = facts.sides[by]
  const own = ttl > above && ttl <= upTo
  return { frame: rst.frame, text, weight: own ? policy.forgedWeak : policy.forgedStrong }
}

const repeatedAfter: Test = (facts, by, rst) => {
  const last = livedOn(facts, by)
  // New data is told by the next test.
  if (last === null || (facts.sides[by].lastPayload?.ns ?? 0) - rst.ns > policy.afterResetNs) return null
  const text = `its named sender went on repeating what it had sent (until frame ${facts.frameName(last.frame)}, ${span(last.ns - rst.ns)} after it)`
  return { frame: last.frame, text, weight: policy.forgedDecisive }
}

const dataAfter: Test = (facts, by, rst) => {
  const { lastPayload: last, sentTo } = facts.sides[by]
  if (last === null || last.ns - rst.ns <= policy.afterResetNs) return null
  // Its number stands behind that data: the RST overtook it, on another path or in the capture.
  const behind = sentTo !== null && seqDelta(sentTo, rst.seq) <= 0
  if (behind && last.ns - rst.ns <= policy.overtakenWithinNs) return null
  const text = `its named sender went on sending new data after it (frame ${facts.frameName(last.frame)}, ${span(last.ns - rst.ns)} later)`
  // Without the beginning it may be a scanner's kernel that answers a SYN-ACK.
  const unsure = facts.lateStart && rst.form === 'stateless'
  return { frame: last.frame, text, weight: unsure ? policy.forgedWeak : policy.forgedDecisive }
}

/** SLL packet types: what names this host as its sender never arrives here, and what names another was never sent here. */
const direction: Test = (facts, by, rst) => {
  const side: SideFacts = facts.sides[by]
  if (side.outgoing === side.incoming) return null
  const text =
    side.outgoing && rst.direction === 'incoming'
      ? 'it came from outside, though it names the capturing host as its sender'
      : side.incoming && rst.direction === 'outgoing'
        ? 'the capturing host itself made it, though it names the other end as its sender'
        : null
  return text === null ? null : { frame: rst.frame, text, weight: policy.forgedDecisive }
}

/** It acknowledges a segment that can hardly have reached its named sender yet; weak, for the handshake may have been the slow one. */
const tooSoon: Test = (facts, by, rst) => {
  const path = facts.rttNs[by]
  const other = facts.sides[otherSide(by)]
  const last = other.payloadBeforeClose
  if (path === null || path < policy.pathMeasurableNs || last === null || other.sentAtClose === null)
    return null
  const took = rst.ns - last.ns
  if (!rst.withAck || took < 0 || took >= path / 2 || seqDelta(rst.ack, other.sentAtClose) < 0) return null
  const text = `it acknowledges frame ${facts.frameName(last.frame)} ${span(took)} after it, and the way there and back takes ${span(path)}`
  return { frame: rst.frame, text, weight: policy.forgedWeak }
}

const risingSeries: Test = (_, __, rst) =>
  rst.seqRises
    ? {
        frame: rst.frame,
        text: `${rst.count} RSTs with rising sequence numbers, beyond all that was sent and acknowledged`,
        weight: policy.forgedStrong,
      }
    : null

const behindData: Test = (facts, by, rst) => {
  const sent = facts.sides[by].sentAtClose
  if (sent === null || rst.form !== 'unknown' || !rst.withAck) return null
  const behind = -seqDelta(rst.seq, sent)
  if (behind <= 0) return null
  const text = `its sequence number lies ${behind} bytes behind what that side had sent`
  return { frame: rst.frame, text, weight: policy.forgedWeak }
}

/** A host acknowledges no less than it did before. */
const acknowledgesLess: Test = (facts, by, rst) => {
  const before = facts.sides[by].ackAtClose
  if (before === null || !rst.withAck || seqDelta(rst.ack, before) >= 0) return null
  const text = 'it acknowledges less than that side had acknowledged before'
  return { frame: rst.frame, text, weight: policy.forgedWeak }
}

const bothEnds: Test = (facts, by, rst) => {
  const other = facts.sides[otherSide(by)].rst
  if (other === null || other.triggerFrame !== null || other.form === 'stateless') return null
  const apart = Math.abs(other.ns - rst.ns)
  if (apart >= policy.consequenceWithinNs) return null
  return { frame: other.frame, text: `both ends got a RST within ${span(apart)}`, weight: policy.forgedWeak }
}

/** Some boxes write the reason into their RSTs; hosts hardly ever do. */
const reason: Test = (_, __, rst) =>
  rst.withPayload ? { frame: rst.frame, text: 'it carries payload', weight: policy.forgedWeak } : null

/** A side whose packets were counted in their IP IDs, and the RST is out of count (tcp-facts B7): kernels of phones draw them at random. */
const ipId: Test = (_, __, { frame, foreignIpId }) =>
  foreignIpId === null
    ? null
    : {
        frame,
        text: `its IP ID is ${foreignIpId.own}, and that side counts its packets and was at ${foreignIpId.before}`,
        weight: policy.forgedWeak,
      }

/** Numbers that no receiver of this stream has; weak, for frames that the capture lacks may explain them. */
const changingAcks: Test = (_, __, rst) =>
  rst.ackMoves
    ? {
        frame: rst.frame,
        text: `${rst.count} RSTs acknowledge different numbers, and the other side sent nothing in between`,
        weight: policy.forgedWeak,
      }
    : null

/** Citrix NetScaler writes the reason into the window field; it resets in the name of the ends it stands between, and of its own addresses. */
const vendorCode: Test = (_, __, { frame, window }) => {
  const meaning = NETSCALER_REASONS.get(window)
  if (meaning === undefined) return null
  const text = `its window ${window} is a reason code of Citrix NetScaler (${meaning})`
  return { frame, text, weight: policy.forgedWeak }
}

/** A capture point nearer to its named sender saw all that this side sent, and no RST of it: it was made between the two. */
const neverLeft: Test = (facts, by, rst, elsewhere) => {
  const nearer = elsewhere.find((other) => {
    const side = other.sides[by]
    if (side.rst !== null || facts.syn === null || other.syn === null) return false
    const whole =
      side.missingBytes === 0 &&
      side.payloadBytes >= facts.sides[by].payloadBytes &&
      other.sides[otherSide(by)].missingBytes === 0
    // The clocks of two hosts may differ; the handshake was the same.
    const goesOnFor = other.captureEndNs - other.syn.ns - (rst.ns - facts.syn.ns)
    return whole && goesOnFor > policy.nearerWatchedNs && isNearer(other, facts, by)
  })
  if (nearer === undefined) return null
  const text = `at a capture point nearer to its named sender (flow ${nearer.stream}) that side sent no RST`
  return { frame: rst.frame, text, weight: policy.forgedDecisive }
}

/** `other` was captured at the host of this side, or at most half as far from it. */
function isNearer(other: FlowFacts, facts: FlowFacts, by: Side): boolean {
  const [there, here] = [other.rttNs[by], facts.rttNs[by]]
  const side = other.sides[by]
  if (side.outgoing && !side.incoming && !facts.sides[by].outgoing) return true
  return there !== null && here !== null && here >= policy.pathMeasurableNs && there <= here / 2
}

const TESTS: readonly Test[] = [
  ttl,
  form,
  repeatedAfter,
  dataAfter,
  direction,
  neverLeft,
  tooSoon,
  risingSeries,
  changingAcks,
  behindData,
  acknowledgesLess,
  bothEnds,
  ipId,
  vendorCode,
  reason,
]
