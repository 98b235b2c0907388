import type { ServingSoftware } from './software.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { AnsweredRequests } from './answered.js'
import { CaptureOwners } from './hosts.js'
import { Meetings } from './meetings.js'
import { memoryPolicy, proxyPolicy } from './policy.js'
import type { ProxyHost } from './proxy-hosts.js'
import { SettledLegs } from './settled-legs.js'

/** Gaps by name, nanoseconds; bounded, and without those too short to be a timer's. */
export class NumbersOf {
  private readonly lists = new Map<string, number[]>()

  add(name: string, value: number): void {
    if (value < memoryPolicy.leastGapNs) return
    const list = this.lists.get(name)
    if (list !== undefined) {
      if (list.length < memoryPolicy.gapsOfEnd) list.push(value)
    } else if (this.lists.size < memoryPolicy.names) this.lists.set(name, [value])
  }

  of(name: string): readonly number[] {
    return this.lists.get(name) ?? []
  }
}

/** What the chain floor remembers of flows that were settled before: bounded, whatever their number. */
export class ChainMemory {
  readonly owners = new CaptureOwners()
  /** Pairs of addresses that were found to be one proxy's. */
  readonly proxies: ProxyHost[] = []
  readonly settledLegs = new SettledLegs()
  readonly meetings = new Meetings()
  readonly answered = new AnsweredRequests()
  /** Software word by `address:port` of a server. */
  readonly serving = new Map<string, string>()
  /** `address:port` of servers that pass on the Server header of what is behind them. */
  readonly passing = new Set<string>()
  /** Gaps and ages by closing end, idle times and silences by server; nanoseconds. */
  readonly gaps = new NumbersOf()
  readonly ages = new NumbersOf()
  readonly idle = new NumbersOf()
  readonly silences = new NumbersOf()
  /** Half-closed flows by the end that leaks them. */
  readonly halfClosed = new Map<string, number>()

  /** Takes over the software of servers. */
  noteServing({ byEnd, passing }: Pick<ServingSoftware, 'byEnd' | 'passing'>): void {
    for (const [end, word] of byEnd)
      if (this.serving.size < memoryPolicy.names || this.serving.has(end)) this.serving.set(end, word)
    for (const end of passing) if (this.passing.size < memoryPolicy.names) this.passing.add(end)
  }

  /** Takes over pairs of addresses that were found to be one proxy's. */
  noteProxies(found: readonly ProxyHost[]): void {
    for (const pair of found) if (this.proxies.length < proxyPolicy.remembered) this.proxies.push(pair)
  }

  /** Counts a half-closed flow of the end that leaks it. */
  noteHalfClosed(end: string): void {
    const known = this.halfClosed.get(end)
    if (known !== undefined || this.halfClosed.size < memoryPolicy.names)
      this.halfClosed.set(end, (known ?? 0) + 1)
  }
}

/** Address and port of a flow's server, as name. */
export function serverName({ server }: Pick<FlowFacts, 'server'>): string {
  return `${server.ip}:${server.port}`
}
