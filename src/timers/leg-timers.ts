import { entriesOf } from '../knowledge/look-up.js'
import { configuredValues } from '../knowledge/settings.js'
import type { TimerEntry, UserTimeout } from '../knowledge/types.js'
import type { InferredTimer, LegOrder, Side } from '../result.js'
import { declaredSeconds } from './declared.js'
import type { LegRecord } from './leg-record.js'
import { timerPolicy } from './policy.js'

/** What is known of the idle timers of a leg before it is judged. */
export interface LegTimers {
  readonly client: { readonly seconds: number; readonly basis: NonNullable<LegOrder['clientBasis']> } | null
  readonly server: { readonly seconds: number; readonly basis: NonNullable<LegOrder['serverBasis']> } | null
  /** The closes that show them; null: none. */
  readonly seen: {
    readonly client: InferredTimer | null
    readonly server: InferredTimer | null
    /** Idle timers the client's closes show: several kinds of clients have several. */
    readonly clientTimers: number
    /** Share of the client's idle closes that these timers explain. */
    readonly clientShare: number
  }
  /** Idle closes after at least a second, by whoever began them. */
  readonly clientCloses: number
  readonly serverCloses: number
}

/** Gathers what closes, headers, settings and defaults tell of the idle timers of a leg. */
export function legTimers(
  leg: LegRecord,
  inferred: readonly InferredTimer[],
  timeouts: readonly UserTimeout[],
): LegTimers {
  const clientCloses = idleCloses(leg, 'client')
  const ofClient = idleTimers(inferred, 'client')
  const explained = ofClient.reduce((sum, { closes }) => sum + closes, 0)
  const seen: LegTimers['seen'] = {
    // The client that keeps connections longest meets the server's timer first.
    client: ofClient.reduce<InferredTimer | null>((a, b) => (a === null || b.value > a.value ? b : a), null),
    // What most closes show; the shorter of equals acts first.
    server:
      idleTimers(inferred, 'server').sort((a, b) => b.closes - a.closes || a.value - b.value)[0] ?? null,
    clientTimers: ofClient.length,
    clientShare: clientCloses === 0 ? 0 : explained / clientCloses,
  }
  const bySeen = (timer: InferredTimer | null): { seconds: number; basis: 'seen' } | null =>
    timer === null ? null : { seconds: timer.value, basis: 'seen' }
  const declared = inForce(declaredSeconds(leg), seen.client)
  return {
    client: bySeen(seen.client) ?? configured(leg, 'client', timeouts) ?? defaultOf(leg),
    server:
      bySeen(seen.server) ??
      configured(leg, 'server', timeouts) ??
      (declared === null ? null : { seconds: declared, basis: 'declared' }),
    seen,
    clientCloses,
    serverCloses: idleCloses(leg, 'server'),
  }
}

/** What the server announced, unless it left closing to a client that waited longer, again and again: proxies pass on what was said to them. */
function inForce(announced: number | null, client: InferredTimer | null): number | null {
  if (announced === null || client === null || client.closes < timerPolicy.steadyCloses) return announced
  return client.min > announced + timerPolicy.lateNs / 1e9 ? null : announced
}

/** Idle timers that closes of this side show; a single close counts only where no several agree. */
function idleTimers(inferred: readonly InferredTimer[], by: Side): InferredTimer[] {
  const idle = inferred.filter(
    (timer) =>
      timer.by === by && timer.phase === 'between-requests' && timer.kind === 'silence' && timer.closes > 0,
  )
  const several = idle.filter(({ closes }) => closes > 1)
  return several.length > 0 ? several : idle
}

function idleCloses(leg: LegRecord, by: Side): number {
  const closes = leg.closes(by, 'between-requests')
  if (closes === null) return 0
  const idle = closes.all.filter(({ gapNs }) => (gapNs ?? 0) >= timerPolicy.leastNs)
  return idle.length * closes.weight
}

function keepAliveEntries(leg: LegRecord, by: Side): readonly TimerEntry[] {
  const software = leg.softwareOf(by)
  if (software === null) return []
  const closer = by === 'client' ? 'initiator' : 'acceptor'
  return entriesOf(software).filter(
    (timer) => timer.closer === closer && timer.timer === 'gap' && timer.phases.includes('between-requests'),
  )
}

/** The idle timer that this side's software is known for; null: its software or its timer is not known. */
export function usualKeepAlive(leg: LegRecord, by: Side): TimerEntry | null {
  return keepAliveEntries(leg, by).find((timer) => timer.prior === 3) ?? null
}

/** The user's own value for the keep-alive of this side's software; 0 switches a timer off and says nothing here. */
function configured(
  leg: LegRecord,
  by: Side,
  timeouts: readonly UserTimeout[],
): { seconds: number; basis: 'configured' } | null {
  if (timeouts.length === 0) return null
  const values = configuredValues(timeouts)
  const given = keepAliveEntries(leg, by).flatMap(({ id }) => values.get(id) ?? [])
  const least = Math.min(...given.filter((value) => value > 0))
  return Number.isFinite(least) ? { seconds: least, basis: 'configured' } : null
}

/** The usual default of a proxy's pool, unless a longer gap before a reuse shows that it is not in force. Judges nothing. */
function defaultOf(leg: LegRecord): { seconds: number; basis: 'default' } | null {
  if (!leg.clientIsProxy) return null
  const value = usualKeepAlive(leg, 'client')?.default ?? null
  const longest = leg.reuseGaps.longestNs ?? 0
  return value === null || value <= 0 || longest > value * 1e9 ? null : { seconds: value, basis: 'default' }
}
