import { RunClock } from '../capture/run-clock.js'
import type { ByteSource } from '../capture/source.js'
import { type ClockOffset, clockOffset } from './clock-offsets.js'
import { clockPolicy } from './clock-policy.js'
import { type Seen, whatWasSeen } from './clock-sightings.js'

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
   */
  constructor(
    private readonly paths: readonly string[],
    private readonly offsets: ReadonlyMap<string, ClockOffset> | null = null,
  ) {
    this.aheadNs = paths.map(() => 0)
    this.groups = paths.map((_, capture) => capture)
    this.references = paths.map(() => null)
    for (const [capture] of paths.entries()) if (this.groups[capture] === capture) this.follow(capture)
  }

  /** Captures with the same number have clocks that agree. `vantageOf`: files of a rotation have the same clock. */
  groupOf(capture: number, vantageOf: (capture: number) => number | null): number {
    if (this.offsets === null) return 0
    const vantage = vantageOf(capture)
    const same = this.groups.findIndex((_, one) => vantage !== null && vantageOf(one) === vantage)
    return this.groups[same < 0 ? capture : same]
  }

  /** What the reader is to know of this capture's clock; null: nothing. */
  wordsOf(capture: number, vantageOf: (capture: number) => number | null): string | null {
    if (this.offsets === null || vantageOf(capture) === null) return null
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
    return `a clock that agrees with that of ${path}: ${told(offset)}, to within ${span(offset.withinNs)}; its times are given by that clock`
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
  const few = sources.length > 1 && sources.length <= clockPolicy.captures
  if (!few || sources.some((source) => source.rewind === undefined)) return new Clocks(paths)
  const clock = new RunClock()
  const seen: (Seen | null)[] = []
  for (const source of sources) seen.push(await whatWasSeen(source, clock, seed, signal))
  // Nothing that holds for the whole of it can be said of a clock that was set back.
  if (seen.some((one) => one?.setBack)) return new Clocks(paths)
  const offsets = new Map<string, ClockOffset>()
  seen.forEach((one, i) => {
    seen.forEach((other, j) => {
      const offset = j > i && one !== null && other !== null ? clockOffset(one, other) : null
      if (offset === null) return
      offsets.set(`${i} ${j}`, offset)
      offsets.set(`${j} ${i}`, { ...offset, aheadNs: -offset.aheadNs })
    })
  })
  return new Clocks(paths, offsets)
}

function told({ aheadNs, by, count }: ClockOffset): string {
  const what = by === 'connections' ? 'connection' : 'request'
  const tell = count === 1 ? `a ${what} in both tells` : `${count} ${what}s in both tell`
  return `it was ${span(Math.abs(aheadNs))} ${aheadNs > 0 ? 'ahead' : 'behind'}, as ${tell}`
}

/** `3.000 s`, `52.1 ms`. */
function span(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`
  return ns >= 1e5 ? `${(ns / 1e6).toFixed(1)} ms` : '0.1 ms'
}
