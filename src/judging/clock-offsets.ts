import type { Seen, Sighting, Sightings } from './clock-sightings.js'
import { clockPolicy } from './clock-policy.js'

/** How far the clock of one capture is ahead of that of another. */
export interface ClockOffset {
  /** 0: they agree as far as can be told. */
  readonly aheadNs: number
  /** It is known to within this. */
  readonly withinNs: number
  /** Only connections tell it well enough to set a clock right: when a proxy ends a request on one leg and on the other is its own matter. */
  readonly by: 'connections' | 'requests'
  /** How many of them tell. */
  readonly count: number
}

/**
 * The offset between two captures that saw the same things. What one saw on its way there and the answer to it on its way back, the other
 * saw later and sooner: the offset lies between the two differences (as in NTP, RFC 5905 8). Connections tell it whatever it is; requests
 * only of captures that were taken at one time. Null: nothing tells, or it did not stay the same.
 */
export function clockOffset(one: Seen, other: Seen): ClockOffset | null {
  const connections = offsetOf(pairs(one.handshakes, other.handshakes), 'connections')
  if (connections !== null || !overlap(one, other)) return connections
  const [ids, contents] = [pairs(one.ids, other.ids), inOrder(one.contents, other.contents)]
  const told = offsetOf(ids, 'requests')
  if (told !== null) return told
  // The same words may be those of other requests.
  const confirmed = contents.length < clockPolicy.requestsAgree ? null : offsetOf(contents, 'requests')
  return confirmed?.aheadNs === 0 ? confirmed : null
}

/** Something that both captures saw: how much later it began, and was answered, by the clock of the other. */
interface Difference {
  readonly beganNs: number
  readonly answeredNs: number
  readonly unanswered: boolean
  /** 1: what the other saw was sent for what the one saw; -1: the other way round; 0: not known. */
  readonly way: number
}

function overlap(one: Seen, other: Seen): boolean {
  return one.fromNs <= other.toNs && other.fromNs <= one.toNs
}

function pairs(one: Sightings, other: Sightings): Difference[] {
  const found: Difference[] = []
  for (const [key, seen] of one) {
    const there = other.get(key)
    if (there === undefined || seen.length > clockPolicy.alike || there.length > clockPolicy.alike) continue
    const each = seen.flatMap((a) => there.map((b) => difference(a, b)))
    found.push(each.reduce((x, y) => (isBetter(y, x) ? y : x)))
  }
  return found
}

/** Of several legs of one request, those that tell which came first, and of these the two next to each other, bound it best. */
function isBetter(one: Difference, other: Difference): boolean {
  const tells = ({ way, unanswered }: Difference): boolean => way !== 0 || !unanswered
  return tells(one) === tells(other) ? widthOf(one) < widthOf(other) : tells(one)
}

/** Requests of the same words, as many in one as in the other: the first is the first. */
function inOrder(one: Sightings, other: Sightings): Difference[] {
  const found: Difference[] = []
  for (const [key, seen] of one) {
    const there = other.get(key)
    if (there?.length === seen.length) found.push(...seen.map((a, n) => difference(a, there[n])))
  }
  return found
}

function difference(one: Sighting, other: Sighting): Difference {
  return {
    beganNs: other.beganNs - one.beganNs,
    answeredNs: other.answeredNs - one.answeredNs,
    unanswered: one.unanswered || other.unanswered,
    way: Number(isSentFor(other, one)) - Number(isSentFor(one, other)),
  }
}

/** A proxy notes whose request it passes on (X-Forwarded-For). */
function isSentFor(later: Sighting, earlier: Sighting): boolean {
  return (
    earlier.sender !== '' && later.sentFor.split(',').some((address) => address.trim() === earlier.sender)
  )
}

/** Where all bounds overlap, but for a few odd ones at either end; the middle of that. */
function offsetOf(all: readonly Difference[], by: ClockOffset['by']): ClockOffset | null {
  const narrow = all.filter((one) => widthOf(one) <= clockPolicy.widestNs)
  if (narrow.length === 0) return null
  const odd = Math.floor(narrow.length * clockPolicy.odd)
  const from = narrow.map((one) => Math.min(one.beganNs, one.answeredNs)).sort((a, b) => b - a)[odd]
  const to = narrow.map((one) => Math.max(one.beganNs, one.answeredNs)).sort((a, b) => a - b)[odd]
  if (from - to > clockPolicy.wandersNs) return null
  const middleNs = (from + to) / 2
  const withinNs = Math.abs(to - from) / 2
  const none = by === 'requests' ? agree(narrow) : Math.abs(middleNs) <= withinNs + clockPolicy.agreeNs
  return { aheadNs: none ? 0 : middleNs, withinNs, by, count: narrow.length }
}

/** Whether requests that tell which came first show no other order than the clocks as they are. */
function agree(requests: readonly Difference[]): boolean {
  const ways = new Set(requests.map(wayOf).filter((way) => way !== 0))
  const usual = ways.size === 1 ? [...ways][0] : 0
  const telling = requests.filter((one) => one.way !== 0 || usual !== 0 || !one.unanswered)
  const against = telling.filter((one) => !fits(one, one.way === 0 ? usual : one.way))
  return telling.length > 0 && against.length <= telling.length * clockPolicy.contradict
}

/** What came out of a proxy began later and was answered sooner than what came in. */
function wayOf({ beganNs, answeredNs, unanswered, way }: Difference): number {
  if (way !== 0 || unanswered) return way
  const { agreeNs } = clockPolicy
  if (beganNs > agreeNs && answeredNs < -agreeNs) return 1
  return beganNs < -agreeNs && answeredNs > agreeNs ? -1 : 0
}

/** Whether it began and ended in the order of its way, or in either order where that is not known. What was not answered may end soon after. */
function fits({ beganNs, answeredNs, unanswered }: Difference, way: number): boolean {
  const { agreeNs, unansweredNs } = clockPolicy
  if (way === 0) return Math.min(beganNs, answeredNs) <= agreeNs && Math.max(beganNs, answeredNs) >= -agreeNs
  return way * beganNs >= -agreeNs && way * answeredNs <= (unanswered ? unansweredNs : agreeNs)
}

function widthOf({ beganNs, answeredNs }: Difference): number {
  return Math.abs(beganNs - answeredNs)
}
