import { clusterPolicy } from '../chain/policy.js'
import { NGINX_FAMILY } from '../chain/role-names.js'
import { entry, kinOf } from '../knowledge/look-up.js'
import type { UserTimeout } from '../knowledge/types.js'
import type { InferredTimer, Phase, Side } from '../result.js'
import { clusterOf, moments, type ClusterRule } from './close-cluster.js'
import type { CloseSample, CloseSamples } from './close-samples.js'
import { declaredTimer } from './declared.js'
import { inferred, type Found } from './inferred-timer.js'
import type { LegRecord } from './leg-record.js'
import { timerPolicy } from './policy.js'
import { retirements } from './retirements.js'

/** The timers that the closes of one leg show, for each side and phase. */
export function inferTimers(leg: LegRecord, timeouts: readonly UserTimeout[]): InferredTimer[] {
  const timers: InferredTimer[] = []
  for (const { by, closes } of leg.closed()) {
    for (const found of timersOf(leg, by, closes)) timers.push(inferred(leg, by, closes, found, timeouts))
  }
  const declared = declaredTimer(leg, timers)
  return declared === null ? timers : [...timers, declared]
}

/** One timer after the other is taken out of the closes, until the rest shows none. */
function timersOf(leg: LegRecord, by: Side, closes: CloseSamples): Found[] {
  const found: Found[] = []
  let rest = closes.all
  const take = (next: Found | null): boolean => {
    if (next === null || found.length >= timerPolicy.timersPerGroup) return false
    found.push(next)
    const taken = new Set(next.closes)
    rest = rest.filter((sample) => !taken.has(sample))
    return true
  }
  for (const retired of retirements(leg, by, rest)) take(retired)
  const lazyServer = leg.softwareOf('server')
  const lazy = by === 'server' && (lazyServer === null || NGINX_FAMILY.has(lazyServer))
  // Pairs come last: two of the closes of a lazy timer always lie closer together than the others.
  for (const closes of [timerPolicy.steadyCloses, 2]) {
    while (take(steadiest(leg, by, rest, { closes, spreadNs: clusterPolicy.spreadNs }))) continue
    while (lazy && take(steadiest(leg, by, rest, { closes, spreadNs: clusterPolicy.lazySpreadNs }))) continue
  }
  while (take(bySetting(leg, by, rest))) continue
  if (by === 'server' || leg.clientIsProxy) take(ticking(leg, by, rest))
  // A few left over are worth a guess each; many that do not agree are no timer's.
  const alone = rest.filter(({ byTimer }) => byTimer)
  // What closes two at once after different waits ended for another reason than either wait.
  const apart = moments(alone) === alone.length
  if (apart && alone.length < timerPolicy.steadyCloses)
    for (const sample of alone) take(single(leg, by, sample))
  return found
}

/** People and their scripts leave an idle connection when they like; what they wait for they leave by timers. */
function leastNs(leg: LegRecord, by: Side, samples: readonly CloseSample[]): number {
  const idle = samples.some(({ phase }) => phase === 'between-requests')
  return by === 'client' && idle && !leg.clientIsProxy ? timerPolicy.endClientLeastNs : timerPolicy.leastNs
}

/** The measure and value that explain most closes; a silence unless an age agrees better. */
function steadiest(
  leg: LegRecord,
  by: Side,
  samples: readonly CloseSample[],
  { closes, spreadNs }: { readonly closes: number; readonly spreadNs: number },
): Found | null {
  const rule: Omit<ClusterRule, 'measure'> = {
    leastNs: leastNs(leg, by, samples),
    closes,
    width: (value) => spreadNs + timerPolicy.slackShare * value,
  }
  const silence = clusterOf(samples, { ...rule, measure: 'silence' })
  const age = clusterOf(samples, { ...rule, measure: 'age' })
  return age !== null && ageTells(leg, by, age) && explainsMore(age, silence) ? age : silence
}

/**
 * Every close has an age as well. It is a timer's where timers count from the handshake (request heads), where the client limits the
 * whole of what it waits for, and for idle connections if it was met again and again, and not by end clients.
 */
function ageTells(leg: LegRecord, by: Side, { closes }: Found): boolean {
  if (closes.some(({ phase }) => HEAD_PHASES.has(phase))) return true
  if (closes.some(({ phase }) => phase !== 'between-requests')) return by === 'client'
  const idle = closes.every(({ gapNs }) => gapNs !== null && gapNs >= timerPolicy.leastNs)
  return idle && (by === 'server' || leg.clientIsProxy) && moments(closes) >= timerPolicy.steadyCloses
}

/** Timers of these phases count from the handshake. */
const HEAD_PHASES: ReadonlySet<Phase> = new Set(['awaiting-request', 'mid-request'])

function explainsMore(age: Found, silence: Found | null): boolean {
  if (silence === null) return true
  if (age.closes.length !== silence.closes.length) return age.closes.length > silence.closes.length
  const heads = age.closes.some(({ phase }) => HEAD_PHASES.has(phase))
  return heads && spanOf(age) + timerPolicy.simplerNs < spanOf(silence)
}

function spanOf({ values }: Found): number {
  return values[values.length - 1] - values[0]
}

/** Closes that the verdicts give to one setting of the closer's own software and that lie within that setting's own tolerance: polled and lazy timers spread far. */
function bySetting(leg: LegRecord, by: Side, samples: readonly CloseSample[]): Found | null {
  const software = leg.softwareOf(by)
  const settings = new Set(samples.flatMap(({ timer }) => (timer?.setting == null ? [] : [timer.setting])))
  for (const setting of settings) {
    const timer = entry(setting)
    if (timer === null || software === null || !isOf(timer.component, software)) continue
    const { tolerance } = timer
    const widthNs = (tolerance.early + tolerance.late) * 1e9
    const same = samples.filter((sample) => sample.byTimer && sample.timer?.setting === setting)
    const rule = { leastNs: leastNs(leg, by, same), closes: 2, width: () => widthNs }
    const next = clusterOf(same, { ...rule, measure: 'silence' })
    if (next !== null) return { ...next, ticking: spanOf(next) > clusterPolicy.lazySpreadNs }
  }
  return null
}

function isOf(component: string, software: string): boolean {
  return component === software || kinOf(software).includes(component)
}

/** Closes within one tick of a clock that looks once a second. People and scripts leave like that too, so only servers and proxies. */
function ticking(leg: LegRecord, by: Side, samples: readonly CloseSample[]): Found | null {
  const next = clusterOf(samples, {
    measure: 'silence',
    leastNs: leastNs(leg, by, samples),
    closes: timerPolicy.tickCloses,
    width: () => timerPolicy.tickNs,
  })
  return next === null || !next.closes.every(({ byTimer }) => byTimer) ? null : { ...next, ticking: true }
}

function single(leg: LegRecord, by: Side, sample: CloseSample): Found | null {
  const { gapNs, phase } = sample
  if (gapNs === null || gapNs < timerPolicy.leastNs) return null
  // A connection that waited longer and was served has outlived a timer that a single close suggests.
  const outlived = (leg.reuseGaps.longestNs ?? 0) > gapNs + timerPolicy.lateNs
  if (by === 'server' && phase === 'between-requests' && outlived) return null
  return { kind: 'silence', closes: [sample], values: [gapNs], ticking: false }
}
