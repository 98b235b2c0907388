/** The words of the report for the words of the result. */
import type {
  ClientBasis,
  CloseEvent,
  FindingHost,
  FlowLink,
  FlowReport,
  Owed,
  Phase,
  Severity,
  VerdictClass,
} from '../result.js'

/** All class words, worst first: the order of every list of classes. */
export const CLASS_WORDS: readonly VerdictClass[] = [
  'idle-timeout',
  'keepalive-race',
  'half-open-zombie',
  'client-abort',
  'server-abort',
  'middlebox-reset',
  'shutdown',
  'refused',
  'connect-timeout',
  'clean',
  'open',
  'unclassified',
]

const CLASS_TITLES: Readonly<Record<VerdictClass, string>> = {
  'idle-timeout': 'idle-timeout cut',
  'keepalive-race': 'keep-alive race',
  'half-open-zombie': 'half-open zombie',
  'client-abort': 'client abort',
  'server-abort': 'server abort',
  'middlebox-reset': 'middlebox reset',
  shutdown: 'shutdown',
  refused: 'connection refused',
  'connect-timeout': 'connect timeout',
  clean: 'clean',
  open: 'open',
  unclassified: 'unclassified',
}

/** What a finding is called in running text. */
export function classTitle(verdict: { class: VerdictClass; severity: Severity }): string {
  // The one latent idle-timeout is the server's keep-alive timer on a pooled connection: races are born there.
  if (verdict.class === 'idle-timeout' && verdict.severity === 'latent') {
    return 'keep-alive race waiting to happen'
  }
  // A keep-alive timer that cut nothing off.
  if (verdict.class === 'idle-timeout' && verdict.severity === 'ok') return 'closed when idle'
  return CLASS_TITLES[verdict.class]
}

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  connecting: 'while connecting',
  'awaiting-request': 'before the first request',
  'mid-request': 'in the middle of a request',
  'awaiting-response': 'while a response was awaited',
  'mid-response': 'in the middle of a response',
  'peer-not-reading': 'while the peer was not reading',
  'between-requests': 'between requests',
  tunnel: 'in a tunnel',
  closing: 'while closing',
}

/** `awaiting-response` as `while a response was awaited`. */
export function phaseWords(phase: Phase): string {
  return PHASE_WORDS[phase]
}

const OWED_WORDS: Readonly<Record<Owed, string>> = {
  nothing: 'nothing',
  response: 'a response',
  'rest-of-response': 'the rest of a response',
  'rest-of-request': 'the rest of a request',
  unknown: 'unknown',
}

/** `rest-of-response` as `the rest of a response`. */
export function owedWords(owed: Owed): string {
  return OWED_WORDS[owed]
}

const BASIS_WORDS: Readonly<Record<ClientBasis, string>> = {
  syn: 'it sent the SYN',
  'syn-ack': 'the other end sent the SYN-ACK',
  request: 'no SYN seen, but it sent the first request',
  'tls-hello': 'no SYN seen, but it sent the TLS ClientHello',
  port: 'no SYN seen; its port is the ephemeral one',
  unknown: 'a guess: neither SYN nor request seen',
}

/** How the client was told from the server. */
export function basisWords(basis: ClientBasis): string {
  return BASIS_WORDS[basis]
}

const RELATION_WORDS: Readonly<Record<FlowLink['relation'], string>> = {
  downstream: 'carried the same exchange towards the client',
  upstream: 'carried the same exchange towards the server',
  retry: 'carried the same request again',
  'nat-twin': 'is the same connection under other addresses',
}

/** What another flow is to this one, as a predicate; of a connection that has other addresses there, with those: `…: 10.0.0.1:5 > 10.0.0.2:80`. */
export function linkWords({ relation, as }: FlowLink): string {
  const words = RELATION_WORDS[relation]
  if (as === undefined) return words
  return `${words}: ${address(as.client)} > ${address(as.server)}`
}

/** `FIN by the client`, `RST (abort) by the server`. */
export function closeWords(close: CloseEvent): string {
  const form = close.rstForm === null || close.rstForm === 'unknown' ? '' : ` (${close.rstForm})`
  return `${close.flag}${form} by the ${close.by}`
}

/** `10.0.0.3:8000`, `[fd00::1]:80`, `10.0.0.3` without a port. */
export function address(host: { ip: string; port?: number | undefined }): string {
  if (host.port === undefined) return host.ip
  return host.ip.includes(':') ? `[${host.ip}]:${host.port}` : `${host.ip}:${host.port}`
}

/** Role first where one is known: `nginx 10.0.0.2`. */
export function namedHost(host: FindingHost): string {
  return host.role === null ? address(host) : `${host.role} ${address(host)}`
}

/** The reasons are short words of ours (`notIp`); shown as `not IP`. */
export function reasonWords(reason: string): string {
  const words = reason.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.replace(/\b(ip|tcp|udp|arp|icmp|sctp)\b/g, (name) => name.toUpperCase())
}

/** What TLS said in the clear: `version 1.3, server name app.example, handshake finished`. */
export function tlsWords({ version, serverName, established }: NonNullable<FlowReport['tls']>): string {
  const parts = [
    version === null ? 'version not seen' : `version ${version}`,
    ...(serverName === null ? [] : [`server name ${serverName}`]),
    established ? 'handshake finished' : 'handshake not finished',
  ]
  return parts.join(', ')
}
