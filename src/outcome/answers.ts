/** When servers answered, on whatever connection: what speaks against one that is said to be gone. */
import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { findingPolicy } from './policy.js'

const NONE: readonly Exchange[] = []

/** A sign of life of a server. */
export interface Answer {
  /** Seconds since the first capture's start. */
  readonly time: number
  /** The connection on which it came. */
  readonly stream: number
}

/** By second, the first answer in it. */
type Heard = Map<number, Answer>

interface Server {
  readonly onAnyPort: Heard
  readonly byPort: Map<number, Heard>
}

/** One answer of each second in which a server gave any, by its address and by its address and port. */
export class AnswersHeard {
  private readonly servers = new Map<string, Server>()
  private kept = 0
  /** Answers that were too many to be kept. */
  forgotten = 0

  /**
   * @param startNs time that counts as 0
   * @param most answers kept
   */
  constructor(
    private readonly startNs: number,
    private readonly most: number = findingPolicy.answersKept,
  ) {}

  /** Notes what the server of a flow said: that it accepted the connection, its responses, its last bytes. */
  add(flow: FlowFacts): void {
    const { synAck, sides, conversation } = flow
    let latest = this.note(flow, synAck?.ns, null)
    latest = this.note(flow, sides.server.lastPayload?.ns, latest)
    for (const { responseStartNs } of conversation?.exchanges ?? NONE)
      if (responseStartNs !== Infinity) latest = this.note(flow, responseStartNs, latest)
  }

  /**
   * An answer of a server within a stretch of time, in seconds since the first capture's start; `port` null: on any port of its address.
   * Null: none, or none that was kept.
   */
  within(ip: string, port: number | null, from: number, to: number): Answer | null {
    const server = this.servers.get(ip)
    const heard = port === null ? server?.onAnyPort : server?.byPort.get(port)
    if (heard === undefined || !(to > from)) return null
    const fits = (answer: Answer | undefined): answer is Answer =>
      answer !== undefined && answer.time > from && answer.time < to
    if (to - from > heard.size) return [...heard.values()].find(fits) ?? null
    for (let second = Math.floor(from); second <= to; second++) {
      const answer = heard.get(second)
      if (fits(answer)) return answer
    }
    return null
  }

  /** When the answers that are kept came, ascending; `port` null: on any port of the address. */
  timesOf(ip: string, port: number | null): readonly number[] {
    const server = this.servers.get(ip)
    const heard = port === null ? server?.onAnyPort : server?.byPort.get(port)
    return [...(heard?.values() ?? [])].map(({ time }) => time).sort((x, y) => x - y)
  }

  /** Notes an answer, unless its second is that of the flow's one before: they come many in a second. Returns the second. */
  private note({ server, stream }: FlowFacts, ns: number | undefined, latest: number | null): number | null {
    if (ns === undefined) return latest
    const time = (ns - this.startNs) / 1e9
    const second = Math.floor(time)
    if (second === latest) return latest
    if (this.kept >= this.most) this.forgetOldest()
    const { onAnyPort, byPort } = this.serverOf(server.ip)
    let onPort = byPort.get(server.port)
    if (onPort === undefined) byPort.set(server.port, (onPort = new Map<number, Answer>()))
    if (!onPort.has(second)) this.keep(onPort, second, { time, stream })
    if (!onAnyPort.has(second)) this.keep(onAnyPort, second, { time, stream })
    return second
  }

  private serverOf(ip: string): Server {
    let server = this.servers.get(ip)
    if (server === undefined) {
      server = { onAnyPort: new Map<number, Answer>(), byPort: new Map<number, Heard>() }
      this.servers.set(ip, server)
    }
    return server
  }

  private keep(heard: Heard, second: number, answer: Answer): void {
    heard.set(second, answer)
    this.kept++
  }

  /** Half of what is kept of each server, the half that was noted first. */
  private forgetOldest(): void {
    for (const [ip, { onAnyPort, byPort }] of this.servers) {
      this.halve(onAnyPort)
      for (const [port, heard] of byPort) {
        this.halve(heard)
        if (heard.size === 0) byPort.delete(port)
      }
      if (onAnyPort.size + byPort.size === 0) this.servers.delete(ip)
    }
  }

  private halve(heard: Heard): void {
    const gone = [...heard.keys()].slice(0, Math.ceil(heard.size / 2))
    for (const second of gone) heard.delete(second)
    this.kept -= gone.length
    this.forgotten += gone.length
  }
}
