/** The two gap distributions of a picture: how long things lasted on a leg, in columns on one logarithmic axis. */
import type { Durations, LegExposure } from '../result.js'
import type { CauseComparison } from './comparison.js'
import type { OpportunityKind } from './opportunities.js'
import { histogramPolicy } from './policy.js'

const { perDecade } = histogramPolicy

/** One column of a distribution. */
export interface Column {
  /** Seconds: lower and upper edge. */
  readonly from: number
  readonly below: number
  readonly well: number
  readonly failed: number
}

/** Both distributions on one axis. */
export interface Distributions {
  /** What is counted, as the title of the axis. */
  readonly words: string
  /** The failed ones are among the others and cannot be told from them: ages of connections, say. */
  readonly mixed: boolean
  readonly from: number
  readonly below: number
  readonly before: readonly Column[]
  readonly after: readonly Column[]
  /** The timer that is looked for, seconds; null: none. */
  readonly oldTimer: number | null
  readonly newTimer: number | null
}

interface Source {
  readonly words: string
  readonly of: (leg: LegExposure) => readonly Durations[]
  readonly mixed: boolean
}

/** What to show for a way of counting. */
function sourceOf(kind: OpportunityKind): Source {
  switch (kind) {
    case 'reuses':
    case 'idle-reuses':
      return {
        words: 'idle time before each request on a reused connection',
        of: (leg) => [leg.reuseGaps],
        mixed: false,
      }
    case 'idle-closes':
    case 'answered-closes':
      return {
        words: 'idle time before each close',
        of: (leg) => [leg.idleCloses.client, leg.idleCloses.server],
        mixed: true,
      }
    case 'responses':
      return { words: 'time that each response took', of: (leg) => [leg.responses], mixed: false }
    case 'tunnels':
      return { words: 'time that each tunnel was open', of: (leg) => [leg.tunnels], mixed: true }
    case 'arrivals':
      return { words: 'time that each request took to arrive', of: (leg) => [leg.arrivals], mixed: false }
    case 'waits':
    case 'requests':
      return {
        words: 'time that each request waited for its response',
        of: (leg) => [leg.answered],
        mixed: false,
      }
    default:
      return { words: 'age of each connection', of: (leg) => [leg.ages], mixed: true }
  }
}

/** A stream of the fresh capture that shows the same kind of request at its longest; null: it holds none. */
export function longestStream(kind: OpportunityKind, legs: readonly LegExposure[]): number | null {
  const { of } = sourceOf(kind)
  const all = legs.flatMap(of).filter((one) => one.longestStream !== null)
  return all.sort((a, b) => (b.longest ?? 0) - (a.longest ?? 0))[0]?.longestStream ?? null
}

/** The distributions of a cause's leg; null: nothing was counted there. */
export function distributionsOf(
  cause: CauseComparison,
  before: readonly LegExposure[],
  after: readonly LegExposure[],
): Distributions | null {
  // The last way of counting is the one that looks at durations.
  const kind = cause.measures.at(-1)?.kind ?? 'connections'
  const { words, of, mixed } = sourceOf(kind)
  const [well, now] = [before.flatMap(of), after.flatMap(of)]
  const oldTimer = cause.before?.timerSeconds ?? cause.before?.silenceSeconds?.median ?? null
  const newTimer = cause.after?.timerSeconds ?? cause.after?.silenceSeconds?.median ?? null
  // Where the failed ones are counted among the others already, they are not drawn twice.
  const failed = (seconds: number | null, count: number): [number, number][] =>
    seconds === null || mixed ? [] : [[seconds, count]]
  const [failedBefore, failedAfter] = [
    failed(oldTimer, cause.before?.count ?? 0),
    failed(newTimer, cause.after?.count ?? 0),
  ]
  const edges = [...well, ...now].flatMap(({ bins }) => bins.flatMap(([from, below]) => [from, below]))
  edges.push(...[...failedBefore, ...failedAfter].map(([seconds]) => seconds * 1.1))
  if (edges.length === 0) return null
  const last = columnAt(Math.max(...edges) * 1.0001)
  const first = Math.min(columnAt(Math.min(...edges)), last - histogramPolicy.leastColumns)
  return {
    words,
    mixed,
    from: edgeOf(first),
    below: edgeOf(last + 1),
    before: columns(first, last, well, failedBefore),
    after: columns(first, last, now, failedAfter),
    oldTimer,
    newTimer,
  }
}

function columnAt(seconds: number): number {
  return Math.floor(Math.log10(Math.max(seconds, histogramPolicy.shortest)) * perDecade + 1e-9)
}

function edgeOf(column: number): number {
  return 10 ** (column / perDecade)
}

function columns(
  first: number,
  last: number,
  well: readonly Durations[],
  failed: readonly (readonly [seconds: number, count: number])[],
): Column[] {
  const list = Array.from({ length: last - first + 1 }, (_, index) => ({
    from: edgeOf(first + index),
    below: edgeOf(first + index + 1),
    well: 0,
    failed: 0,
  }))
  for (const { bins } of well) {
    for (const [from, below, count] of bins) {
      // A bin that straddles two columns goes where its middle lies.
      const column = list[columnAt((from + below) / 2) - first]
      if (column !== undefined) column.well += count
    }
  }
  for (const [seconds, count] of failed) {
    const column = list[columnAt(seconds) - first]
    if (column !== undefined) column.failed += count
  }
  return list
}
