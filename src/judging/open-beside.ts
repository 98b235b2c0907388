import type { ChainMemory } from '../chain/memory.js'
import type { Conversation } from '../exchange/exchange.js'
import { openerOf } from '../facts/roles.js'
import { COMPLETE_DATA } from '../flow/completeness.js'
import type { FlowStore } from '../flow/flow-store.js'
import { judgingPolicy } from './policy.js'
import { isTellingClose } from './telling-close.js'

/** Numbers of IPv6 addresses are apart from those of IPv4. */
const FAMILY_6 = 2 ** 32

/**
 * Chooses the open flows that are looked at beside those that have ended: their other legs may be among them, and flows that closed like
 * them and are only waited for. Looking at one costs as much as judging it, so those are left out that can be neither.
 */
export class OpenBeside {
  /** Ends that served, and those of them that also called. */
  private readonly served = new Set<number>()
  private readonly between = new Set<number>()
  /** Which addresses are one host is found out with all flows in view; before anything is known, all are looked at. */
  private first = true

  constructor(
    private readonly store: FlowStore,
    private readonly memory: Pick<ChainMemory, 'owners' | 'proxies'>,
    private readonly conversationOf: (row: number) => Conversation | null,
  ) {}

  /** Open flows with payload, at most so many: those with the latest segments. */
  rows(ended: readonly number[]): number[] {
    const { flows } = this.store
    const open: number[] = []
    for (let row = 0; row < flows.count; row++)
      if (flows.isOpen(row) && flows.completeness[row] & COMPLETE_DATA) open.push(row)
    const legs = this.mayBeLegs(ended, open)
    if (legs.length <= judgingPolicy.openBeside) return legs
    return legs.sort((a, b) => flows.lastNs[b] - flows.lastNs[a]).slice(0, judgingPolicy.openBeside)
  }

  private mayBeLegs(ended: readonly number[], open: number[]): number[] {
    const { flows } = this.store
    for (const rows of [ended, open]) for (const row of rows) this.noteServer(row)
    for (const rows of [ended, open]) for (const row of rows) this.noteCaller(row)
    const { first } = this
    this.first = false
    // Hosts of several addresses: which of them serve and which call is another question.
    const joined = this.memory.proxies.length > 0 || this.memory.owners.some
    if (first || joined || this.served.size > judgingPolicy.serversKnown) return open
    return open.filter(
      (row) =>
        flows.vantage[row] !== 0 ||
        this.between.has(this.address(row, 0)) ||
        this.between.has(this.address(row, 1)) ||
        isTellingClose(this.store, row, this.conversationOf),
    )
  }

  private noteServer(row: number): void {
    if (this.served.size > judgingPolicy.serversKnown) return
    const client = this.client(row)
    if (client !== 0) this.served.add(this.address(row, 0))
    if (client !== 1) this.served.add(this.address(row, 1))
  }

  private noteCaller(row: number): void {
    const client = this.client(row)
    for (const side of [0, 1] as const) {
      const address = this.address(row, side)
      if (client !== 1 - side && this.served.has(address)) this.between.add(address)
    }
  }

  /** The side that called; null: nobody knows, and both may have. */
  private client(row: number): 0 | 1 | null {
    return openerOf(this.store.flows, this.store.sides, row)
  }

  /** With its sign, an IPv4 address is a number that V8 keeps without an object, and finds in a set at once. */
  private address(row: number, side: 0 | 1): number {
    const { address0, address1, family } = this.store.flows
    const address = side === 0 ? address0[row] : address1[row]
    return family[row] === 6 ? address + FAMILY_6 : address | 0
  }
}
