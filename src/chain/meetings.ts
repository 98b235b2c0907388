import type { FlowFacts } from '../facts/flow-facts.js'
import { memoryPolicy } from './policy.js'

/** All flows from one client address to one server's address and port, in what they tell of the two. */
export interface Meeting {
  /** Address of the client with the port of its first flow. */
  readonly client: { readonly ip: string; readonly port: number }
  readonly server: { readonly ip: string; readonly port: number }
  /** Flows; one that was captured at two places counts once. */
  flows: number
  /** A request carried X-Forwarded-For. */
  forwards: boolean
  /** A response carried Via. */
  relays: boolean
  /** Software whose way of asking or closing the first telling flow showed; null: none. */
  mark: 'haproxy' | 'nginx' | null
}

/** Who met whom. Thousands of flows are a few meetings. */
export class Meetings {
  /** Flows in all, those captured again at another place included. */
  flows = 0
  /** Flows of pairs that are not remembered, because others are in their place. */
  forgotten = 0
  private readonly byClient = new Map<string, Map<string, Map<number, Meeting>>>()
  private readonly inOrder: Meeting[] = []
  /** Clients by address and port of a server. */
  private readonly clients = new Map<string, Map<number, number>>()

  /** All meetings, in the order of their first flows. */
  get all(): readonly Meeting[] {
    return this.inOrder
  }

  /** `again`: it is another flow of the run, seen at another place. */
  add(flow: FlowFacts, again: boolean): void {
    this.flows++
    const meeting = this.of(flow.client, flow.server)
    if (!again) meeting.flows++
    if (flow.conversation === null) return
    const aborted = flow.close.first?.by === 'client' && flow.close.first.form === 'abort'
    let asHaproxy = false
    let asNginx = false
    for (const one of flow.conversation.exchanges) {
      if (!again && one.forwardedFor !== null) meeting.forwards = true
      if (!again && one.via !== null) meeting.relays = true
      if (one.version === 10) asNginx ||= one.requestSaysClose
      else if (one.version === 11) asHaproxy ||= aborted && one.lowerCaseNames
    }
    meeting.mark ??= asHaproxy ? 'haproxy' : asNginx ? 'nginx' : null
  }

  /** Adds what others remember, up to the limit. */
  addAll(others: Meetings): void {
    this.flows += others.flows
    for (const other of others.inOrder) {
      const { client, server } = other
      const known = this.byClient.get(client.ip)?.get(server.ip)?.get(server.port)
      if (known === undefined && this.isFull(server)) {
        this.forgotten += other.flows
        continue
      }
      const meeting = known ?? this.of(client, server)
      meeting.flows += other.flows
      meeting.forwards ||= other.forwards
      meeting.relays ||= other.relays
      meeting.mark ??= other.mark
    }
  }

  private of(client: Meeting['client'], server: Meeting['server']): Meeting {
    let servers = this.byClient.get(client.ip)
    if (servers === undefined)
      this.byClient.set(client.ip, (servers = new Map<string, Map<number, Meeting>>()))
    let ports = servers.get(server.ip)
    if (ports === undefined) servers.set(server.ip, (ports = new Map<number, Meeting>()))
    let meeting = ports.get(server.port)
    if (meeting === undefined) {
      meeting = { client, server, flows: 0, forwards: false, relays: false, mark: null }
      ports.set(server.port, meeting)
      this.inOrder.push(meeting)
      this.countClient(server)
    }
    return meeting
  }

  private isFull(server: Meeting['server']): boolean {
    if (this.inOrder.length >= memoryPolicy.meetings) return true
    return (this.clients.get(server.ip)?.get(server.port) ?? 0) >= memoryPolicy.clientsOfServer
  }

  private countClient({ ip, port }: Meeting['server']): void {
    const ports = this.clients.get(ip)
    if (ports === undefined) this.clients.set(ip, new Map([[port, 1]]))
    else ports.set(port, (ports.get(port) ?? 0) + 1)
  }
}
