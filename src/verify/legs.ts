/** Which legs of two captures are the same place, although addresses may have changed in between. */
import type { FindingHost } from '../result.js'

/** Two ends of a leg, as findings and exposure name them. */
export interface Ends {
  readonly client: FindingHost
  readonly server: FindingHost
}

/** How a leg was recognised. */
export type MatchedBy = 'address' | 'role' | 'port'

function isMany(client: FindingHost): boolean {
  return client.role === null || client.role === 'client'
}

/** Who opens the connections of a leg; the many clients of a front end are one end. */
export function openerOf({ client }: Ends): string {
  return isMany(client) ? 'clients' : client.ip
}

/** The same within one report. */
export function legKey(leg: Ends): string {
  return `${openerOf(leg)} ${leg.server.ip} ${leg.server.port ?? 0}`
}

function samePlace(a: FindingHost, b: FindingHost): boolean {
  return a.ip === b.ip && a.port === b.port
}

function placeKey({ ip, port }: FindingHost): string {
  return `${ip} ${port ?? ''}`
}

/**
 * The legs of the second capture that take the place of one of the first: same server address and port; else same role and port
 * at an address that is new; else the one new address with that port, if either has no role. Then the client end likewise.
 */
export function sameLegs<T extends Ends>(
  leg: Ends,
  before: readonly Ends[],
  after: readonly T[],
): { readonly legs: readonly T[]; readonly by: MatchedBy } {
  // Nearly always it is still there: what is new need not be looked for, each against each.
  const sameServer = after.filter((one) => samePlace(one.server, leg.server))
  const still = sameClients(leg.client, before, sameServer)
  if (still.length > 0) return { legs: still, by: 'address' }
  const known = new Set(before.map(({ server }) => placeKey(server)))
  const samePort = after.filter(
    ({ server }) => server.port === leg.server.port && !known.has(placeKey(server)),
  )
  const ways: [MatchedBy, readonly T[]][] = [
    ['role', samePort.filter((one) => leg.server.role !== null && one.server.role === leg.server.role)],
    ['port', oneUnnamed(leg, samePort)],
  ]
  for (const [by, servers] of ways) {
    const legs = sameClients(leg.client, before, servers)
    if (legs.length > 0) return { legs, by }
  }
  return { legs: [], by: 'address' }
}

/** The only new address with that port, where nobody says that it plays another role. */
function oneUnnamed<T extends Ends>(leg: Ends, samePort: readonly T[]): readonly T[] {
  const [first] = samePort
  const unnamed = leg.server.role === null || first?.server.role === null
  return unnamed && new Set(samePort.map((one) => one.server.ip)).size === 1 ? samePort : []
}

function sameClients<T extends Ends>(
  client: FindingHost,
  before: readonly Ends[],
  servers: readonly T[],
): readonly T[] {
  const exact = servers.filter((one) => one.client.ip === client.ip || (isMany(client) && isMany(one.client)))
  if (exact.length > 0) return exact
  const known = new Set(before.map((old) => old.client.ip))
  return servers.filter((one) => one.client.role === client.role && !known.has(one.client.ip))
}
