import type { Hosts } from './hosts.js'
import type { Meeting } from './meetings.js'

/**
 * Places in the chain: hosts, and servers that only programs of their own host call (nginx and an application on one machine). What such
 * a server is tells nothing of the program that calls it, which serves the others.
 */
export class Places {
  /** Addresses and ports of servers behind a program of their own host. */
  private readonly behind: ReadonlySet<string>

  constructor(
    meetings: readonly Pick<Meeting, 'client' | 'server'>[],
    private readonly hosts: Hosts,
  ) {
    const callsItself = ({ client, server }: Pick<Meeting, 'client' | 'server'>): boolean =>
      hosts.same(client.ip, server.ip)
    if (!meetings.some(callsItself)) {
      this.behind = new Set()
      return
    }
    const others = meetings.filter((meeting) => !callsItself(meeting))
    const serving = new Set(others.map(({ server }) => hosts.of(server.ip)))
    const fronts = new Set(others.map(({ server }) => endKey(server.ip, server.port)))
    this.behind = new Set(
      meetings
        .filter(callsItself)
        .filter(({ server }) => serving.has(hosts.of(server.ip)))
        .map(({ server }) => endKey(server.ip, server.port))
        .filter((end) => !fronts.has(end)),
    )
  }

  /** A stable name of the place of this address and port. */
  of(ip: string, port: number): string {
    const host = this.hosts.of(ip)
    return this.behind.size > 0 && this.behind.has(endKey(ip, port)) ? `${host} ${endKey(ip, port)}` : host
  }
}

function endKey(ip: string, port: number): string {
  return `${ip}:${port}`
}
