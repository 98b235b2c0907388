import { firstMoments } from '../capture/first-moment.js'
import { BufferPool } from '../capture/read-buffers.js'
import { RunClock } from '../capture/run-clock.js'
import type { ByteSource } from '../capture/source.js'
import { type ClockOffset, clockOffset } from './clock-offsets.js'
import { clockPolicy } from './clock-policy.js'
import { type Seen, whatWasSeen } from './clock-sightings.js'
import { clockUnits, filesLookedAt, rotationsNamed, type ClockUnit } from './clock-units.js'

/** What is known of one capture's clock against that of another. */
interface Reference {
  readonly capture: number
  readonly offset: ClockOffset
}

/** The clocks of captures that were taken at different places. */
export class Clocks {
  /** By capture, nanoseconds that its clock is ahead of that of the first capture of its group. */
  readonly aheadNs: number[]
  /** By capture, the first of those whose clock it is known to agree with, once that is taken off. */
  private readonly groups: number[]
  /** What brought it into its group, or would have. */
  private readonly references: (Reference | null)[]

  /**
   * @param paths names of the captures
   * @param offsets by `one other`, both ways; null: they were not compared, and are taken to agree
   * @param rotations captures of one clock; only the first of each is among the offsets
   */
  constructor(
    private readonly paths: readonly string[],
    private readonly offsets: ReadonlyMap<string, ClockOffset> | null = null,
    private readonly rotations: readonly (readonly number[])[] = [],
  ) {
    this.aheadNs = paths.map(() => 0)
    this.groups = paths.map((_, capture) => capture)
    this.references = paths.map(() => null)
    if (offsets !== null)
      for (const [capture] of paths.entries()) if (this.groups[capture] === capture) this.follow(capture)
    for (const [first, ...others] of rotations)
      for (const other of others) {
        this.groups[other] = this.groups[first]
        this.aheadNs[other] = this.aheadNs[first]
      }
  }

  /** Captures with the same number have clocks that agree. `vantageOf`: files of a rotation have the same clock. */
  groupOf(capture: number, vantageOf: (capture: number) => number | null): number {
    if (this.offsets === null) return 0
    const vantage = vantageOf(capture)
    const same = this.groups.findIndex((_, one) => vantage !== null && vantageOf(one) === vantage)
    return this.groups[same < 0 ? capture : same]
  }

  /** What the reader is to know of this capture's clock; null: nothing, or it is told with the first file of its rotation. */
  wordsOf(capture: number, vantageOf: (capture: number) => number | null): string | null {
    const rotation = this.rotations.find((one) => one.includes(capture)) ?? [capture]
    if (this.offsets === null || vantageOf(capture) === null || rotation[0] !== capture) return null
    const reference = this.references[capture]
    const follows = this.groupOf(capture, vantageOf) === this.groupOf(0, vantageOf)
    if (reference === null)
      return follows ? null : `whether its clock agrees with that of ${this.paths[0]}: no connection${APART}`
    const { offset } = reference
    const path = this.paths[reference.capture]
    if (this.groups[capture] === capture)
      return follows
        ? null
        : `a clock that agrees with that of ${path}: ${told(offset)}, but no connection${APART}`
    if (offset.by === 'requests')
      return `the order of what is less than ${span(offset.withinNs + clockPolicy.unansweredNs)} apart in it and in ${path}: no connection is in both, and requests show no more than that their clocks agree to within this`
    if (offset.aheadNs === 0) return null
    return `a clock that agrees with that of ${path}: ${told(offset)}, to within ${span(offset.withinNs)}; its times${andThoseAfter(rotation)} are given by that clock`
  }

  /** Sets the clocks of all captures right that this one is linked to, directly or over others. */
  private follow(first: number): void {
    const known = [first]
    for (const capture of known) {
      for (const [other] of this.paths.entries()) {
        const offset = this.offsets?.get(`${capture} ${other}`)
        if (offset === undefined || known.includes(other)) continue
        if (offset.by === 'requests' && offset.aheadNs !== 0) {
          this.references[other] ??= { capture, offset }
          continue
        }
        known.push(other)
        this.groups[other] = first
        this.aheadNs[other] = this.aheadNs[capture] + offset.aheadNs
        this.references[other] = { capture, offset }
      }
    }
  }
}

const APART = ' is in both, so that no request is followed from one to the other'

/** Looks into captures that are to be read together, as far as they can be begun anew. */
export async function compareClocks(
  sources: readonly ByteSource[],
  seed: number,
  signal?: { readonly aborted: boolean },
): Promise<Clocks> {
  const paths = sources.map((source) => source.path)
  if (sources.length === 1 || sources.some((source) => source.rewind === undefined)) return new Clocks(paths)
  const rotations = rotationsNamed(paths, await firstMoments(sources))
  for (const source of sources) source.rewind?.()
  const most = filesLookedAt(rotations)
  if (most === 0) return new Clocks(paths)
  const clock = new RunClock()
  const pool = new BufferPool()
  const seen = new Map<number, Seen>()
  for (const capture of rotations.flatMap((rotation) => rotation.slice(0, most))) {
    const one = await whatWasSeen(sources[capture], pool, clock, seed, signal)
    if (one !== null) seen.set(capture, one)
  }
  const units = clockUnits(rotations, seen)
  // Nothing that holds for the whole of it can be said of a clock that was set back.
  if (units === null || units.some((unit) => unit.seen.setBack)) return new Clocks(paths)
  return new Clocks(
    paths,
    offsetsOf(units),
    units.map(({ captures }) => captures),
  )
}

function offsetsOf(units: readonly ClockUnit[]): Map<string, ClockOffset> {
  const offsets = new Map<string, ClockOffset>()
  for (const [n, one] of units.entries())
    for (const other of units.slice(n + 1)) {
      const offset = clockOffset(one.seen, other.seen)
      if (offset === null) continue
      const [a, b] = [one.captures[0], other.captures[0]]
      offsets.set(`${a} ${b}`, offset)
      offsets.set(`${b} ${a}`, { ...offset, aheadNs: -offset.aheadNs })
    }
  return offsets
}

function andThoseAfter({ length }: readonly number[]): string {
  if (length === 1) return ''
  return length === 2 ? ' and those of the file after it' : ` and those of the ${length - 1} files after it`
}

function told({ aheadNs, by, count }: ClockOffset): string {
  const what = by === 'connections' ? 'connection' : 'request'
  const tell = count === 1 ? `a ${what} in both tells` : `${count} ${what}s in both tell`
  return `it was ${span(Math.abs(aheadNs))} ${aheadNs > 0 ? 'ahead' : 'behind'}, as ${tell}`
}

/** `3.000 s`, `52.1 ms`. */
function span(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`
  return ns >= clockPolicy.leastToldNs ? `${(ns / 1e6).toFixed(1)} ms` : '0.1 ms'
}
