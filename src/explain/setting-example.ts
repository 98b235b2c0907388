/** Packets in which one setting fires, made from its own seconds, phase and side. */
import { actsOn } from '../knowledge/spoken.js'
import type { TimerEntry, TimerPhase } from '../knowledge/types.js'
import { answered, FLOW, laterOn, opened, request } from './ladder.js'

/** A ladder and who runs the setting's software in it; or why there is none. */
export type SettingExample =
  | {
      readonly ladder: string
      /** The end of flow `a` that runs the setting's software, for `--role <component>=<address>`. */
      readonly owner: 'client' | 'server'
    }
  | { readonly none: string }

/** Addresses of flow `a`, by side. */
export const exampleEnds = { client: '10.0.0.2', server: '10.0.0.3' } as const

type Draw = (timer: TimerEntry, by: '>' | '<', seconds: number) => string

const awaitingResponse: Draw = (timer, by, s) =>
  `${opened()}\na > P. ${request('/slow')}\na < .\n${ends(timer, by, s)}`

/** Phases that one flow can show, in the order in which an example chooses among those of a timer. */
const drawn: readonly (readonly [TimerPhase, Draw])[] = [
  ['between-requests', (timer, by, s) => `${answered()}\n${ends(timer, by, s)}`],
  ['awaiting-request', (timer, by, s) => `${opened()}\n${ends(timer, by, s)}`],
  [
    'mid-request',
    (timer, by, s) => `${opened()}\na > P. ${halfRequest(timer)}\na < .\n${ends(timer, by, s)}`,
  ],
  ['awaiting-response', awaitingResponse],
  [
    'mid-response',
    (timer, by, s) =>
      `${opened()}\na > P. ${request('/stream')}\na < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 5000\\r\\n\\r\\nbegin'\na > .\n${ends(timer, by, s)}`,
  ],
  [
    'tunnel',
    (timer, by, s) =>
      `${opened()}\na > P. ${request('/live', UPGRADE)}\na < P. 'HTTP/1.1 101 Switching Protocols\\r\\n${UPGRADE}\\r\\n'\n+0.1 a < P. 'x'\na > .\n${ends(timer, by, s)}`,
  ],
]

const UPGRADE = 'Connection: Upgrade\\r\\nUpgrade: websocket\\r\\n'

/** When Linux repeats a SYN. */
const SYN_REPEATS = [1, 3, 7, 15, 31, 63]

/**
 * An example for a setting: its phase, then its default as silence, then its close.
 * @returns a reason for settings without seconds of their own, for those that close nothing on the wire, and for those that act where
 * a single flow does not show them
 */
export function settingExample(timer: TimerEntry): SettingExample {
  const seconds = timer.default
  if (timer.timer === 'none' || timer.closer === 'none') return { none: 'it closes no connection' }
  if (timer.timer === 'count') return { none: 'it counts requests, not seconds' }
  if (seconds === null || seconds <= 0) return { none: 'it has no value until it is configured' }
  if (timer.closer === 'initiator' && timer.phases.includes('connecting') && timer.wire.includes('HTTP-504'))
    return { ladder: unopened(seconds), owner: 'client' }
  if (!actsOn(timer.id, 'http1')) return { none: 'it acts on connections of another protocol than HTTP/1' }
  if (closeFlag(timer) === null) return { none: 'it leaves no packet of its own when it fires' }
  const owner = ownerOf(timer)
  if (owner === null) return { none: 'it answers with an error, and the connection may live on' }
  const draw = drawOf(timer, owner)
  if (draw === undefined) return { none: 'it acts in a phase that packets of a single flow do not show' }
  const ladder = `${FLOW}\n${draw(timer, owner === 'client' ? '>' : '<', seconds)}\n${laterOn('+5')}`
  return { ladder, owner }
}

function drawOf(timer: TimerEntry, owner: 'client' | 'server'): Draw | undefined {
  // A client that waits for a response is what most of its timers are about; a server that leaves one out may also have crashed.
  if (owner === 'client' && timer.phases.includes('awaiting-response')) return awaitingResponse
  return drawn.find(([phase]) => timer.phases.includes(phase))?.[1]
}

/** The end that runs it; null: what it does is an ordinary, if unwelcome, response. */
function ownerOf(timer: TimerEntry): 'client' | 'server' | null {
  const answersFirst = /^HTTP-5/.test(timer.wire[0] ?? '')
  if (timer.closer === 'initiator') return 'client'
  if (!answersFirst) return 'server'
  return timer.closer === 'either' ? 'client' : null
}

/** A proxy's connect timeout: SYNs without an answer, and a 504 to its own client. */
function unopened(seconds: number): string {
  const syns = SYN_REPEATS.filter((at) => at < seconds).map((at) => `${at}.001 a > S again`)
  return `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
${FLOW}
${opened('d')}
d > P. ${request('/')}
d < .
0.001 a > S
${[...syns, `${seconds + 0.001} d < P. 'HTTP/1.1 504 Gateway Time-out\\r\\nContent-Length: 0\\r\\n\\r\\n'`].join('\n')}
d > .
${laterOn('+5')}`
}

/** The form of the close; null: it leaves no packet, or only a status is known and no close. */
function closeFlag({ wire }: TimerEntry): 'F.' | 'R.' | null {
  const form = wire.find((token) => token === 'FIN' || token === 'RST' || token === 'SILENCE')
  if (form === 'SILENCE') return null
  if (form === undefined) return wire.length > 0 ? 'F.' : null
  return form === 'FIN' ? 'F.' : 'R.'
}

function halfRequest({ part }: TimerEntry): string {
  return part === 'body'
    ? "'POST /upload HTTP/1.1\\r\\nHost: shop.test\\r\\nContent-Length: 5000\\r\\n\\r\\nbegin'"
    : "'GET /half HTTP/1.1\\r\\nHost: shop.test\\r\\nX-Half'"
}

/** The silence, a goodbye where this timer always says one, and the close. */
function ends(timer: TimerEntry, by: '>' | '<', seconds: number): string {
  const flag = closeFlag(timer) ?? 'F.'
  const [first = ''] = timer.wire
  const status = first.startsWith('HTTP-') && by === '<' ? first.slice('HTTP-'.length) : null
  const goodbye = `'HTTP/1.1 ${status} X\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n'`
  const wait = `+${seconds}`
  const close = status === null ? `${wait} a ${by} ${flag}` : `${wait} a < P. ${goodbye}\na < ${flag}`
  const other = by === '>' ? '<' : '>'
  return flag === 'F.' ? `${close}\na ${other} F.\na ${by} .` : close
}
