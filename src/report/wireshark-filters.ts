/** Display filters by which a reader checks a claim. */
import type { FlowReport, Report } from '../result.js'

/** Shows the flow. Stream numbers are per file: with several files only the addresses lead to it. */
export function flowFilter(report: Report, flow: FlowReport): string {
  if (report.captures.length === 1) return `tcp.stream eq ${flow.stream}`
  const field = flow.client.ip.includes(':') ? 'ipv6.addr' : 'ip.addr'
  const ports = `tcp.port == ${flow.client.port} && tcp.port == ${flow.server.port}`
  return `${field} == ${flow.client.ip} && ${field} == ${flow.server.ip} && ${ports}`
}

/** Shows the frames that prove the verdict, each once, in order; null when there is none. */
export function proofFilter(flow: FlowReport): string | null {
  const places = [flow.close.lastData, flow.close.first, flow.close.second]
  const frames = [...flow.verdict.evidence, ...places].flatMap((place) =>
    place === null ? [] : [place.frame],
  )
  const proof = [...new Set(frames)].sort((a, b) => a - b)
  return proof.length === 0 ? null : `frame.number in {${proof.join(', ')}}`
}
