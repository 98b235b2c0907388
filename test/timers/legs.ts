import { analyze, type AnalyzeOptions } from '../../src/analyze.js'
import type { InferredTimer, LegOrder } from '../../src/result.js'
import { ladderSource } from '../helpers/ladder.js'
import { get, ok, opens } from '../helpers/verdict-of.js'

/** One connection of a made-up leg; times in seconds. */
export interface Connection {
  /** When it is opened. */
  readonly at: number
  /** Idle gaps before its second, third … request. */
  readonly reuses?: readonly number[]
  /** Idle time before its close, and who closes; absent: it stays open. */
  readonly idle?: number
  readonly by?: 'client' | 'server'
  /** Header lines of the responses. */
  readonly headers?: string
  /** Header lines of the requests. */
  readonly asks?: string
  /** The last request is sent this long before the close's idle time is over and never answered. */
  readonly met?: boolean
}

/** What marks the client of the leg as a proxy: it passes on whose request it is. */
export const FORWARDED = 'X-Forwarded-For: 198.51.100.7\\r\\n'

/** A ladder of one leg: `client` opens connections to 10.0.0.3:8000. */
export function legLadder(connections: readonly Connection[], client = '10.0.0.2'): string {
  return connections.map((connection, index) => connectionLadder(connection, index, client)).join('\n')
}

function connectionLadder(one: Connection, index: number, client: string): string {
  const name = `f${index}`
  const lines = [`flow ${name} ${client}:${41000 + index} > 10.0.0.3:8000`, opens(name, one.at.toFixed(6))]
  const ask = (wait: string): void => {
    lines.push(`${wait} ${name} > P. ${get(`/${index}`, one.asks ?? '')}`)
    lines.push(`+0.002 ${name} < P. ${ok(2, 2, one.headers ?? '')}`, `+0.0001 ${name} > .`)
  }
  ask('+0.001')
  for (const gap of one.reuses ?? []) ask(`+${gap.toFixed(6)}`)
  if (one.idle === undefined) return lines.join('\n')
  const [there, back] = one.by === 'client' ? ['>', '<'] : ['<', '>']
  lines.push(`+${one.idle.toFixed(6)} ${name} ${there} F.`)
  if (one.met === true)
    lines.push(`+0.0001 ${name} > P. ${get('/lost', one.asks ?? '')} unseen`, `+0.001 ${name} < R.`)
  else lines.push(`+0.0002 ${name} ${back} F.`, `+0.0001 ${name} ${there} .`)
  return lines.join('\n')
}

/** `count` connections, one a second and a bit, so that their closes are events of their own. */
export function several(count: number, make: (index: number) => Omit<Connection, 'at'>): Connection[] {
  return Array.from({ length: count }, (_, index) => ({ at: index * 1.137, ...make(index) }))
}

/** Timers and legs of a ladder. */
export async function timersOf(
  ladder: string,
  options: AnalyzeOptions = {},
): Promise<{ timers: readonly InferredTimer[]; legs: readonly LegOrder[] }> {
  const { timers = [], legs = [] } = await analyze([ladderSource(ladder)], options)
  return { timers, legs }
}

/** `by phase kind value closes/of basis`, the value to the hundredth. */
export function brief({ by, phase, kind, value, closes, of, basis }: InferredTimer): string {
  return `${by} ${phase} ${kind} ${Math.round(value * 100) / 100} ${closes}/${of} ${basis}`
}
