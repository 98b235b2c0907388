import type { FlowFacts } from '../facts/flow-facts.js'
import type { FlowStore } from '../flow/flow-store.js'
import type { UserTimeout } from '../knowledge/types.js'
import { Coverage } from '../outcome/coverage.js'
import { ExposureLedger } from '../outcome/exposure.js'
import { Tally } from '../outcome/tally.js'
import type { Verdict } from '../result.js'
import { TimerLedger } from '../timers/ledger.js'
import type { Case } from '../verdicts/verdict-rule.js'

/** What is counted of all flows, shown or not: bounded, whatever their number. */
export class Counts {
  readonly tally = new Tally()
  readonly ledger: TimerLedger
  readonly exposure = new ExposureLedger()
  private readonly coverage: Coverage[] = []

  constructor(
    private readonly store: FlowStore,
    timeouts: readonly UserTimeout[],
  ) {
    this.ledger = new TimerLedger(timeouts)
  }

  /** Counts what a flow's capture lacks of it. */
  cover(facts: FlowFacts): void {
    this.coverageOf(facts.capture).add(facts)
  }

  /** Counts a flow that was judged. Whether the same connection, one of `twins` and seen elsewhere, was counted before. */
  add({ facts, around }: Case, verdict: Verdict, twins: readonly number[]): boolean {
    if (twins.every((twin) => twin > facts.stream)) {
      this.ledger.add(facts, around, verdict)
      this.exposure.add(facts, around, verdict)
    }
    return this.tally.add(facts.stream, verdict, twins)
  }

  /** Counts SYNs of a flood as open (lone-syns.ts). `textOf`: text of an address of the columns. */
  addLoneSyns(rows: readonly number[], textOf: (family: number, address: number) => string): void {
    const { flows } = this.store
    for (const row of rows) {
      const family = flows.family[row]
      const lasted = flows.lastNs[row] - flows.firstNs[row]
      const server = { ip: textOf(family, flows.address1[row]), port: flows.port1[row] }
      this.coverageOf(flows.capture[row]).flows++
      this.tally.add(flows.stream[row], { class: 'open', severity: 'ok' }, [])
      this.ledger.noteSpan(flows.firstNs[row], flows.lastNs[row])
      this.exposure.addLoneSyn(server, lasted, flows.stream[row], () => textOf(family, flows.address0[row]))
    }
  }

  coverageOf(capture: number): Coverage {
    return (this.coverage[capture] ??= new Coverage())
  }
}
