/** A TLS handshake that one end broke off with an alert. */
import type { Conversation, TlsAlert } from '../exchange/exchange.js'
import { otherSide, type Moment } from '../facts/flow-facts.js'
import { alertName, alertSubject, FATAL_ALERT } from '../knowledge/tls-alerts.js'
import { endText } from '../facts/end-text.js'
import type { Side } from '../result.js'
import { policy } from './policy.js'
import { limit } from './sureness.js'
import { check, type Case, type Reading, type Ruling } from './verdict-rule.js'
import { actor, closeWord, sentence } from './wording.js'

/** The alert that ended a handshake; `description` null: encrypted. */
export interface HandshakeAlert extends Moment {
  readonly by: Side
  readonly description: number | null
  /** The client's certificate is what the server's alert answers, or that there is none; null: nothing says so. */
  readonly certificate: 'none' | 'some' | null
  /** It is no alert at all but an answer in clear, in HTTP or not; null: it is one. */
  readonly plain: 'HTTP' | 'bytes' | null
}

/** Who broke off the TLS handshake, and with which alert; null: nobody did, or not in a way that can be read. */
export function handshakeAlert({ facts }: Case): HandshakeAlert | null {
  const { conversation, close } = facts
  if (conversation?.protocol !== 'tls' || close.first === null) return null
  if (conversation.clientBasis !== 'tls-hello') return null
  const { plainAnswer } = conversation
  if (plainAnswer !== null) {
    const { frame, timeNs } = plainAnswer.start
    const plain = plainAnswer.http ? 'HTTP' : 'bytes'
    return { frame, ns: timeNs, by: 'server', description: null, certificate: null, plain }
  }
  // Where records are missing, or one side's, the handshake may have come to its end in them.
  const { client, server } = facts.sides
  if (facts.oneDirection || client.missingTo !== null || server.missingTo !== null) return null
  const { framingLost } = conversation
  const refused = framingLost ? null : refusedCertificate(conversation)
  if (refused !== null) return refused
  if (conversation.tlsEstablished || conversation.exchanges.length > 0) return null
  // Where frames are cut, only an alert that can be read tells that its sender had no keys yet.
  const alert = conversation.tlsAlerts.find(
    (one) => endsHandshake(one) && (!framingLost || one.plain !== null),
  )
  if (alert === undefined) return null
  return told(conversation, alert, null)
}

function told(
  { clientSide }: Conversation,
  { side, start, plain }: TlsAlert,
  certificate: HandshakeAlert['certificate'],
): HandshakeAlert {
  const by = side === clientSide ? 'client' : 'server'
  return {
    frame: start.frame,
    ns: start.timeNs,
    by,
    description: plain?.description ?? null,
    certificate,
    plain: null,
  }
}

/**
 * In TLS 1.3 a client is done before the server has seen its certificate: who refuses it answers with an alert at once, and with nothing
 * else, not even a session ticket.
 */
function refusedCertificate(conversation: Conversation): HandshakeAlert | null {
  const { clientCertificate, tlsVersion, tlsFrames, unasked, exchanges, clientSide } = conversation
  if (clientCertificate === null || tlsVersion !== '1.3' || unasked !== null || tlsFrames?.tickets != null)
    return null
  if (exchanges.some(({ responseStart }) => responseStart !== null)) return null
  const alert = conversation.tlsAlerts.find(({ side, plain }) => side !== clientSide && plain === null)
  const before = alert?.after ?? null
  if (alert === undefined || before === null) return null
  const atOnce = alert.start.timeNs - before.timeNs < policy.promptCloseNs
  return atOnce ? told(conversation, alert, clientCertificate) : null
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
      check('a TLS handshake was broken off', alert !== null, 'no TLS handshake was broken off'),
      check(`the ${by} broke it off`, alert?.by === by, 'the other end broke off the TLS handshake'),
    ],
    ruling: () => ruling(c, alert ?? NO_ALERT),
  }
}

const NO_ALERT: HandshakeAlert = {
  frame: 0,
  ns: 0,
  by: 'server',
  description: null,
  certificate: null,
  plain: null,
}

const GAVE = {
  none: ', right after its client had been asked for a certificate and had given none',
  some: ', right after its client had given a certificate',
}

function ruling(c: Case, alert: HandshakeAlert): Ruling {
  const { facts } = c
  const { first } = facts.close
  const { plain, description } = alert
  const subject = plain ?? `${description === null ? 'unread ' : ''}${subjectOf(alert) ?? 'log'}`
  return {
    limits: [
      limit('likely', 'before keys are agreed upon anybody on the way can say so', !isUnread(alert)),
      limit('likely', 'the alert is encrypted: its length alone tells it', isUnread(alert)),
    ],
    phase: facts.standing.phase,
    closer: first?.by ?? alert.by,
    timer: null,
    causeStream: null,
    summary: sentence(`${actor(c, alert.by)} ${whatItDid(alert)}`),
    evidence: [
      { frame: alert.frame, text: `${whatItSaid(alert)} by the ${alert.by}` },
      ...(first === null ? [] : [{ frame: first.frame, text: `${closeWord(facts)} by the ${first.by}` }]),
    ],
    fix: [fixText(c, alert)],
    remarks: [],
    told: { advice: alert.certificate === null ? subject : `${subject} ${alert.certificate}` },
  }
}

function isUnread({ plain, description }: HandshakeAlert): boolean {
  return plain === null && description === null
}

function whatItDid({ plain, description, certificate }: HandshakeAlert): string {
  if (plain !== null) return `answered the ClientHello with plain ${plain}, not with TLS`
  if (description !== null) return `broke off the TLS handshake with the alert ${alertName(description)}`
  return `broke off the TLS handshake with an encrypted alert${certificate === null ? '' : GAVE[certificate]}`
}

function whatItSaid({ plain, description }: HandshakeAlert): string {
  if (plain !== null) return `plain ${plain}`
  return description === null ? 'a record as long as an alert' : `fatal alert ${alertName(description)}`
}

/** What the alert is about, as far as that can be told. */
function subjectOf({ by, description, certificate }: HandshakeAlert): ReturnType<typeof alertSubject> {
  if (certificate !== null) return 'certificate'
  return description === null && by === 'client' ? 'certificate' : alertSubject(description ?? -1)
}

function fixText(c: Case, alert: HandshakeAlert): string {
  const { by, description } = alert
  const { server } = c.facts
  const other = actor(c, otherSide(by))
  const unread = description === null ? 'an encrypted alert is most often about the certificate: ' : ''
  if (alert.plain !== null)
    return `call ${endText(server)} without TLS, or let ${actor(c, by)} speak TLS there`
  if (alert.certificate === 'some')
    return `see in the log of ${actor(c, by)} why it does not accept the certificate of ${other} (its CA, its dates, an intermediate that is missing)`
  if (alert.certificate === 'none')
    return `give ${other} a certificate that ${actor(c, by)} accepts, or see why ${actor(c, by)} asks for one`
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
