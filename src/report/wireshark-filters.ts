/** Display filters by which a reader checks a claim. */
import type { FlowReport, Report } from '../result.js'
import { provingPlaces } from './frame-names.js'

/** Shows the flow. Stream numbers are per file: with several files only the addresses lead to it. */
export function flowFilter(report: Report, flow: FlowReport): string {
  if (report.captures.length === 1) return `tcp.stream eq ${flow.stream}`
  const field = flow.client.ip.includes(':') ? 'ipv6.addr' : 'ip.addr'
  const ports = `tcp.port == ${flow.client.port} && tcp.port == ${flow.server.port}`
  return `${field} == ${flow.client.ip} && ${field} == ${flow.server.ip} && ${ports}`
}

/** A display filter, and the number of the file it is for; null: there is only one. */
export interface ProofFilter {
  readonly file: number | null
  readonly filter: string
}

/** Show the frames that prove the verdict, each once, in order: one filter for each file that has any. */
export function proofFilters({ captures }: Report, flow: FlowReport): ProofFilter[] {
  const frames = new Map<number, Set<number>>()
  for (const { capture = flow.capture, frame } of provingPlaces(flow))
    frames.set(capture, (frames.get(capture) ?? new Set()).add(frame))
  return [...frames]
    .sort(([a], [b]) => a - b)
    .map(([capture, own]) => ({
      file: captures.length > 1 ? capture + 1 : null,
      filter: `frame.number in {${[...own].sort((a, b) => a - b).join(', ')}}`,
    }))
}
