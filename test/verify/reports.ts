/** Reports made by hand: one leg with what a comparison reads, everything else left at nothing. */
import type {
  Durations,
  Finding,
  FindingHost,
  FlowReport,
  InferredTimer,
  LegExposure,
  LegOrder,
  Report,
} from '../../src/result.js'

export const NGINX: FindingHost = { ip: '10.0.0.2', role: 'nginx' }
export const PROXY: FindingHost = { ip: '10.0.0.3', port: 8000, role: 'proxy' }

/** Durations from `[from, below, count]`. */
export function durations(...bins: [number, number, number][]): Durations {
  const count = bins.reduce((sum, [, , many]) => sum + many, 0)
  const last = bins.at(-1)
  return {
    count,
    longest: last === undefined ? null : last[0],
    longestStream: last === undefined ? null : 7,
    bins,
  }
}

export function leg(parts: Partial<LegExposure> = {}): LegExposure {
  const none = durations()
  return {
    client: NGINX,
    server: PROXY,
    clientSoftware: 'nginx',
    serverSoftware: 'uvicorn',
    connections: 100,
    opened: 100,
    unconnected: 0,
    requests: 100,
    reuses: 0,
    reuseGaps: none,
    answered: none,
    unanswered: none,
    pending: none,
    responses: none,
    unfinished: none,
    pauses: none,
    arrivals: none,
    tunnels: none,
    idleCloses: { client: none, server: none },
    closesAnswered: { client: 0, server: 0 },
    ages: none,
    ...parts,
  }
}

export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    class: 'idle-timeout',
    variant: null,
    severity: 'problem',
    certainty: 'likely',
    title: 'nginx gave up',
    detail: [],
    count: 16,
    phase: 'awaiting-response',
    closer: 'client',
    client: NGINX,
    server: PROXY,
    silenceSeconds: { min: 60, median: 60, max: 60 },
    timer: { seconds: 60, setting: 'nginx.proxy_read_timeout', candidates: ['nginx.proxy_read_timeout'] },
    streams: [1],
    example: 1,
    fix: [],
    ...parts,
  }
}

/** A race as the classes tell it: uvicorn's 5 s met by requests of nginx. */
export function race(count: number): Finding {
  return finding({
    class: 'keepalive-race',
    variant: 'fin-crossing',
    phase: 'between-requests',
    closer: 'server',
    count,
    silenceSeconds: { min: 0, median: 0.01, max: 0.02 },
    timer: { seconds: 5, setting: 'uvicorn.timeout_keep_alive', candidates: [] },
  })
}

export function inferred(parts: Partial<InferredTimer> = {}): InferredTimer {
  return {
    client: NGINX,
    server: PROXY,
    by: 'client',
    phase: 'awaiting-response',
    kind: 'silence',
    value: 60,
    min: 60,
    max: 60,
    closes: 3,
    of: 3,
    settings: ['nginx.proxy_read_timeout'],
    basis: 'steady',
    declaredSeconds: null,
    sampled: false,
    streams: [1],
    summary: '',
    ...parts,
  }
}

function legOrder(order: LegOrder['order']): LegOrder {
  return {
    client: NGINX,
    server: PROXY,
    clientSeconds: 3.6,
    serverSeconds: null,
    clientBasis: 'seen',
    serverBasis: null,
    longestReuseSeconds: 3,
    order,
    because: `the order is ${order}`,
    connections: 20,
    reuses: 3,
    clientCloses: 20,
    serverCloses: 0,
    nearMisses: 0,
    races: 0,
    racesPerHour: null,
    risk: null,
    fix: [],
  }
}

export interface ReportParts {
  readonly findings?: readonly Finding[]
  readonly legs?: readonly LegExposure[] | null
  readonly seconds?: number
  readonly timers?: readonly InferredTimer[]
  readonly flows?: readonly FlowReport[]
  /** How the keep-alive timers of the leg are found to be ordered. */
  readonly order?: LegOrder['order']
  readonly file?: string
}

/** `legs: null`: a report of a version that counted no opportunities. */
export function report(parts: ReportParts = {}): Report {
  const findings = parts.findings ?? []
  const seconds = parts.seconds ?? 60
  const problems = findings
    .filter((one) => one.severity === 'problem')
    .reduce((sum, { count }) => sum + count, 0)
  return {
    schema: 'pcap-why/report/1',
    version: '0.1.0',
    captures: [
      {
        file: parts.file ?? 'made.pcap',
        format: 'pcap',
        linkTypes: ['EN10MB'],
        frames: 1000,
        bytes: 100_000,
        start: '2026-01-21T08:00:00.000000000Z',
        seconds,
        truncated: false,
        notDecoded: {},
        duplicates: 0,
        notSeen: [],
      },
    ],
    chain: [],
    summary: { flows: 100, byClass: {}, problems, latent: 0 },
    findings,
    flows: parts.flows ?? [],
    ...(parts.timers !== undefined && { timers: parts.timers }),
    ...(parts.order !== undefined && { legs: [legOrder(parts.order)] }),
    ...(parts.legs !== null && { exposure: { seconds, legs: parts.legs ?? [leg()], legsOmitted: 0 } }),
  }
}
