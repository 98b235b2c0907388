import { analyze, type AnalyzeOptions } from '../../src/analyze.js'
import type { FlowReport, Report } from '../../src/result.js'
import { ladderSource, type LadderOptions } from './ladder.js'

export interface VerdictOptions extends AnalyzeOptions {
  readonly capture?: LadderOptions
}

/** One ladder and what its flows are called, by flow name, as `brief` writes it; parts may be `*`. */
export interface VerdictCase {
  readonly name: string
  readonly ladder: string
  readonly is: Readonly<Record<string, string>>
  readonly options?: VerdictOptions
  /** Words the summary of the first flow must contain. */
  readonly says?: RegExp
  readonly timer?: string
}

/** The report of a ladder, all flows in it. */
export async function reportOf(text: string, options: VerdictOptions = {}): Promise<Report> {
  const { capture, ...rest } = options
  return analyze([ladderSource(text, capture)], { all: true, ...rest })
}

/** The flows of a ladder by their names in it; two ladder flows of one 4-tuple are told apart by their order. */
export async function flowsOf(
  text: string,
  options: VerdictOptions = {},
): Promise<Record<string, FlowReport>> {
  return byName(text, await reportOf(text, options))
}

/** The first flow of a ladder. */
export async function verdictOf(text: string, options: VerdictOptions = {}): Promise<FlowReport> {
  const flow = Object.values(await flowsOf(text, options))[0]
  if (flow === undefined) throw new Error('the ladder has no flow')
  return flow
}

export function byName(text: string, report: Report): Record<string, FlowReport> {
  const rest = [...report.flows]
  const named: Record<string, FlowReport> = {}
  for (const [, name, client] of text.matchAll(/^\s*flow (\S+) (\S+) >/gm)) {
    const at = rest.findIndex(
      ({ client: { ip, port } }) => client === `${ip}:${port}` || client === `[${ip}]:${port}`,
    )
    if (at >= 0 && name !== undefined) named[name] = rest.splice(at, 1)[0]!
  }
  return named
}

/** `class/variant severity certainty closer phase` */
export function brief({ verdict }: FlowReport): string {
  const variant = verdict.variant === null ? '' : `/${verdict.variant}`
  return `${verdict.class}${variant} ${verdict.severity} ${verdict.certainty} ${verdict.closer} ${verdict.phase ?? '-'}`
}

/** `setting seconds` */
export function timerText(flow: FlowReport | undefined): string {
  const timer = flow?.verdict.timer ?? null
  return timer === null ? '-' : `${timer.setting ?? '-'} ${timer.seconds}`
}

/** Ladder lines of a three-way handshake; `at` is the time of the SYN. */
export function opens(flow: string, at = '0.0'): string {
  return `${at} ${flow} > S\n ${flow} < S.\n ${flow} > .`
}

/** A request without a body, as ladder text. */
export function get(path = '/', headers = ''): string {
  return `'GET ${path} HTTP/1.1\\r\\nHost: h\\r\\n${headers}\\r\\n'`
}

/** A request with a body of which `sent` bytes (all by default) go along. */
export function post(path = '/', length = 5, sent = length): string {
  return `'POST ${path} HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: ${length}\\r\\n\\r\\n${'b'.repeat(sent)}'`
}

/** A response of `length` body bytes of which `sent` (all by default) go along. */
export function ok(length = 2, sent = length, headers = ''): string {
  return `'HTTP/1.1 200 OK\\r\\n${headers}Content-Length: ${length}\\r\\n\\r\\n${'o'.repeat(sent)}'`
}

/** A response without a body. */
export function status(code: number, reason = 'X', headers = ''): string {
  return `'HTTP/1.1 ${code} ${reason}\\r\\n${headers}Content-Length: 0\\r\\n\\r\\n'`
}

/** Handshake, one answered request and its ACK. */
export function served(flow: string, at = '0.0', headers = ''): string {
  return `${opens(flow, at)}\n${flow} > P. ${get('/first')}\n+0.001 ${flow} < P. ${ok(2, 2, headers)}\n${flow} > .`
}

/** Server FIN and all that follows in good order, `wait` after the line before. */
export function serverEnds(flow: string, wait: string): string {
  return `${wait} ${flow} < F.\n ${flow} > F.\n ${flow} < .`
}

/** Client FIN and all that follows in good order. */
export function clientEnds(flow: string, wait: string): string {
  return `${wait} ${flow} > F.\n ${flow} < F.\n ${flow} > .`
}

/** Headers that ask for a WebSocket. */
export const UPGRADE = 'Connection: Upgrade\\r\\nUpgrade: websocket\\r\\n'

/**
 * A WebSocket through a proxy, flows `dN` and `uN`, opened at `n` seconds; `ends` closes both legs.
 * @param headers of the response, each with its line end
 */
export function webSocket(n: number, ends: string, headers = ''): string {
  const switched = `P. 'HTTP/1.1 101 Switching Protocols\\r\\n${headers}${UPGRADE}\\r\\n'`
  return `flow d${n} 10.0.0.1:${50000 + n} > 10.0.0.2:80 ts
    flow u${n} 10.0.0.2:${40000 + n} > 10.0.0.3:8000 ts
    ${opens(`d${n}`, `${n}.0`)}
    d${n} > P. ${get(`/ws${n}`, UPGRADE)}
    ${opens(`u${n}`, '+0.0002')}
    u${n} > P. ${get(`/ws${n}`, UPGRADE)}
    +0.001 u${n} < ${switched}
    u${n} > .
    d${n} < ${switched}
    d${n} > .
    ${ends}`
}
