/** Captures whose clocks are compared: those of one rotation have one clock. */
import { rotationsOf } from '../capture/rotations.js'
import { clockPolicy } from './clock-policy.js'
import type { Seen, Sighting, Sightings } from './clock-sightings.js'

/** Captures of one clock, by their numbers in the order in which they begin, and what was seen in those that were looked at. */
export interface ClockUnit {
  readonly captures: readonly number[]
  readonly seen: Seen
}

/** Captures that may be of one rotation each, as their names tell; `beginsNs`: when they begin, null: nobody knows. */
export function rotationsNamed(paths: readonly string[], beginsNs: readonly (number | null)[]): number[][] {
  const at = (capture: number): number => beginsNs[capture] ?? Infinity
  const order = [...paths.keys()].sort((a, b) => (at(a) === at(b) ? a - b : at(a) - at(b)))
  const rotations = rotationsOf(order.map((capture) => paths[capture]))
  const found: number[][] = []
  for (const [n, capture] of order.entries()) (found[rotations[n]] ??= []).push(capture)
  return found
}

/** How many of each rotation's files are looked at; 0: there are too many, or one rotation only, which has one clock. */
export function filesLookedAt(rotations: readonly (readonly number[])[]): number {
  const files = rotations.reduce((sum, { length }) => sum + length, 0)
  if (files <= clockPolicy.captures) return files > 1 ? files : 0
  return rotations.length > 1 ? Math.floor(clockPolicy.captures / rotations.length) : 0
}

/**
 * What is to be compared. Files that overlap in time, or saw the same connections begin, are no rotation, whatever their names: each is by
 * itself. A SYN that is sent again in the next file begins its connection in both, if it was not completed before.
 * @param seen by capture, of those that were looked at and could be read
 * @returns null: a rotation is none, and not all of its files were looked at
 */
export function clockUnits(
  rotations: readonly (readonly number[])[],
  seen: ReadonlyMap<number, Seen>,
): ClockUnit[] | null {
  const units: ClockUnit[] = []
  for (const captures of rotations) {
    const looked = captures.flatMap((capture) => seen.get(capture) ?? [])
    const [first, ...rest] = looked
    if (first === undefined) continue
    if (follow(looked)) units.push({ captures, seen: rest.reduce(joined, first) })
    else if (looked.length < captures.length) return null
    else units.push(...captures.map((capture, n) => ({ captures: [capture], seen: looked[n] })))
  }
  return units
}

function follow(looked: readonly Seen[]): boolean {
  const begun = new Set<string>()
  return looked.every((one, n) => {
    const anew = ![...one.handshakes.keys()].some((key) => begun.has(key))
    for (const key of one.completed) begun.add(key)
    return anew && (n === 0 || one.fromNs >= looked[n - 1].toNs)
  })
}

function joined(one: Seen, next: Seen): Seen {
  return {
    setBack: one.setBack || next.setBack,
    fromNs: Math.min(one.fromNs, next.fromNs),
    toNs: Math.max(one.toNs, next.toNs),
    handshakes: together(one.handshakes, next.handshakes),
    completed: new Set([...one.completed, ...next.completed]),
    ids: together(one.ids, next.ids),
    contents: together(one.contents, next.contents),
  }
}

function together(one: Sightings, next: Sightings): Sightings {
  const all = new Map<string, readonly Sighting[]>(one)
  for (const [key, sightings] of next) all.set(key, [...(all.get(key) ?? []), ...sightings])
  return all
}
