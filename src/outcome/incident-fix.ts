/** What to change where an incident is more than flows like its example. */
import { roleText } from '../facts/end-text.js'
import type { Incident } from './incidents.js'

/** Lines for an outage of several kinds and for closed ports of one host; null: the example's own are right for all. */
export function incidentFix({ main, others }: Incident): readonly string[] | null {
  const outage = others.flatMap(({ relation, part }) => (relation === 'same-outage' ? [part] : []))
  const [{ verdict, server, client }] = main.flows
  if (outage.length > 0)
    return [...new Set([main, ...outage].flatMap((part) => part.flows[0].verdict.fix.slice(0, 1)))]
  const ports = new Set(main.flows.map((flow) => flow.server.port)).size
  if (verdict.class !== 'refused' || verdict.variant !== null || ports < 2) return null
  const who = roleText(client.role ?? 'client')
  return [`start the services on these ports of ${server.ip}, or correct the addresses that ${who} uses`]
}
