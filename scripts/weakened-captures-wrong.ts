/** What weakened captures make the analysis say that is not so. Their truth stays what it was. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from '../src/analyze.js'
import { MemorySource } from '../src/capture/memory-source.js'
import { CaptureError } from '../src/errors.js'
import { address } from '../src/report/words.js'
import type { FlowReport, Report } from '../src/result.js'
import type { Truth } from './score-captures.js'
import { endsOf, FILE_HEADER, weakened, type Weakening } from './weakened-captures.js'

/** A labelled connection with its leg of the chain; missing: the only one. */
export type Labelled = Truth & { readonly leg?: string }

/** Something that is not so. */
export interface WrongStatement {
  readonly text: string
  /** The verdict said itself that it is only possible, or only likely where nothing shows what is missing. */
  readonly hedged: boolean
}

/** What was said of the labelled connections of one weakened capture. */
export interface Outcome {
  readonly wrong: readonly WrongStatement[]
  /** Labelled flows in it, and those of them for which a class other than `open` and `unclassified` was given. */
  readonly flows: number
  readonly classified: number
}

const NOTHING: Outcome = { wrong: [], flows: 0, classified: 0 }

/** The report on a capture; null: nothing is left of it. */
export async function reportOf(file: Uint8Array): Promise<Report | null> {
  return analyze([new MemorySource(file)], { all: true }).catch((error: unknown) => {
    if (error instanceof CaptureError) return null
    throw error
  })
}

/** Compares what is said of a weakened capture with the truth. */
export async function outcome(root: string, scenario: string, how: Weakening): Promise<Outcome> {
  const { capture, connections } = JSON.parse(
    readFileSync(join(root, scenario, 'expected.json'), 'utf8'),
  ) as { capture: string; connections: Labelled[] }
  const path = join(root, scenario, capture)
  if (!existsSync(path)) return NOTHING
  const file = weakened(path, how, endsOf(connections))
  if (file === null || file.length <= FILE_HEADER) return NOTHING
  const report = await reportOf(file)
  if (report === null) return NOTHING
  const wrong: WrongStatement[] = []
  let [flows, classified] = [0, 0]
  for (const flow of report.flows) {
    const truth = truthOf(report, flow, connections)
    if (truth === null) continue
    flows++
    if (!SAYS_LESS.has(flow.verdict.class)) classified++
    for (const { text, hedged } of wrongAbout(report, truth, flow, connections, how))
      wrong.push({ text: `${scenario}, ${how.name}, flow ${flow.stream} ${truth.client}: ${text}`, hedged })
  }
  return { wrong, flows, classified }
}

/** The connection that this flow was: ports are used again, so its beginning decides where that was captured. */
function truthOf(report: Report, flow: FlowReport, connections: readonly Truth[]): Truth | null {
  const epoch = Date.parse(`${(report.captures[0].start ?? '').slice(0, 23)}Z`) / 1000
  const start = epoch + flow.start
  const is = (truth: Truth, client: string, server: string): boolean =>
    truth.client === client && truth.server === server
  const [client, server] = [address(flow.client), address(flow.server)]
  const same = connections
    // Which end is the client may be unknown in what is left.
    .filter((truth) => is(truth, client, server) || is(truth, server, client))
    .filter((truth) => truth.start <= start + BEGAN_WITHIN)
    .sort((a, b) => b.start - a.start)
  const [latest] = same
  if (latest === undefined) return null
  return flow.clientBasis === 'syn' && start - latest.start > BEGAN_WITHIN ? null : latest
}

/** Classes that make no statement about an end that was not seen. */
const SAYS_LESS: ReadonlySet<string> = new Set(['unclassified', 'open'])
/** Of bytes that cannot be read, and of a moment that was not seen. */
const SAYS_NOTHING: ReadonlySet<string | null> = new Set(['tunnel', null])

/** Seconds by which the driver's clock and the first packet may differ. */
const BEGAN_WITHIN = 1.5

function allowed(value: string | null, right: string | readonly string[] | null): boolean {
  if (right === null || SAYS_NOTHING.has(value)) return true
  return typeof right === 'string' ? value === right : right.includes(value ?? '')
}

function wrongAbout(
  report: Report,
  truth: Truth,
  flow: FlowReport,
  connections: readonly Truth[],
  how: Weakening,
): WrongStatement[] {
  const { verdict, close } = flow
  const said = `${verdict.class} ${verdict.certainty}: ${verdict.summary}`
  const wrong: WrongStatement[] = []
  // Of frames that nothing shows to be missing, at the end or in between, no analysis can know: there only what is certain is too much.
  const unknowable = how.until !== undefined || how.lossSeed !== undefined
  const hedged = verdict.certainty === 'possible' || (unknowable && verdict.certainty === 'likely')
  const add = (text: string): void => void wrong.push({ text: `${text} (${said})`, hedged })
  const says = !SAYS_LESS.has(verdict.class)
  if (says && !truth.class.includes(verdict.class)) add(`${verdict.class}, true is ${truth.class.join('|')}`)
  else if (says) {
    if (!allowed(verdict.phase, truth.phase)) add(`phase ${verdict.phase}, true is ${String(truth.phase)}`)
    if (verdict.closer !== 'none' && !allowed(verdict.closer, truth.closer))
      add(`closer ${verdict.closer}, true is ${truth.closer}`)
  }
  // Where the capture stopped before the close, what was owed then is not what was owed at the end.
  const ended = close.first !== null || (truth.closeFlag === null && verdict.class !== 'open')
  if (ended && truth.owed !== null && close.owed !== 'unknown' && close.owed !== truth.owed)
    wrong.push({ text: `owed ${close.owed}, true is ${truth.owed} (${said})`, hedged: false })
  const cause = report.flows.find((other) => other.stream === verdict.causeStream)
  if (truth.causeClient !== null && cause !== undefined && address(cause.client) !== truth.causeClient)
    add(`cause ${address(cause.client)}, true is ${truth.causeClient}`)
  for (const link of wrongLinks(report, truth, flow, connections)) wrong.push({ text: link, hedged: false })
  return wrong
}

/** Links that are called certain and are none. */
function wrongLinks(report: Report, truth: Truth, flow: FlowReport, connections: readonly Truth[]): string[] {
  const links = truth.links ?? []
  if (links.length === 0) return []
  return flow.links.flatMap(({ stream, certainty, relation }) => {
    // The labels name the leg that served a request, not the tries before it.
    if (certainty !== 'certain' || relation === 'nat-twin' || relation === 'retry') return []
    const other = report.flows.find((one) => one.stream === stream)
    const to = other === undefined ? null : address(other.client)
    const labelled = connections.some((one) => one.client === to)
    if (!labelled || links.some((one) => one.client === to)) return []
    return [`certain link to ${to}, true are ${links.map((one) => one.client).join(' ')}`]
  })
}
