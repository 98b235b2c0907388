/** Which parts are the death of one host or program: what it cut, what was refused and what got no answer. */
import { append } from '../chain/lists.js'
import { firstAbove, firstAtLeast } from '../chain/ordered.js'
import { SEVERITY_ORDER } from '../result.js'
import type { AnswersHeard } from './answers.js'
import { classOf, joinedByKind, spanOf, type Part } from './finding-part.js'
import { FirstInRange } from './first-in-range.js'
import { findingPolicy } from './policy.js'

/** How connections to a host that is gone or a program that has stopped fail, and how they end when it does. */
type Fate = 'silent' | 'refused' | 'dying'

/** What else a program's death may look like on its port. Ends alone are none: nothing shows that it was gone afterwards. */
const WITH: Readonly<Record<Fate, readonly Fate[]>> = {
  silent: ['refused', 'dying'],
  refused: ['refused', 'dying', 'silent'],
  dying: ['refused', 'silent'],
}

/** A part with what may make it an outage; `fate` null: nothing does. Times in seconds since the first capture's start. */
interface Failing {
  readonly part: Part
  readonly fate: Fate | null
  readonly ip: string
  readonly port: number
  readonly from: number
  readonly to: number
}

function failingOf(part: Part): Failing {
  const { from, to } = spanOf(part)
  const { server } = part.flows[0]
  return { part, fate: fateOf(part, to - from), ip: server.ip, port: server.port, from, to }
}

function fateOf(part: Part, lasted: number): Fate | null {
  if (part.contested === true) return null
  switch (classOf(part)) {
    case 'refused':
      return 'refused'
    case 'connect-timeout':
      return 'silent'
    case 'vanished':
      // Of a connection whose client vanished the server is not to blame.
      return part.flows[0].verdict.gone === 'server' ? 'silent' : null
    case 'server-abort':
    case 'shutdown':
      return lasted <= findingPolicy.outageApartSeconds ? 'dying' : null
    default:
      return null
  }
}

/** Parts met so far, in order of time, by what a later one may have in common with them: when they were over, and the group of each. */
class Met {
  private readonly byKey = new Map<string, FirstInRange>()
  private readonly times = new Map<string, readonly number[]>()

  constructor(
    parts: readonly Failing[],
    private readonly answers: AnswersHeard,
  ) {
    const ends = new Map<string, number[]>()
    for (const part of parts) for (const key of keysOf(part)) append(ends, key, part.to)
    for (const [key, values] of ends) this.byKey.set(key, new FirstInRange(values.sort((a, b) => a - b)))
  }

  note(part: Failing, group: number): void {
    for (const key of keysOf(part)) this.byKey.get(key)?.note(part.to, group)
  }

  /** The first group with a part that is one death with this one: in one stretch of time in which nobody was answered. Infinity: none. */
  groupOf({ fate, ip, port, from, to }: Failing): number {
    if (fate === null) return Infinity
    const since = from - findingPolicy.outageApartSeconds
    // A program that stopped is its port's matter; one that served somebody between two of its failures was back.
    const served = this.answersOf(ip, port)
    const back = served[firstAtLeast(served, from) - 1] ?? -Infinity
    const groups = WITH[fate].map((other) =>
      this.first(`${ip} ${port} ${other}`, Math.max(since, back), Infinity),
    )
    if (fate === 'silent') {
      // A host that is gone takes all of its ports with it; one that answered while it was silent on both was there.
      const heard = this.answersOf(ip, null)
      const there = heard[firstAbove(heard, from + findingPolicy.stillSilentSeconds)] ?? Infinity
      groups.push(this.first(ip, since, to <= there ? Infinity : there))
    }
    return Math.min(...groups)
  }

  private first(key: string, from: number, to: number): number {
    return this.byKey.get(key)?.first(from, to) ?? Infinity
  }

  private answersOf(ip: string, port: number | null): readonly number[] {
    const key = `${ip} ${port}`
    const known = this.times.get(key) ?? this.answers.timesOf(ip, port)
    this.times.set(key, known)
    return known
  }
}

function keysOf({ fate, ip, port }: Failing): string[] {
  if (fate === null) return []
  const own = `${ip} ${port} ${fate}`
  return fate === 'silent' ? [own, ip] : [own]
}

/** Parts, each alone or with what else is the same host's death: one part of each class, the worst and most frequent first. */
export function outages(parts: readonly Part[], answers: AnswersHeard): [Part, ...Part[]][] {
  const inOrder = parts.map(failingOf).sort((a, b) => a.from - b.from)
  const met = new Met(inOrder, answers)
  const groups: Part[][] = []
  for (const one of inOrder) {
    const known = met.groupOf(one)
    const at = known === Infinity ? groups.push([]) - 1 : known
    groups[at].push(one.part)
    met.note(one, at)
  }
  return groups.map((group) => {
    const [main, ...rest] = joinedByKind(group, classOf).sort(
      (a, b) =>
        SEVERITY_ORDER[a.flows[0].verdict.severity] - SEVERITY_ORDER[b.flows[0].verdict.severity] ||
        b.count.flows - a.count.flows,
    )
    return [main, ...rest]
  })
}
