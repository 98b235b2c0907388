import { ByLeg } from '../facts/by-leg.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Surroundings } from '../facts/leg-facts.js'
import type { Exposure, Verdict } from '../result.js'
import { ExposedLeg } from './exposed-leg.js'
import { callerOf } from './finding-part.js'
import { exposurePolicy } from './policy.js'

/** Adds up what every leg did, flow by flow: the opportunities that its failures had. */
export class ExposureLedger {
  private readonly legs = new ByLeg<ExposedLeg>()
  private readonly omitted = new Set<string>()

  /** Adds one flow. A connection that was captured at two places is to be added once, with the first of its flows. */
  add(facts: FlowFacts, around: Surroundings, verdict: Verdict): void {
    const caller = callerOf({ ip: facts.client.ip, role: around.clientRole })
    const { server } = facts
    let leg = this.legs.get(caller, server)
    if (leg === undefined) {
      if (this.legs.all.length >= exposurePolicy.legs) {
        if (this.omitted.size < exposurePolicy.legs) this.omitted.add(`${caller} ${server.ip} ${server.port}`)
        return
      }
      leg = new ExposedLeg(facts, around)
      this.legs.add(caller, server, leg)
    }
    leg.add(facts, verdict)
  }

  /**
   * Adds a SYN of many, from one of the many clients of a server: of a flow that is neither looked at nor judged. One that was has opened
   * its leg.
   */
  addLoneSyn(server: FlowFacts['server'], lastedNs: number, stream: number, client: () => string): void {
    this.legs.get('clients', server)?.addLoneSyn(lastedNs, stream, client)
  }

  /** `spans`: first and last moment of each capture, nanoseconds; a capture without a frame has none. */
  exposure(spans: readonly (readonly [fromNs: number, toNs: number])[]): Exposure {
    const legs = [...this.legs.all].sort((a, b) => Number(b.bad) - Number(a.bad) || b.weight - a.weight)
    const listed = legs.slice(0, exposurePolicy.legsListed)
    return {
      seconds: coveredNs(spans) / 1e9,
      legs: listed.map((leg) => leg.exposure()),
      legsOmitted: legs.length - listed.length + this.omitted.size,
    }
  }
}

/** Time that lies within at least one span: two hosts that captured the same minute cover one minute. */
function coveredNs(spans: readonly (readonly [number, number])[]): number {
  let covered = 0
  let until = -Infinity
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    covered += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return covered
}
