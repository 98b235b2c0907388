import type {
  CloseEvent,
  Endpoint,
  Finding,
  FlowLink,
  FlowReport,
  LadderRow,
  Report,
  Side,
  Verdict,
  VerdictClass,
} from '../../src/result.js'

/** A ladder row in short: frame, time, side and flags, then what differs from a bare segment. */
export function row(
  frame: number,
  time: number,
  from: Side,
  flags: string,
  more: Partial<LadderRow> = {},
): LadderRow {
  return {
    stream: 0,
    frame,
    lastFrame: frame,
    time,
    lastTime: time,
    from,
    flags,
    seq: null,
    ack: null,
    segments: 1,
    payloadBytes: 0,
    label: null,
    message: null,
    status: null,
    marks: [],
    crosses: null,
    part: null,
    ...more,
  }
}

/** The three rows of a handshake, 0.2 ms apart. */
export function handshake(frame: number, time: number): LadderRow[] {
  return [
    row(frame, time, 'client', 'S'),
    row(frame + 1, time + 0.0002, 'server', 'S.'),
    row(frame + 2, time + 0.0003, 'client', '.'),
  ]
}

export function request(
  frame: number,
  time: number,
  label: string,
  bytes: number,
  more: Partial<LadderRow> = {},
) {
  return row(frame, time, 'client', 'P.', { label, message: 'request', payloadBytes: bytes, ...more })
}

export function response(
  frame: number,
  time: number,
  status: number,
  label: string,
  bytes: number,
  more: Partial<LadderRow> = {},
) {
  return row(frame, time, 'server', 'P.', {
    label: `${status} ${label}`,
    message: 'response',
    status,
    payloadBytes: bytes,
    ...more,
  })
}

/** `10.0.0.2:80 nginx`, `[2001:db8::1]:443 lb`. */
function endpoint(text: string): Endpoint {
  const [socket = '', role] = text.split(' ')
  const at = socket.lastIndexOf(':')
  return {
    ip: socket.slice(0, at).replace(/[[\]]/g, ''),
    port: Number(socket.slice(at + 1)),
    role: role ?? null,
  }
}

export interface FlowText {
  readonly stream: number
  readonly client: string
  readonly server: string
  readonly ladder: readonly LadderRow[]
  readonly verdict: Partial<Verdict> & { readonly class: VerdictClass }
  readonly close?: Partial<FlowReport['close']>
  readonly links?: readonly FlowLink[]
  readonly more?: Partial<FlowReport>
}

/** A flow around a ladder; the closes are read from the ladder unless given. */
export function flow(text: FlowText): FlowReport {
  const ladder = text.ladder.map((each) => ({ ...each, stream: text.stream }))
  const closes = ladder.filter((each) => /[FR]/.test(each.flags))
  const event = (each: LadderRow | undefined): CloseEvent | null =>
    each === undefined
      ? null
      : {
          by: each.from,
          flag: each.flags.includes('R') ? 'RST' : 'FIN',
          rstForm: each.flags.includes('R') ? (each.flags === 'R' ? 'stateless' : 'abort') : null,
          frame: each.frame,
          time: each.time,
        }
  const first = closes[0]
  const data = ladder
    .filter((each) => each.payloadBytes > 0 && (first === undefined || each.time <= first.time))
    .at(-1)
  const phase = text.verdict.phase ?? null
  return {
    capture: 0,
    stream: text.stream,
    client: endpoint(text.client),
    server: endpoint(text.server),
    clientBasis: 'syn',
    start: ladder[0]?.time ?? 0,
    end: ladder.at(-1)?.lastTime ?? 0,
    frames: ladder.length,
    payloadBytes: { client: 0, server: 0 },
    completeness: 31,
    history: '',
    exchanges: 1,
    close: {
      first: event(first),
      second: event(closes.find((each) => each.from !== first?.from)),
      lastData: data === undefined ? null : { by: data.from, frame: data.frame, time: data.time },
      silence: first === undefined || data === undefined ? null : first.time - data.lastTime,
      owed: 'nothing',
      phase,
      ...text.close,
    },
    verdict: {
      variant: null,
      severity: 'problem',
      certainty: 'certain',
      phase,
      closer: first?.from ?? 'none',
      timer: null,
      causeStream: null,
      summary: 'The server closed.',
      evidence: [],
      notThis: [],
      fix: [],
      remarks: [],
      ...text.verdict,
    },
    links: text.links ?? [],
    ladder,
    ladderOmitted: 0,
    ...text.more,
  }
}

/** A finding over flows with equal verdicts. */
export function finding(example: FlowReport, more: Partial<Finding>): Finding {
  const { verdict } = example
  return {
    class: verdict.class,
    variant: verdict.variant,
    severity: verdict.severity,
    certainty: verdict.certainty,
    title: verdict.summary,
    detail: [],
    count: 1,
    phase: verdict.phase,
    closer: verdict.closer,
    client: { ip: example.client.ip, role: example.client.role },
    server: example.server,
    silenceSeconds: null,
    timer: verdict.timer,
    streams: [example.stream],
    example: example.stream,
    fix: verdict.fix,
    ...more,
  }
}

/** A report of one capture that holds these flows. */
export function report(
  flows: readonly FlowReport[],
  findings: readonly Finding[] = [],
  more: Partial<Report> = {},
): Report {
  return {
    schema: 'pcap-why/report/1',
    version: '0.0.0',
    captures: [
      {
        file: 'incident/timeout.pcap',
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
      },
    ],
    chain: [
      {
        role: 'proxy',
        ips: ['10.0.0.3'],
        ports: [8000],
        hosts: 1,
        software: 'uvicorn',
        basis: 'Server header',
      },
      { role: 'nginx', ips: ['10.0.0.2'], ports: [80], hosts: 1, software: 'nginx', basis: 'Server header' },
    ],
    summary: { flows: flows.length, byClass: {}, problems: flows.length, latent: 0 },
    findings,
    flows,
    ...more,
  }
}
