/** Labelled captures made poorer: cut short by the snaplen, begun late, unreadable towards the client. Their truth stays what it was. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from '../src/analyze.js'
import { MemorySource } from '../src/capture/memory-source.js'
import { CaptureError } from '../src/errors.js'
import { address } from '../src/report/words.js'
import type { FlowReport, Report } from '../src/result.js'
import type { Truth } from './score-captures.js'

/** One way to see less of the same traffic. */
export interface Weakening {
  readonly name: string
  /** Bytes kept of each frame. */
  readonly snaplen?: number
  /** Share of the frames that came before the capture began. */
  readonly from?: number
  /** Payload from and to the outermost clients means nothing, as when it is encrypted. (Real TLS is in the captures themselves.) */
  readonly unreadable?: boolean
}

export const WEAKENINGS: readonly Weakening[] = [
  { name: 'as it is' },
  { name: 'snaplen 96', snaplen: 96 },
  { name: 'unreadable towards the client', unreadable: true },
  ...[0.1, 0.25, 0.5, 0.75, 0.9].map((from) => ({ name: `from ${100 * from} %`, from })),
  { name: 'snaplen 96 from 30 %', snaplen: 96, from: 0.3 },
  { name: 'unreadable towards the client from 40 %', unreadable: true, from: 0.4 },
]

const LINK_HEADER: Readonly<Record<number, number>> = { 1: 14, 101: 0, 113: 16, 276: 20 }
const FILE_HEADER = 24
const RECORD_HEADER = 16

/** The capture of a scenario, weakened; null when it is no little-endian pcap file. */
export function weakened(path: string, how: Weakening, clients: ReadonlySet<string>): Uint8Array | null {
  const bytes = new Uint8Array(readFileSync(path))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (![0xa1b2c3d4, 0xa1b23c4d].includes(view.getUint32(0, true))) return null
  const linkType = view.getUint32(20, true)
  const records: Uint8Array[] = []
  for (let at = FILE_HEADER; at + RECORD_HEADER <= bytes.length;) {
    const length = view.getUint32(at + 8, true)
    records.push(bytes.slice(at, Math.min(bytes.length, at + RECORD_HEADER + length)))
    at += RECORD_HEADER + length
  }
  const kept = records.slice(Math.floor((how.from ?? 0) * records.length)).map((record) => {
    if (how.unreadable === true) scramble(record, LINK_HEADER[linkType] ?? 0, clients)
    if (how.snaplen === undefined || record.length <= RECORD_HEADER + how.snaplen) return record
    const cut = record.slice(0, RECORD_HEADER + how.snaplen)
    new DataView(cut.buffer).setUint32(8, how.snaplen, true)
    return cut
  })
  const file = new Uint8Array(FILE_HEADER + kept.reduce((sum, record) => sum + record.length, 0))
  file.set(bytes.subarray(0, FILE_HEADER))
  let at = FILE_HEADER
  for (const record of kept) {
    file.set(record, at)
    at += record.length
  }
  return file
}

/** Overwrites the payload of a segment from or to one of the clients. */
function scramble(record: Uint8Array, linkHeader: number, clients: ReadonlySet<string>): void {
  const ip = RECORD_HEADER + linkHeader
  if (record[ip] >> 4 !== 4 || record[ip + 9] !== 6) return
  const tcp = ip + 4 * (record[ip] & 15)
  const end = (at: number, port: number): string =>
    `${record.slice(at, at + 4).join('.')}:${(record[port] << 8) | record[port + 1]}`
  if (!clients.has(end(ip + 12, tcp)) && !clients.has(end(ip + 16, tcp + 2))) return
  const payload = tcp + 4 * (record[tcp + 12] >> 4)
  const last = Math.min(record.length, ip + ((record[ip + 2] << 8) | record[ip + 3]))
  // A probe of one byte stays one.
  if (last - payload > 1) record.fill(0xa7, payload, last)
}

/** Something that is not so. */
export interface WrongStatement {
  readonly text: string
  /** The verdict said itself that it is only likely. */
  readonly hedged: boolean
}

/** What the weakened capture of a scenario made the analysis say that is not so; what is only called possible does not count. */
export async function wrongStatements(
  root: string,
  scenario: string,
  how: Weakening,
): Promise<WrongStatement[]> {
  const expected = JSON.parse(readFileSync(join(root, scenario, 'expected.json'), 'utf8')) as {
    capture: string
    connections: Truth[]
  }
  const path = join(root, scenario, expected.capture)
  if (!existsSync(path)) return []
  const servers = new Set(expected.connections.map((truth) => truth.server.replace(/:\d+$/, '')))
  const clients = new Set(
    expected.connections
      .map((truth) => truth.client)
      .filter((client) => !servers.has(client.replace(/:\d+$/, ''))),
  )
  const file = weakened(path, how, clients)
  if (file === null || file.length <= FILE_HEADER) return []
  const report = await analyze([new MemorySource(file, path)], { all: true }).catch((error: unknown) => {
    // Nothing is left of it.
    if (error instanceof CaptureError) return null
    throw error
  })
  if (report === null) return []
  return report.flows.flatMap((flow) => {
    const truth = truthOf(report, flow, expected.connections)
    if (truth === null) return []
    return wrongAbout(report, truth, flow, expected.connections).map(({ text, hedged }) => ({
      text: `${scenario}, ${how.name}, flow ${flow.stream} ${truth.client}: ${text}`,
      hedged,
    }))
  })
}

/** The connection that this flow was: ports are used again, so its beginning decides where that was captured. */
function truthOf(report: Report, flow: FlowReport, connections: readonly Truth[]): Truth | null {
  const epoch = Date.parse(`${(report.captures[0].start ?? '').slice(0, 23)}Z`) / 1000
  const start = epoch + flow.start
  const same = connections
    .filter((truth) => truth.client === address(flow.client) && truth.server === address(flow.server))
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

function wrongAbout(
  report: Report,
  truth: Truth,
  flow: FlowReport,
  connections: readonly Truth[],
): WrongStatement[] {
  const { verdict, close } = flow
  const wrong: WrongStatement[] = []
  const add = (text: string, hedged = false): void => void wrong.push({ text, hedged })
  const allowed = (value: string | null, right: string | readonly string[] | null): boolean =>
    right === null ||
    SAYS_NOTHING.has(value) ||
    (typeof right === 'string' ? value === right : right.includes(value ?? ''))
  if (
    verdict.certainty !== 'possible' &&
    !truth.class.includes(verdict.class) &&
    !SAYS_LESS.has(verdict.class)
  )
    add(
      `${verdict.class} is ${verdict.certainty}, true is ${truth.class.join('|')}: ${verdict.summary}`,
      verdict.certainty === 'likely',
    )
  if (
    verdict.certainty === 'certain' &&
    verdict.class === truth.class[0] &&
    !allowed(verdict.phase, truth.phase)
  )
    add(`${verdict.phase} is certain, true is ${truth.phase}: ${verdict.summary}`)
  if (truth.owed !== null && close.owed !== 'unknown' && close.owed !== truth.owed)
    add(`owed ${close.owed}, true is ${truth.owed}: ${verdict.class} ${verdict.certainty} ${verdict.summary}`)
  const cause = report.flows.find((other) => other.stream === verdict.causeStream)
  if (truth.causeClient !== null && cause !== undefined && address(cause.client) !== truth.causeClient)
    add(`cause ${address(cause.client)}, true is ${truth.causeClient}`)
  for (const link of flow.links) {
    // The labels name the leg that served a request, not the tries before it.
    if (link.certainty !== 'certain' || link.relation === 'nat-twin' || link.relation === 'retry') continue
    const other = report.flows.find((one) => one.stream === link.stream)
    if (other === undefined || truth.links === undefined || truth.links.length === 0) continue
    const to = address(other.client)
    const labelled = connections.some((one) => one.client === to)
    if (labelled && !truth.links.some((one) => one.client === to))
      add(`certain link to ${to}, true are ${truth.links.map((one) => one.client).join(' ')}`)
  }
  return wrong
}
