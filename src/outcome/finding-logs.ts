/** What the logs of the chain say of a finding. */
import { wordsFor, type LogWords } from '../knowledge/log-words.js'
import { kinOf } from '../knowledge/look-up.js'
import type { Finding, FlowReport, Side } from '../result.js'

/** Software whose words are known, the one that was seen first. */
const LOGS = ['nginx', 'haproxy', 'envoy'] as const
const NAMES: Readonly<Record<(typeof LOGS)[number], string>> = {
  nginx: 'nginx',
  haproxy: 'HAProxy',
  envoy: 'Envoy',
}
/**
 * The finding in the words of nginx's error log, HAProxy's termination state and Envoy's response flag, as the proxy of this leg writes
 * them; the software that was seen comes first. Empty: it is known that no log has a line for it, or none is known.
 */
export function logWordsOf(example: FlowReport): NonNullable<Finding['logWords']> {
  for (const proxy of proxySides(example)) {
    const words = wordsFor({ ...example.verdict, proxy, ipv6: example.server.ip.includes(':') })
    if (words !== null) return texts(words, example[proxy].software ?? null)
  }
  return []
}

/** Ends that may be a proxy, the likelier first; where nothing tells, the leg is taken for one from a proxy to its upstream. */
function proxySides(flow: FlowReport): readonly Side[] {
  const has = (relation: string): boolean => flow.links.some((link) => link.relation === relation)
  const isProxy = (role: string | null): boolean => role === 'lb' || role === 'nginx' || role === 'proxy'
  if (has('downstream') || isProxy(flow.client.role)) return ['client', 'server']
  // An end client writes no such log.
  if (flow.client.role === 'client') return ['server']
  if (has('upstream')) return ['server', 'client']
  return ['client', 'server']
}

function texts(words: LogWords, software: string | null): NonNullable<Finding['logWords']> {
  // What is built on nginx logs as nginx does.
  const seen = software !== null && kinOf(software).includes('nginx') ? 'nginx' : software
  const order = [...LOGS].sort((a, b) => Number(b === seen) - Number(a === seen))
  return order.flatMap((log) => {
    const text = textOf(words, log)
    return text === null ? [] : [{ component: NAMES[log], text }]
  })
}

function textOf(words: LogWords, log: (typeof LOGS)[number]): string | null {
  if (log === 'haproxy') return words.haproxy
  if (log === 'envoy') return words.envoy
  if (words.nginxError === null) return words.nginxStatus === null ? null : String(words.nginxStatus)
  return words.nginxStatus === null ? words.nginxError : `${words.nginxStatus} ${words.nginxError}`
}
