import { fitsAnnounced } from '../chain/announced.js'
import { candidates, entry, kinOf } from '../knowledge/look-up.js'
import { configuredValues } from '../knowledge/settings.js'
import type { UserTimeout } from '../knowledge/types.js'
import type { FindingHost, InferredTimer, Phase, Side } from '../result.js'
import type { CloseSample, CloseSamples } from './close-samples.js'
import type { LegEnd, LegRecord } from './leg-record.js'
import { seconds, timerPolicy } from './policy.js'
import { median } from './steady.js'
import { timerSentence } from './words.js'

/** Closes that one timer explains. */
export interface Found {
  readonly kind: InferredTimer['kind']
  readonly closes: readonly CloseSample[]
  /** What was measured, ascending: nanoseconds, or requests. */
  readonly values: readonly number[]
  /** They agree only within a tick: somebody looks at the connections now and then. */
  readonly ticking: boolean
}

/** A host as the result names it. */
export function hostOf({ ip, port, role }: LegEnd): FindingHost {
  return port === null ? { ip, role } : { ip, port, role }
}

/** A found timer in the words of the result. */
export function inferred(
  leg: LegRecord,
  by: Side,
  all: CloseSamples,
  found: Found,
  timeouts: readonly UserTimeout[],
): InferredTimer {
  const { kind, values } = found
  const middle = median(values, { from: 0, to: values.length })
  const phase = commonPhase(found.closes)
  const declaredSeconds = declaredFor(leg, by, phase, kind, unit(found, middle))
  const settings = settingsOf(leg, by, phase, found, middle, timeouts)
  const timer = {
    client: hostOf(leg.client),
    server: hostOf(leg.server),
    by,
    phase,
    kind,
    value: unit(found, middle),
    min: unit(found, values[0]),
    max: unit(found, values[values.length - 1]),
    closes: found.closes.length * all.weight,
    of: all.all.length * all.weight,
    settings,
    basis: basisOf(found, settings, unit(found, middle), declaredSeconds, timeouts),
    declaredSeconds,
    sampled: all.sampled,
    streams: found.closes
      .map(({ stream }) => stream)
      .sort((a, b) => a - b)
      .slice(0, timerPolicy.streamsNamed),
  }
  return { ...timer, summary: timerSentence(leg, timer, found.ticking) }
}

/** The phase most of the closes were in: header timers cut requests that have not begun and unfinished ones. */
function commonPhase(closes: readonly CloseSample[]): Phase {
  const counts = new Map<Phase, number>()
  for (const { phase } of closes) counts.set(phase, (counts.get(phase) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0][0]
}

/** The announced seconds that fit this timer; null: none was announced, or this is another. */
function declaredFor(
  leg: LegRecord,
  by: Side,
  phase: Phase,
  kind: InferredTimer['kind'],
  value: number,
): number | null {
  if (by !== 'server' || phase !== 'between-requests' || kind !== 'silence') return null
  const fitting = [...leg.declared.keys()].filter((said) => fitsAnnounced(said, value * 1e9))
  return fitting.length === 0 ? null : Math.max(...fitting)
}

function basisOf(
  found: Found,
  settings: readonly string[],
  value: number,
  declared: number | null,
  timeouts: readonly UserTimeout[],
): InferredTimer['basis'] {
  const best = settings[0] as string | undefined
  const given = best === undefined ? [] : (configuredValues(timeouts).get(best) ?? [])
  const { early, late } = entry(best ?? '')?.tolerance ?? { early: 0, late: 0 }
  if (given.some((said) => value >= said - early && value <= said + late)) return 'configured'
  if (declared !== null) return 'declared'
  return found.closes.length > 1 ? 'steady' : 'single'
}

/** Settings that could have fired: as the verdict of the median close says it, else as the knowledge base has it. */
function settingsOf(
  leg: LegRecord,
  by: Side,
  phase: Phase,
  found: Found,
  middle: number,
  timeouts: readonly UserTimeout[],
): readonly string[] {
  const half = found.closes.length >> 1
  const judged = [...found.closes.slice(half), ...found.closes.slice(0, half)].find(
    ({ timer }) => timer !== null,
  )
  const component = leg.softwareOf(by)
  if (found.kind === 'silence' && judged?.timer != null)
    return judged.timer.candidates.filter((id) => mayBe(id, component, seconds(middle), timeouts))
  const matches = candidates({
    closer: by === 'client' ? 'initiator' : 'acceptor',
    flag: 'FIN',
    phase,
    gapSeconds: found.kind === 'silence' ? seconds(middle) : null,
    ageSeconds: found.kind === 'age' ? seconds(middle) : null,
    requestAgeSeconds: null,
    requests: found.kind === 'requests' ? middle : null,
    status: null,
    component,
    role: null,
    user: timeouts,
  })
  const kinds = { silence: ['gap', 'total', 'retransmit'], age: ['age', 'total'], requests: ['count'] }[
    found.kind
  ]
  return matches
    .filter(({ id }) => kinds.includes(entry(id)?.timer ?? 'gap'))
    .filter(({ id }) => mayBe(id, component, unit(found, middle), timeouts))
    .map(({ id }) => id)
}

function unit({ kind }: Found, value: number): number {
  return kind === 'requests' ? value : seconds(value)
}

/** A setting of the closer's own software may have any value; of others, or where none is known, only a value of theirs that fits. */
function mayBe(
  id: string,
  component: string | null,
  value: number,
  timeouts: readonly UserTimeout[],
): boolean {
  const timer = entry(id)
  if (timer === null) return true
  if (component !== null && (timer.component === component || kinOf(component).includes(timer.component)))
    return true
  const { early, late } = timer.tolerance
  const adds = timer.adds ?? 0
  const values = [
    ...(timer.default === null ? [] : [timer.default]),
    ...timer.variants.map((variant) => variant.value),
    ...(configuredValues(timeouts).get(id) ?? []),
  ]
  return values.some((said) => value >= said - early && value <= said + late + adds)
}
