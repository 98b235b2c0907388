/** Who a sentence is about. */
import type { FindingHost, LegExposure } from '../result.js'
import { address } from '../report/words.js'
import type { Cause } from './causes.js'

/** `nginx`, `the proxy (uvicorn)`, `the client`, `10.0.0.3:8000`. */
export function actor(host: FindingHost, software: string | null | undefined): string {
  const { role } = host
  if (role === null) return address(host)
  const known = software == null || software === role ? '' : ` (${software})`
  // Software and the user's own words are names; positions in the chain are nouns.
  const noun = ['client', 'proxy', 'upstream', 'server', 'lb', 'app'].includes(role)
  return `${noun ? 'the ' : ''}${role}${known}`
}

/** The end that closed. */
export function closerOf(
  cause: Pick<Cause, 'closer' | 'client' | 'server'>,
  leg: LegExposure | undefined,
): string {
  if (cause.closer === 'client') return actor(cause.client, leg?.clientSoftware)
  if (cause.closer === 'server') return actor(cause.server, leg?.serverSoftware)
  return cause.closer === 'middlebox' ? 'a box on the path' : 'nobody'
}

/** `nginx → the proxy`. */
export function legName(ends: { readonly client: FindingHost; readonly server: FindingHost }): string {
  const name = (host: FindingHost): string => host.role ?? address(host)
  return `${name(ends.client)} → ${name(ends.server)}`
}
