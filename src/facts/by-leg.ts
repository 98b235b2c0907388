import type { FlowFacts } from './flow-facts.js'

/**
 * Something for each leg: who calls, and the address and port of the server. Every flow asks, and its addresses are the same strings as
 * those of the flows before: maps in maps find them, where a key made of them would have to be put together and read with every flow.
 */
export class ByLeg<T> {
  private readonly servers = new Map<string, Map<number, Map<string, T>>>()
  private inOrder: T[] = []

  /** In the order in which they were added. */
  get all(): readonly T[] {
    return this.inOrder
  }

  get(caller: string, { ip, port }: FlowFacts['server']): T | undefined {
    return this.servers.get(ip)?.get(port)?.get(caller)
  }

  /** Adds what there was not before. */
  add(caller: string, { ip, port }: FlowFacts['server'], what: T): void {
    let ports = this.servers.get(ip)
    if (ports === undefined) this.servers.set(ip, (ports = new Map<number, Map<string, T>>()))
    const callers = ports.get(port)
    if (callers === undefined) ports.set(port, new Map([[caller, what]]))
    else callers.set(caller, what)
    this.inOrder.push(what)
  }

  /** Gives up half of them (no two are the same), those that `worth` values least and of equals the later ones. Returns what was given up. */
  halve(worth: (what: T) => number): readonly T[] {
    const all = this.inOrder
    const best = [...all].sort((a, b) => worth(b) - worth(a))
    const kept = new Set(best.slice(0, all.length >> 1))
    this.inOrder = all.filter((what) => kept.has(what))
    for (const [ip, ports] of this.servers) {
      for (const [port, callers] of ports) {
        for (const [caller, what] of callers) if (!kept.has(what)) callers.delete(caller)
        if (callers.size === 0) ports.delete(port)
      }
      if (ports.size === 0) this.servers.delete(ip)
    }
    return all.filter((what) => !kept.has(what))
  }
}
