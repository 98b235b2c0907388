import type { Certainty, FlowReport } from '../result.js'
import { Numbers } from './numbers-kept.js'
import { listingPolicy, type ListingLimits } from './policy.js'

/** Words of certainty from best to worst. */
export const CERTAINTY_ORDER: Readonly<Record<Certainty, number>> = { certain: 0, likely: 1, possible: 2 }
const CERTAINTIES: readonly Certainty[] = ['certain', 'likely', 'possible']

/** What became of the requests of flows: how many were sent again unseen, or in vain, and the error statuses that clients got. */
class Outcomes {
  retried = 0
  /** Sent again, and the client got an error all the same. */
  inVain = 0
  readonly failed = new Map<number, number>()

  add(flow: FlowReport): void {
    const { status, retryStream } = flow.consequence ?? { status: null, retryStream: null }
    const error = status !== null && status >= 500
    if (retryStream !== null && error) this.inVain++
    else if (retryStream !== null) this.retried++
    else if (error) this.failed.set(status, (this.failed.get(status) ?? 0) + 1)
  }
}

/** Flows of a finding, in numbers: what is left of those that are not listed, and what is counted of all. */
export class FindingCount {
  flows = 0
  /** How many are how sure. */
  readonly sure: Record<Certainty, number> = { certain: 0, likely: 0, possible: 0 }
  readonly silences: Numbers
  readonly clients = new Set<string>()
  readonly outcomes = new Outcomes()

  constructor(private readonly limits: ListingLimits = listingPolicy) {
    this.silences = new Numbers(limits.numbersOfFinding)
  }

  add(flow: FlowReport): void {
    this.flows++
    this.sure[flow.verdict.certainty]++
    if (flow.close.silence !== null) this.silences.add(flow.close.silence)
    if (this.clients.size < this.limits.clientsOfFinding) this.clients.add(flow.client.ip)
    this.outcomes.add(flow)
  }

  /** Of the least sure flow. */
  get certainty(): Certainty {
    return CERTAINTIES.findLast((word) => this.sure[word] > 0) ?? 'certain'
  }

  /** Adds what another one counted. */
  addAll(other: FindingCount): void {
    this.flows += other.flows
    for (const word of CERTAINTIES) this.sure[word] += other.sure[word]
    this.silences.addAll(other.silences)
    for (const ip of other.clients) if (this.clients.size < this.limits.clientsOfFinding) this.clients.add(ip)
    this.outcomes.retried += other.outcomes.retried
    this.outcomes.inVain += other.outcomes.inVain
    for (const [status, flows] of other.outcomes.failed)
      this.outcomes.failed.set(status, (this.outcomes.failed.get(status) ?? 0) + flows)
  }
}
