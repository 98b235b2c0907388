/** Which files of a run are one rotation: told by their names, and by how their numbers go with their times. */
import { LONGEST_NUMBER, PAIRED_WITH } from './policy.js'

/** A file's name, taken apart. */
interface Name {
  /** Index of the file. */
  readonly file: number
  /** All that is no number. */
  readonly stem: string
  /** Its numbers, as texts that compare like numbers. */
  readonly numbers: readonly string[]
}

/**
 * The rotation that each file belongs to, as a number. Files whose names differ in nothing but numbers (`a.pcap`, `a.pcap1`;
 * `web-1-0001.pcap`) are one rotation if their numbers go with the time. If not, and one or two of the numbers split them into groups in
 * each of which they do, these are the rotations.
 * @param paths in the order in which the files begin
 */
export function rotationsOf(paths: readonly string[]): number[] {
  const names = paths.map((path, file) => nameOf(file, path))
  const found = new Array<number>(paths.length).fill(0)
  let count = 0
  for (const like of groupedBy(names, ({ stem }) => stem))
    for (const rotation of toldApart(like)) {
      for (const { file } of rotation) found[file] = count
      count++
    }
  return found
}

/** What packs the older files of a rotation does not make them another's. */
const PACKED = /\.(?:gz|zst|xz|bz2)$/

function nameOf(file: number, path: string): Name {
  const parts = path.replace(PACKED, '').split(/(\d+)/)
  const numbers = parts.filter((_, at) => at % 2 === 1).map((digits) => digits.padStart(LONGEST_NUMBER, '0'))
  // The first file of tcpdump -C has no number; the others have theirs at the end.
  const stem = parts.filter((_, at) => at % 2 === 0).join('\0')
  return { file, stem: stem.replace(/\0$/, ''), numbers }
}

/** Files of one stem, rotation by rotation: as few as have numbers that go with the time; of equal splits, the one with fewest steps back. */
function toldApart(names: readonly Name[]): readonly (readonly Name[])[] {
  const orderly = waysToSplit(names).filter((way) => way.every(isOrderly))
  const downs = (way: readonly (readonly Name[])[]): number => way.reduce((sum, one) => sum + downsOf(one), 0)
  const [fewest] = orderly.sort((a, b) => a.length - b.length || downs(a) - downs(b))
  return fewest ?? [names]
}

/** All as one, and split by each number or pair of numbers that not all share, if that leaves two files or more to each on average. */
function waysToSplit(names: readonly Name[]): (readonly (readonly Name[])[])[] {
  const [{ numbers: first }] = names
  const varying = [...first.keys()].filter((at) => names.some(({ numbers }) => numbers[at] !== first[at]))
  const choices = varying.flatMap((a, n) => [
    [a],
    ...varying.slice(n + 1, n + 1 + PAIRED_WITH).map((b) => [a, b]),
  ])
  const split = choices.map((at) =>
    groupedBy(names, ({ numbers }) => at.map((one) => numbers[one]).join(' ')),
  )
  return [[names], ...split.filter((way) => way.length * 2 <= names.length)]
}

/** Names with one key each, in the order of the first of them. */
function groupedBy(names: readonly Name[], keyOf: (name: Name) => string): Name[][] {
  const groups = new Map<string, Name[]>()
  for (const name of names) {
    const key = keyOf(name)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [name])
    else group.push(name)
  }
  return [...groups.values()]
}

/** The numbers go up, or down, or up with one step back to below the first, as in a ring of files. */
function isOrderly(names: readonly Name[]): boolean {
  const downs = downsOf(names)
  if (downs === 0 || downs === names.length - 1) return true
  return downs === 1 && isBefore(names[names.length - 1].numbers, names[0].numbers)
}

function downsOf(names: readonly Name[]): number {
  return names.filter((name, n) => n > 0 && !isBefore(names[n - 1].numbers, name.numbers)).length
}

function isBefore(a: readonly string[], b: readonly string[]): boolean {
  for (const [at, number] of b.entries()) {
    if (at >= a.length || a[at] < number) return true
    if (a[at] > number) return false
  }
  return false
}
