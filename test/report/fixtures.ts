/** Reports made by hand: what the analysis would say, typed, so that a change of the result's shape is seen here. */
import type {
  CaptureSummary,
  Close,
  FailedRequest,
  Finding,
  FlowReport,
  LadderRow,
  Report,
  RequestLeg,
  Verdict,
  VerdictClass,
} from '../../src/result.js'

/** A capture as read; override what the test is about. */
export function captureOf(parts: Partial<CaptureSummary> = {}): CaptureSummary {
  return {
    file: 'timeout.pcap',
    format: 'pcap',
    linkTypes: ['LINUX_SLL2'],
    frames: 5120,
    bytes: 812_034,
    start: '2026-01-21T08:00:00.000123456Z',
    seconds: 181.25,
    truncated: false,
    notDecoded: {},
    duplicates: 0,
    notSeen: [],
    ...parts,
  }
}

/** A verdict of a class, `clean` and certain unless said otherwise. */
export function verdictOf(parts: Partial<Verdict> = {}): Verdict {
  return {
    class: 'clean',
    variant: null,
    severity: 'ok',
    certainty: 'certain',
    phase: 'between-requests',
    closer: 'client',
    timer: null,
    causeStream: null,
    summary: 'The client closed after its response; nothing was owed.',
    evidence: [],
    notThis: [],
    fix: [],
    remarks: [],
    ...parts,
  }
}

/** A close by a FIN of each side, nothing owed. */
export function closeOf(parts: Partial<Close> = {}): Close {
  return {
    first: { by: 'client', flag: 'FIN', rstForm: null, frame: 77, time: 60.124 },
    second: { by: 'server', flag: 'FIN', rstForm: null, frame: 79, time: 60.13 },
    lastData: { by: 'client', frame: 70, time: 0.124 },
    silence: 60,
    owed: 'nothing',
    phase: 'between-requests',
    ...parts,
  }
}

/** A flow nginx → proxy with a clean end. */
export function flowOf(parts: Partial<FlowReport> = {}): FlowReport {
  const stream = parts.stream ?? 12
  return {
    capture: 0,
    stream,
    client: { ip: '10.0.0.2', port: 40_110 + stream, role: 'nginx' },
    server: { ip: '10.0.0.3', port: 8000, role: 'proxy' },
    clientBasis: 'syn',
    start: 0.123,
    end: 60.131,
    frames: 9,
    payloadBytes: { client: 412, server: 0 },
    completeness: 31,
    history: 'ShADdFaf',
    exchanges: 1,
    close: closeOf(),
    verdict: verdictOf(),
    links: [],
    ladder: [],
    ladderOmitted: 0,
    ...parts,
  }
}

/** A finding about one flow. */
export function findingOf(parts: Partial<Finding> = {}): Finding {
  return {
    class: 'idle-timeout',
    variant: null,
    severity: 'problem',
    certainty: 'likely',
    title: 'nginx gave up after 60.00 s without a response (59.99–60.02 s); clients got 504',
    detail: [],
    count: 1,
    phase: 'awaiting-response',
    closer: 'client',
    client: { ip: '10.0.0.2', role: 'nginx' },
    server: { ip: '10.0.0.3', port: 8000, role: 'proxy' },
    silenceSeconds: { min: 59.998, median: 60.001, max: 60.02 },
    timer: { seconds: 60, setting: 'nginx.proxy_read_timeout', candidates: ['nginx.proxy_read_timeout'] },
    streams: [12],
    example: 12,
    fix: ['proxy_read_timeout 600s;'],
    ...parts,
  }
}

/** A row of a ladder: the client's request. */
export function rowOf(parts: Partial<LadderRow> = {}): LadderRow {
  return {
    stream: 12,
    frame: 70,
    lastFrame: 70,
    time: 0.124,
    lastTime: 0.124,
    from: 'client',
    flags: 'P.',
    seq: 1,
    ack: 1,
    segments: 1,
    payloadBytes: 412,
    label: 'POST /v1/messages',
    message: 'request',
    status: null,
    marks: [],
    crosses: null,
    part: null,
    ...parts,
  }
}

/** A report around flows and findings; the summary is counted from the flows unless given. */
export function reportOf(parts: Partial<Report> = {}): Report {
  const flows = parts.flows ?? []
  const byClass: Partial<Record<VerdictClass, number>> = {}
  for (const flow of flows) byClass[flow.verdict.class] = (byClass[flow.verdict.class] ?? 0) + 1
  const bySeverity = (severity: string): number =>
    flows.filter((flow) => flow.verdict.severity === severity).length
  return {
    schema: 'pcap-why/report/1',
    version: '0.1.0',
    captures: [captureOf()],
    chain: [],
    summary: {
      flows: flows.length,
      byClass,
      problems: bySeverity('problem'),
      latent: bySeverity('latent'),
    },
    findings: [],
    flows,
    ...parts,
  }
}

/** A leg nginx → proxy that nginx gave up after a minute. */
export function legOf(parts: Partial<RequestLeg> = {}): RequestLeg {
  return {
    capture: 0,
    stream: 12,
    alsoSeen: [],
    depth: 0,
    client: { ip: '10.0.0.2', port: 40_122, role: 'nginx' },
    server: { ip: '10.0.0.3', port: 8000, role: 'proxy' },
    opened: null,
    request: { frame: 14, after: 0.0002 },
    answer: null,
    reset: null,
    close: { by: 'client', flag: 'FIN', frame: 85, after: 60.0031 },
    class: 'idle-timeout',
    part: 'cause',
    certainty: 'certain',
    text: 'idle timeout of nginx, nginx.proxy_read_timeout',
    ...parts,
  }
}

/** A request to nginx that got a 504 because the proxy behind it did not answer. */
export function failedRequestOf(parts: Partial<FailedRequest> = {}): FailedRequest {
  const outermost = legOf({
    stream: 11,
    client: { ip: '203.0.113.9', port: 50_000, role: 'client' },
    server: { ip: '10.0.0.2', port: 80, role: 'nginx' },
    request: { frame: 12, after: 0 },
    answer: { frame: 88, after: 60.004, status: 504, complete: true },
    close: null,
    class: 'clean',
    part: 'consequence',
    certainty: null,
    text: 'nginx answered for the leg behind it',
  })
  return {
    request: 'POST /v1/messages',
    capture: 0,
    time: 0.12,
    status: 504,
    legs: [outermost, legOf({ depth: 1 })],
    causeStream: 12,
    sentence:
      'nginx gave up on the proxy after 60.003 s without a response to POST /v1/messages and sent its client a 504.',
    ...parts,
  }
}
