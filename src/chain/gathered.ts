import type { FlowFacts } from '../facts/flow-facts.js'
import { append } from './lists.js'
import type { NumbersOf } from './memory.js'
import { memoryPolicy } from './policy.js'

/** Where values are noted, under the end they belong to. */
export interface Sink {
  add(key: string, value: number): void
}

type Lists<Name extends string> = Record<Name, Map<string, number[]>>

/** What closes tell, gathered for one end when it is first asked for: where all is well nobody asks. */
export class Gathered<Name extends 'gaps' | 'ages' | 'idle'> {
  private flowsOf: Map<string, FlowFacts[]> | null = null
  private readonly kept = new Map<string, Lists<Name>>()
  private readonly keptLong = new Map<string, Lists<Name>>()

  /** `endOf`: the end that a flow's values belong to; `before`: those of flows that are gone; `note` puts them into lists. */
  constructor(
    private readonly flows: readonly FlowFacts[],
    private readonly endOf: (flow: FlowFacts) => string | null,
    private readonly names: readonly Name[],
    private readonly before: Readonly<Record<Name, NumbersOf>>,
    private readonly note: (flow: FlowFacts, lists: Record<Name, Sink>, leastNs: number) => void,
  ) {}

  /** The values of the flow's end, at least those from `fromNs` on. Short ones, which are many, are left out unless `fromNs` is short. */
  listsFor(flow: FlowFacts, fromNs: number): Lists<Name> {
    const isShort = fromNs < memoryPolicy.leastGapNs
    const kept = isShort ? this.kept : this.keptLong
    const end = this.endOf(flow) ?? ''
    let lists = kept.get(end)
    if (lists === undefined) kept.set(end, (lists = this.gather(end, isShort ? 0 : memoryPolicy.leastGapNs)))
    return lists
  }

  private gather(end: string, leastNs: number): Lists<Name> {
    const { names, before } = this
    const lists = each(names, () => new Map<string, number[]>())
    const sinks = each(names, (name): Sink => ({ add: (key, value) => append(lists[name], key, value) }))
    this.flowsOf ??= grouped(this.flows, this.endOf)
    for (const flow of this.flowsOf.get(end) ?? []) this.note(flow, sinks, leastNs)
    for (const name of names) complete(lists[name], before[name])
    return lists
  }
}

function each<Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>
}

function grouped(
  flows: readonly FlowFacts[],
  endOf: (flow: FlowFacts) => string | null,
): Map<string, FlowFacts[]> {
  const groups = new Map<string, FlowFacts[]>()
  for (const flow of flows) {
    const end = endOf(flow)
    if (end !== null) append(groups, end, flow)
  }
  return groups
}

/** Adds what was noted before, and sorts. */
function complete(lists: Map<string, number[]>, before: NumbersOf): void {
  for (const [key, list] of lists) {
    for (const value of before.of(key)) list.push(value)
    list.sort((a, b) => a - b)
  }
}
