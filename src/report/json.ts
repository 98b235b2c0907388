/** The machine output: `pcap-why/report/1`, field by field in the order of its contract. Fields are added, never changed. */
import type {
  FindingPart,
  CaptureSummary,
  ChainHost,
  Finding,
  FlowReport,
  Report,
  Spread,
} from '../result.js'
import type { JsonOptions } from './json-flow.js'
import { flowJson, timerJson } from './json-flow.js'
import { requestJson } from './json-request.js'
import { exposureJson, exposureMember } from './json-exposure.js'
import { jsonLine, listJson } from './json-line.js'
import { hostJson, inferredTimerJson, legOrderJson } from './json-timers.js'

export { jsonLine } from './json-line.js'

function captureJson(capture: CaptureSummary): object {
  const { file, format, linkTypes, frames, bytes, start, seconds, truncated, notDecoded } = capture
  const { duplicates, notSeen } = capture
  return {
    ...{ file, format, linkTypes, frames, bytes, start, seconds, truncated, notDecoded },
    ...{ duplicates, notSeen },
  }
}

function chainJson(host: ChainHost): object {
  const { role, ips, ports, hosts, software, basis } = host
  return { role, ips, ports, hosts, software, basis }
}

function spreadJson(spread: Spread | null): object | null {
  return spread === null ? null : { min: spread.min, median: spread.median, max: spread.max }
}

function partJson({ client, server, ...part }: FindingPart): object {
  return { ...part, client: hostJson(client), server: hostJson(server) }
}

/** One finding as plain data in the contract's order. */
function findingJson(finding: Finding): object {
  return {
    class: finding.class,
    severity: finding.severity,
    title: finding.title,
    count: finding.count,
    phase: finding.phase,
    closer: finding.closer,
    client: hostJson(finding.client),
    server: hostJson(finding.server),
    silenceSeconds: spreadJson(finding.silenceSeconds),
    timer: timerJson(finding.timer),
    streams: finding.streams,
    ...(finding.notListed === undefined ? {} : { notListed: finding.notListed }),
    example: finding.example,
    fix: finding.fix,
    variant: finding.variant,
    certainty: finding.certainty,
    detail: finding.detail,
    ...(finding.logWords === undefined ? {} : { logWords: finding.logWords }),
    ...(finding.parts === undefined ? {} : { parts: finding.parts.map(partJson) }),
  }
}

/**
 * The one document of `--json`, in pieces to be written one after the other: a report of a million flows does not fit
 * into one string. Each capture, finding and flow stands on a line of its own, for grep and diff.
 */
export function* reportJson(report: Report, options: JsonOptions = {}): Generator<string> {
  const { flows, byClass, problems, latent, ...beyond } = report.summary
  const summary = { flows, byClass, problems, latent, ...beyond }
  yield `{\n  "schema": ${jsonLine(report.schema)},\n  "version": ${jsonLine(report.version)},\n`
  yield* listJson('captures', report.captures.map(captureJson), false)
  yield* listJson('chain', report.chain.map(chainJson), false)
  yield `  "summary": ${jsonLine(summary)},\n`
  yield* listJson('findings', report.findings.map(findingJson), false)
  if (report.timers !== undefined) yield* listJson('timers', report.timers.map(inferredTimerJson), false)
  if (report.legs !== undefined) yield* listJson('legs', report.legs.map(legOrderJson), false)
  if (report.requests !== undefined) yield* listJson('requests', report.requests.map(requestJson), false)
  if (report.exposure !== undefined) yield* exposureMember(report.exposure)
  const drawn = new Set(
    options.ladder === 'examples' ? report.findings.map((finding) => finding.example) : [],
  )
  yield '  "flows": ['
  for (let index = 0; index < report.flows.length; index++) {
    const flow = report.flows[index]
    const ladder = options.ladder === true || (flow !== undefined && drawn.has(flow.stream))
    if (flow !== undefined) yield `${index === 0 ? '' : ','}\n    ${jsonLine(flowJson(flow, { ladder }))}`
  }
  yield `${report.flows.length === 0 ? '' : '\n  '}]\n}\n`
}

/** One flow as a line of `--ndjson`, with its line break. */
export function flowLine(flow: FlowReport, options: JsonOptions = {}): string {
  return jsonLine({ type: 'flow', ...flowJson(flow, options) }) + '\n'
}

/** The lines of `--ndjson`: flows, then findings, then failed requests, then one summary with the captures. Each ends with a line break. */
export function* reportLines(report: Report, options: JsonOptions = {}): Generator<string> {
  for (const flow of report.flows) yield flowLine(flow, options)
  for (const finding of report.findings) yield jsonLine({ type: 'finding', ...findingJson(finding) }) + '\n'
  for (const request of report.requests ?? [])
    yield jsonLine({ type: 'request', ...requestJson(request) }) + '\n'
  yield (
    jsonLine({
      type: 'summary',
      schema: report.schema,
      version: report.version,
      ...report.summary,
      captures: report.captures.map(captureJson),
      chain: report.chain.map(chainJson),
      ...(report.timers !== undefined && { timers: report.timers.map(inferredTimerJson) }),
      ...(report.legs !== undefined && { legs: report.legs.map(legOrderJson) }),
      ...(report.exposure !== undefined && { exposure: exposureJson(report.exposure) }),
    }) + '\n'
  )
}
