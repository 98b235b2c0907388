/** When servers answered, on whatever connection: what speaks against one that is said to be gone. */
import type { FlowFacts } from '../facts/flow-facts.js'
import { findingPolicy } from './policy.js'

/** A sign of life of a server. */
export interface Answer {
  /** Seconds since the first capture's start. */
  readonly time: number
  /** The connection on which it came. */
  readonly stream: number
}

/** One answer of each second in which a server gave any, by its address and by its address and port. */
export class AnswersHeard {
  private readonly servers = new Map<string, Map<number, Answer>>()
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
  add({ stream, server, synAck, sides, conversation }: FlowFacts): void {
    const names = [nameOf(server.ip, server.port), nameOf(server.ip, null)]
    let latest: number | null = null
    const note = (ns: number | undefined): void => {
      if (ns === undefined) return
      const time = (ns - this.startNs) / 1e9
      // Responses come many in a second: all but the first are known.
      if (Math.floor(time) !== latest) this.note(names, { time, stream })
      latest = Math.floor(time)
    }
    note(synAck?.ns)
    note(sides.server.lastPayload?.ns)
    for (const { responseStart } of conversation?.exchanges ?? []) note(responseStart?.timeNs)
  }

  /**
   * An answer of a server within a stretch of time, in seconds since the first capture's start; `port` null: on any port of its address.
   * Null: none, or none that was kept.
   */
  within(ip: string, port: number | null, from: number, to: number): Answer | null {
    const heard = this.servers.get(nameOf(ip, port))
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

  private note(names: readonly string[], answer: Answer): void {
    if (this.kept >= this.most) this.forgetOldest()
    for (const name of names) {
      let heard = this.servers.get(name)
      if (heard === undefined) this.servers.set(name, (heard = new Map<number, Answer>()))
      const second = Math.floor(answer.time)
      if (heard.has(second)) continue
      heard.set(second, answer)
      this.kept++
    }
  }

  /** Half of what is kept of each server, the half that was noted first. */
  private forgetOldest(): void {
    for (const [name, heard] of this.servers) {
      const left = [...heard].slice(Math.ceil(heard.size / 2))
      this.kept -= heard.size - left.length
      this.forgotten += heard.size - left.length
      if (left.length === 0) this.servers.delete(name)
      else this.servers.set(name, new Map(left))
    }
  }
}

function nameOf(ip: string, port: number | null): string {
  return port === null ? ip : `${ip} ${port}`
}
