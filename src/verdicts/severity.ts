/** How bad a verdict is, by class and by what was lost: the one place where severities are given. */
import type { Severity, VerdictClass } from '../result.js'
import { unreachedRequest } from './met-close.js'
import { outlivedReset } from './outlived-reset.js'
import { policy } from './policy.js'
import { phaseOf } from './read-phase.js'
import type { Case } from './verdict-rule.js'

/** `problem`: somebody lost a request, a response or a resource. `latent`: nothing yet, but a proxy's next request may be. */
type SeverityRule = (c: Case) => Severity

const problem: SeverityRule = () => 'problem'
const ok: SeverityRule = () => 'ok'

const severities: Readonly<Record<VerdictClass, SeverityRule>> = {
  refused: problem,
  'connect-timeout': problem,
  'keepalive-race': problem,
  'half-open-zombie': problem,
  'client-abort': problem,
  'server-abort': problem,
  'middlebox-reset': ({ facts }) =>
    (facts.standing.owed === 'nothing' && facts.standing.phase !== 'tunnel') || lived(facts)
      ? 'latent'
      : 'problem',
  // Its idle connections lost nothing; a proxy that reuses such connections will.
  shutdown: ({ around, facts }) =>
    facts.standing.phase === 'tunnel' ? 'problem' : around.clientIsProxy === null ? 'ok' : 'latent',
  'idle-timeout': idleTimeout,
  clean: ok,
  open: ok,
  unclassified: ok,
}

function idleTimeout(c: Case): Severity {
  const { facts, around } = c
  const phase = phaseOf(c)
  if (unreachedRequest(c) !== null) return 'problem'
  if (phase === 'awaiting-request') return 'ok'
  const answered = facts.close.first?.by === 'client' ? leftAnswered(facts, around) : idledAnswered(c)
  if (phase !== 'between-requests' && !answered) return 'problem'
  return facts.close.first?.by !== 'client' && around.clientIsProxy !== null ? 'latent' : 'ok'
}

/** A conversation that nobody can read, and no tunnel. */
function isUnread({ standing, conversation }: Case['facts']): boolean {
  return standing.phase === 'tunnel' && conversation?.protocol === 'opaque' && conversation.tunnel === null
}

/**
 * The server of a conversation that cannot be read closed it long after its own word, which had come right behind the client's: nothing shows
 * that it owed more. What it sends unasked its client may go on waiting for; who only hands on what comes from a leg behind closes others' talk.
 */
function idledAnswered({ facts, around }: Case): boolean {
  const { client, server } = facts.sides
  const [asked, said] = [client.payloadBeforeClose, server.payloadBeforeClose]
  if (!isUnread(facts) || asked === null || said === null || facts.lastData?.by !== 'server') return false
  return said.ns - asked.ns < policy.promptCloseNs && around.upstreams.length === 0
}

/** An end client closed a conversation that cannot be read, after the server's word: nobody else lost anything by it. */
function leftAnswered(facts: Case['facts'], around: Case['around']): boolean {
  return isUnread(facts) && around.clientIsProxy === null && facts.lastData?.by === 'server'
}

/** The RST was none to the end it was meant for. */
function lived(facts: Case['facts']): boolean {
  return facts.close.first !== null && outlivedReset(facts, facts.close.first.by) !== null
}

/** The severity of a flow with this class. */
export function severityOf(code: VerdictClass, c: Case): Severity {
  return severities[code](c)
}
