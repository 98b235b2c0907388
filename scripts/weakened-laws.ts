/**
 * `npm run score:laws -- <folder> [--only <part of a scenario's name>]`: the same traffic captured or written in another way gets the
 * same verdicts; less of it gets the same class or a weaker word, and never another class that is called certain.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { address } from '../src/report/words.js'
import type { FlowReport, Report } from '../src/result.js'
import { labelledCaptures } from './score-captures.js'
import { endsOf, recordsOf, weakened, WEAKENINGS } from './weakened-captures.js'
import { REWRITINGS, wrapped } from './weakened-captures-rewritten.js'
import { reportOf, type Labelled } from './weakened-captures-wrong.js'

async function reportOfAny(file: Uint8Array | null): Promise<Report | null> {
  return file === null ? null : reportOf(file)
}

/** All that a verdict says without numbers of frames. */
function said({ verdict, close }: FlowReport): string {
  const { class: code, variant, severity, certainty, phase, closer, timer, causeStream } = verdict
  const seconds = timer?.seconds.toFixed(3)
  return [
    code,
    variant,
    severity,
    certainty,
    phase,
    closer,
    timer?.setting,
    seconds,
    causeStream,
    close.owed,
  ].join(' ')
}

const ends = ({ client, server }: FlowReport): string => `${address(client)} ${address(server)}`

/** Flows of which something else is said. */
function differences(whole: Report, other: Report): string[] {
  return whole.flows.flatMap((flow, index) => {
    const now = other.flows[index] === undefined ? 'nothing' : said(other.flows[index])
    return now === said(flow) ? [] : [`flow ${flow.stream}: ${said(flow)} became ${now}`]
  })
}

/** Flows of the part that claim for certain what no flow of the whole with the same ends says. */
function claims(whole: Report, part: Report): string[] {
  const known = new Map<string, FlowReport[]>()
  for (const flow of whole.flows) known.set(ends(flow), [...(known.get(ends(flow)) ?? []), flow])
  return part.flows.flatMap((flow) => {
    const { verdict } = flow
    const before = known.get(ends(flow)) ?? []
    if (verdict.certainty !== 'certain' || before.length === 0) return []
    const same = before.some(
      (one) => one.verdict.class === verdict.class && one.verdict.variant === verdict.variant,
    )
    if (same) return []
    return [`flow ${flow.stream} ${ends(flow)}: ${said(before[0])} became ${said(flow)}: ${verdict.summary}`]
  })
}

const root = process.argv[2]?.startsWith('--') === false ? process.argv[2] : 'captures'
const at = process.argv.indexOf('--only')
const only = at < 0 ? '' : (process.argv[at + 1] ?? '')
const broken = new Map<string, number>()
const tell = (law: string, scenario: string, lines: readonly string[]): void => {
  for (const line of lines) console.log(`${law}, ${scenario}, ${line}`)
  broken.set(law, (broken.get(law) ?? 0) + lines.length)
}
for (const scenario of labelledCaptures(root).filter((name) => name.includes(only))) {
  const { capture, connections } = JSON.parse(
    readFileSync(join(root, scenario, 'expected.json'), 'utf8'),
  ) as { capture: string; connections: Labelled[] }
  const path = join(root, scenario, capture)
  const records = existsSync(path) ? recordsOf(new Uint8Array(readFileSync(path))) : null
  if (records === null) continue
  const whole = await reportOf(readFileSync(path))
  if (whole === null) continue
  for (const [law, change] of Object.entries(REWRITINGS)) {
    const other = await reportOfAny(change(records))
    if (other !== null) tell(law, scenario, differences(whole, other))
  }
  const legs = endsOf(connections)
  for (const how of WEAKENINGS.slice(1)) {
    const part = await reportOfAny(weakened(path, how, legs))
    if (part === null) continue
    tell(how.name, scenario, claims(whole, part))
    // Numbers must not matter in what began late, where no SYN says where they begin; but NAT twins are told by them.
    const twins = part.flows.some(({ links }) => links.some(({ relation }) => relation === 'nat-twin'))
    const late =
      how.from === undefined || twins ? null : recordsOf(weakened(path, how, legs) ?? new Uint8Array(24))
    const other = late === null ? null : await reportOf(wrapped(late))
    if (other !== null) tell(`${how.name}, sequence numbers that wrap`, scenario, differences(part, other))
  }
}
for (const [law, count] of broken) console.log(`= ${law}: broken by ${count} flows`)
process.exitCode = [...broken.values()].some((count) => count > 0) ? 1 : 0
