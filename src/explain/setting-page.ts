/** The page of one setting, from its entry in the knowledge base. */
import { componentName } from '../knowledge/components.js'
import type { TimerEntry, TimerPhase, Verified } from '../knowledge/types.js'
import type { Page, Section } from './page.js'
import { exampleEnds, settingExample } from './setting-example.js'

const phaseTexts: Readonly<Record<TimerPhase, string>> = {
  connecting: 'while connecting',
  'tls-handshake': 'inside the TLS handshake',
  'awaiting-request': 'before the first request',
  'mid-request': 'in the middle of a request',
  'awaiting-response': 'while a response is awaited',
  'mid-response': 'in the middle of a response',
  'peer-not-reading': 'while the peer does not read',
  'between-requests': 'idle between requests',
  tunnel: 'in a tunnel (WebSocket, CONNECT)',
  closing: 'while closing',
  shutdown: 'when the process goes down',
}

const closerTexts: Readonly<Record<TimerEntry['closer'], string>> = {
  acceptor: 'the side that accepted the connection (its server)',
  initiator: 'the side that opened the connection (its client)',
  middlebox: 'a box between the two ends',
  either: 'either side',
  none: 'nobody: it leaves no close on the wire',
}

const kindTexts: Readonly<Record<TimerEntry['timer'], string>> = {
  gap: 'the gap between two reads or writes: every byte starts it anew',
  total: 'the total time, whatever is sent meanwhile',
  age: 'the age of the connection',
  retransmit: 'how long something may go unacknowledged',
  count: 'the number of requests',
  none: 'no time of its own: it changes or delays other timers',
}

const verifiedTexts: Readonly<Record<Verified, string>> = {
  'source+experiment': 'read in the source and seen in an experiment',
  experiment: 'seen in an experiment',
  source: 'read in the source',
  docs: 'as its documentation says',
  secondary: 'as others report it',
  'field-report': 'seen in the field',
  recalled: 'not checked: only a hint',
}

/** `60 s`, `1000 requests`, or why there is no value. */
function valueText(timer: TimerEntry, value: number | null): string {
  if (value === null) return 'none built in'
  return timer.timer === 'count' ? `${value} requests` : `${value} s`
}

/** The page of a setting. */
export function settingPage(timer: TimerEntry): Page {
  const sections: Section[] = [
    { heading: 'what it means', lines: meaning(timer) },
    { heading: 'default', lines: defaults(timer) },
    { heading: 'confirm', lines: confirmations(timer), code: true },
    { heading: 'not this', lines: notThis(timer) },
    { heading: 'fix', lines: [timer.fix] },
    { heading: 'configure', lines: [timer.syntax], code: true },
  ]
  const example = settingExample(timer)
  if ('none' in example) sections.push({ heading: 'example', lines: [`none: ${example.none}`] })
  else {
    const role = `// pcap-why --role ${timer.component}=${exampleEnds[example.owner]}`
    sections.push({ heading: 'example', lines: [...example.ladder.split('\n'), role], code: true })
  }
  sections.push({ heading: 'source', lines: [...timer.source, verifiedTexts[timer.verified]] })
  return { name: timer.id, title: `${timer.setting} of ${componentName(timer.component)}`, sections }
}

function meaning(timer: TimerEntry): string[] {
  const phases = timer.phases.map((phase) => phaseTexts[phase]).join(', ')
  const lines = [
    `acts ${phases}; closed by ${closerTexts[timer.closer]}`,
    `measures ${kindTexts[timer.timer]}`,
  ]
  if (timer.measuredFrom !== null) lines.push(`counts from: ${timer.measuredFrom}`)
  if (timer.detail !== null) lines.push(timer.detail)
  if (timer.signature !== null) lines.push(`seen on the wire: ${timer.signature}`)
  return lines
}

function defaults(timer: TimerEntry): string[] {
  const lines = [valueText(timer, timer.default) + (timer.note === null ? '' : ` (${timer.note})`)]
  for (const { value, when } of timer.variants) lines.push(`${valueText(timer, value)}: ${when}`)
  if (timer.typical.length > 0) lines.push(`often set to ${timer.typical.join(', ')} s`)
  const { early, late } = timer.tolerance
  if (timer.timer !== 'count') lines.push(`fires up to ${early} s early and ${late} s late`)
  if (timer.lazy) lines.push('noticed only at the next use of the connection, at any time after the value')
  return lines
}

/** Where the close stands, what precedes it, and which status goes with it. */
function confirmations(timer: TimerEntry): string[] {
  const forms = timer.wire.filter((token) => token === 'FIN' || token === 'RST')
  const flags = forms.map((form) => (form === 'FIN' ? 'tcp.flags.fin == 1' : 'tcp.flags.reset == 1'))
  const lines: string[] = []
  if (flags.length > 0) {
    const least = timer.default === null || timer.timer !== 'gap' ? 1 : timer.default - timer.tolerance.early
    const after =
      timer.timer === 'gap'
        ? ` && tcp.time_delta >= ${(Math.floor(Math.max(least, 0) * 10) / 10).toFixed(1)}`
        : ''
    lines.push(`Wireshark: tcp.stream == N && (${flags.join(' || ')})${after}`)
  } else if (timer.wire.includes('SILENCE')) {
    lines.push(
      'Wireshark: tcp.stream == N   (no packet when it fires: look for retransmissions or probes that stay unanswered)',
    )
  }
  const statuses = new Set([
    ...timer.wire.filter((token) => token.startsWith('HTTP-')).map((token) => Number(token.slice(5))),
    ...timer.clientStatus,
  ])
  for (const status of statuses)
    lines.push(
      status === 200
        ? 'Wireshark: http.response.code == 200   (already sent: the body is cut short)'
        : `Wireshark: http.response.code == ${status}`,
    )
  lines.push(`pcap-why timers capture.pcap --role ${timer.component}=<its address>`)
  return lines
}

function notThis(timer: TimerEntry): string[] {
  const lines: string[] = []
  const value =
    timer.default === null
      ? 'nobody configured it: it has no value of its own'
      : `the closes come after a time other than ${valueText(timer, timer.default)} and nobody configured that`
  lines.push(`when the capture shows another software on that side, or ${value}`)
  if (timer.closer === 'acceptor') lines.push('when the side that opened the connection closed first')
  if (timer.closer === 'initiator') lines.push('when the side that accepted the connection closed first')
  return lines
}
