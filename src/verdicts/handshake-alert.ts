/** A TLS handshake that one end broke off with an alert. */
import type { TlsAlert } from '../exchange/exchange.js'
import { otherSide, type Moment } from '../facts/flow-facts.js'
import { alertName, alertSubject, FATAL_ALERT } from '../knowledge/tls-alerts.js'
import { endText } from '../facts/end-text.js'
import type { Side } from '../result.js'
import { limit } from './sureness.js'
import { check, type Case, type Reading, type Ruling } from './verdict-rule.js'
import { actor, closeWord, sentence } from './wording.js'

/** The alert that ended a handshake; `description` null: encrypted. */
export interface HandshakeAlert extends Moment {
  readonly by: Side
  readonly description: number | null
}

/** Who broke off the TLS handshake, and with which alert; null: nobody did, or not in a way that can be read. */
export function handshakeAlert({ facts }: Case): HandshakeAlert | null {
  const { conversation, close } = facts
  if (conversation?.protocol !== 'tls' || conversation.tlsEstablished || close.first === null) return null
  if (conversation.clientBasis !== 'tls-hello' || conversation.exchanges.length > 0) return null
  // Where records are missing, or one side's, the handshake may have come to its end in them.
  const { client, server } = facts.sides
  if (facts.oneDirection || conversation.framingLost) return null
  if (client.missingTo !== null || server.missingTo !== null) return null
  const alert = conversation.tlsAlerts.find(endsHandshake)
  if (alert === undefined) return null
  const by = alert.side === conversation.clientSide ? 'client' : 'server'
  const { frame, timeNs } = alert.start
  return { frame, ns: timeNs, by, description: alert.plain?.description ?? null }
}

/** In the clear and fatal; or encrypted as only TLS 1.3 does before the handshake is over, when nobody takes leave yet. */
function endsHandshake({ plain, certain }: TlsAlert): boolean {
  return plain === null ? !certain : plain.level === FATAL_ALERT
}

/** `by` ended the TLS handshake with an alert: an abort of that side. */
export function brokenHandshake(c: Case, by: Side): Reading {
  const alert = handshakeAlert(c)
  return {
    variant: 'tls-handshake',
    checks: [
      check(
        'a TLS handshake was broken off',
        alert !== null,
        'no TLS handshake was broken off with an alert',
      ),
      check(`the ${by} broke it off`, alert?.by === by, 'the other end broke off the TLS handshake'),
    ],
    ruling: () => ruling(c, alert ?? { by, description: null, frame: 0, ns: 0 }),
  }
}

function ruling(c: Case, alert: HandshakeAlert): Ruling {
  const { facts } = c
  const { first } = facts.close
  const name = alert.description === null ? null : alertName(alert.description)
  const told = name === null ? 'an encrypted alert' : `the alert ${name}`
  return {
    limits: [
      limit('likely', 'before keys are agreed upon anybody on the way can say so', name !== null),
      limit('likely', 'the alert is encrypted: its length alone tells it', name === null),
    ],
    phase: facts.standing.phase,
    closer: first?.by ?? alert.by,
    timer: null,
    causeStream: null,
    summary: sentence(`${actor(c, alert.by)} broke off the TLS handshake with ${told}`),
    evidence: [
      {
        frame: alert.frame,
        text: `${name === null ? 'a record as long as an alert' : `fatal alert ${name}`} by the ${alert.by}`,
      },
      ...(first === null ? [] : [{ frame: first.frame, text: `${closeWord(facts)} by the ${first.by}` }]),
    ],
    fix: [fixText(c, alert)],
    remarks: [],
    told: { advice: `${name === null ? 'unread ' : ''}${subjectOf(alert) ?? 'log'}` },
  }
}

/** What the alert is about, as far as that can be told. */
function subjectOf({ by, description }: HandshakeAlert): ReturnType<typeof alertSubject> {
  return description === null && by === 'client' ? 'certificate' : alertSubject(description ?? -1)
}

function fixText(c: Case, alert: HandshakeAlert): string {
  const { by, description } = alert
  const { server } = c.facts
  const other = actor(c, otherSide(by))
  const unread = description === null ? 'an encrypted alert is most often about the certificate: ' : ''
  switch (subjectOf(alert)) {
    case 'certificate':
      return `${unread}see why ${actor(c, by)} does not accept the certificate of ${other} (its CA, its name, its dates, an intermediate that is missing): openssl s_client -connect ${endText(server)} -showcerts`
    case 'parameters':
      return `compare what both ends support (versions, cipher suites, groups, ALPN): openssl s_client -connect ${endText(server)} -tls1_2, and -tls1_3`
    case 'name':
      return `see which names ${actor(c, 'server')} has certificates for, and which one ${actor(c, 'client')} asks for (SNI)`
    default:
      return `look in the log of ${actor(c, by)} at this moment for why it ended the handshake`
  }
}
