/** Reports made by hand: what the analysis would say, typed, so that a change of the result's shape is seen here. */
import type {
  CaptureSummary,
  Close,
  Finding,
  FlowReport,
  LadderRow,
  Report,
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
