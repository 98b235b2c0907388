import type { FlowFacts } from './flow-facts.js'

/**
 * Something for each leg: who calls, and the address and port of the server. Every flow asks, and its addresses are the same strings as
 * those of the flows before: maps in maps find them, where a key made of them would have to be put together and read with every flow.
 */
export class ByLeg<T> {
  private readonly servers = new Map<string, Map<number, Map<string, T>>>()
  private readonly keys: { readonly caller: string; readonly server: FlowFacts['server'] }[] = []
  private readonly inOrder: T[] = []

  /** In the order in which they were added. */
  get all(): readonly T[] {
    return this.inOrder
  }

  get(caller: string, { ip, port }: FlowFacts['server']): T | undefined {
    return this.servers.get(ip)?.get(port)?.get(caller)
  }

  /** Adds what there was not before. */
  add(caller: string, server: FlowFacts['server'], what: T): void {
    const { ip, port } = server
    let ports = this.servers.get(ip)
    if (ports === undefined) this.servers.set(ip, (ports = new Map<number, Map<string, T>>()))
    const callers = ports.get(port)
    if (callers === undefined) ports.set(port, new Map([[caller, what]]))
    else callers.set(caller, what)
    this.keys.push({ caller, server: { ip, port } })
    this.inOrder.push(what)
  }

  /** Gives up half of them, those that `worth` values least and of equals the later ones. Returns what was given up. */
  halve(worth: (what: T) => number): readonly T[] {
    const { keys, inOrder } = this
    const best = inOrder
      .map((_, index) => index)
      .sort((a, b) => worth(inOrder[b]) - worth(inOrder[a]) || a - b)
    const kept = new Set(best.slice(0, inOrder.length >> 1))
    const before = inOrder.map((what, index) => ({ ...keys[index], what, stays: kept.has(index) }))
    this.servers.clear()
    keys.length = 0
    inOrder.length = 0
    for (const { caller, server, what, stays } of before) if (stays) this.add(caller, server, what)
    return before.filter(({ stays }) => !stays).map(({ what }) => what)
  }
}
