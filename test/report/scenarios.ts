/** One busy afternoon behind nginx, as a report: the example of the terminal's design, complete. */
import type { FlowReport, Report, Verdict } from '../../src/result.js'
import { captureOf, closeOf, findingOf, flowOf, reportOf, rowOf, verdictOf } from './fixtures.js'

/** The verdict of a request that nginx gave up on. */
const timeoutVerdict: Verdict = verdictOf({
  class: 'idle-timeout',
  severity: 'problem',
  certainty: 'likely',
  phase: 'awaiting-response',
  timer: {
    seconds: 60,
    setting: 'nginx.proxy_read_timeout',
    candidates: ['nginx.proxy_read_timeout', 'haproxy.timeout_server'],
  },
  summary:
    'nginx sent POST /v1/messages, waited 60.000 s for a response that never began, and closed; the client of flow 11 got a 504.',
  evidence: [
    { frame: 70, text: 'POST /v1/messages, 412 B: the last payload of the connection' },
    { frame: 71, text: 'the proxy acknowledges all 412 B, so it has the request' },
    { frame: 77, text: 'nginx closes with a FIN 60.000 s after its request' },
  ],
  notThis: [
    { class: 'keepalive-race', because: 'the server did not close first' },
    { class: 'client-abort', because: 'the client of flow 11 was still there: it got a 504 0.1 ms later' },
    { class: 'server-abort', because: 'the server did not close first' },
  ],
  fix: ['proxy_read_timeout 600s;'],
  remarks: ['the proxy went on sending after the close: 3 segments were answered with RST'],
})

const raceVerdict: Verdict = verdictOf({
  class: 'keepalive-race',
  variant: 'fin-crossing',
  severity: 'problem',
  phase: 'between-requests',
  closer: 'server',
  summary:
    'The proxy closed the idle connection after 5.00 s; its FIN and the next request crossed by 0.4 ms, so the request was never read.',
})

const latentVerdict: Verdict = verdictOf({
  class: 'idle-timeout',
  severity: 'latent',
  certainty: 'likely',
  closer: 'server',
  timer: { seconds: 5, setting: 'uvicorn.timeout_keep_alive', candidates: ['uvicorn.timeout_keep_alive'] },
  summary: 'The proxy closed an idle pooled connection after 5.00 s; no request was under way.',
})

function numbered(
  from: number,
  amount: number,
  verdict: Verdict,
  parts: Partial<FlowReport> = {},
): FlowReport[] {
  return Array.from({ length: amount }, (_, index) =>
    flowOf({ stream: from + index, verdict, ...parts, close: closeOf({ ...parts.close }) }),
  )
}

/** The flow that is shown in detail: linked, with a ladder. */
export const timeoutFlow: FlowReport = flowOf({
  stream: 12,
  verdict: timeoutVerdict,
  close: closeOf({ owed: 'response', phase: 'awaiting-response' }),
  links: [{ stream: 11, relation: 'downstream', certainty: 'certain' }],
  ladder: [rowOf(), rowOf({ frame: 77, lastFrame: 77, flags: 'F.', label: null, part: 'deciding' })],
})

const raceClose = closeOf({
  first: { by: 'server', flag: 'FIN', rstForm: null, frame: 211, time: 35.2 },
  second: { by: 'server', flag: 'RST', rstForm: 'stateless', frame: 213, time: 35.21 },
})

/** The whole example. */
export function busyReport(): Report {
  const timeouts = [timeoutFlow, ...numbered(13, 22, timeoutVerdict)]
  const races = numbered(50, 4, raceVerdict, { close: raceClose })
  const latent = numbered(80, 19, latentVerdict, { close: raceClose })
  return reportOf({
    captures: [
      captureOf({
        duplicates: 1204,
        notDecoded: { notIp: 12, fragment: 3 },
        notSeen: ['the first packets: 2 connections were open when the capture began'],
      }),
    ],
    chain: [
      { role: 'client', ips: ['192.0.2.7'], ports: [], hosts: 38, software: null, basis: 'topology' },
      {
        role: 'nginx',
        ips: ['10.0.0.2'],
        ports: [80],
        hosts: 1,
        software: 'nginx/1.24.0',
        basis: 'Server header',
      },
      {
        role: 'proxy',
        ips: ['10.0.0.3'],
        ports: [8000],
        hosts: 1,
        software: 'uvicorn',
        basis: 'Server header',
      },
    ],
    summary: {
      flows: 212,
      byClass: { 'idle-timeout': 42, 'keepalive-race': 4, clean: 164, open: 2 },
      problems: 27,
      latent: 19,
    },
    findings: [
      findingOf({
        count: 23,
        streams: timeouts.map((flow) => flow.stream),
        detail: ['likely nginx proxy_read_timeout, default 60 s'],
      }),
      findingOf({
        class: 'keepalive-race',
        variant: 'fin-crossing',
        certainty: 'certain',
        title: 'the proxy’s FIN and the request crossed; 3 GETs were retried unseen, 1 POST became a 502',
        detail: ['the proxy closes idle connections after 5.00 s (24 of 24), nginx would keep them for 60 s'],
        count: 4,
        phase: 'between-requests',
        closer: 'server',
        timer: null,
        streams: races.map((flow) => flow.stream),
        example: 50,
        fix: ['uvicorn --timeout-keep-alive 75   (longer than nginx’s upstream keepalive_timeout)'],
      }),
      findingOf({
        severity: 'latent',
        title: 'same timers, no request met them yet; 2 reuses came within 1 s of the timer',
        count: 19,
        phase: 'between-requests',
        closer: 'server',
        timer: {
          seconds: 5,
          setting: 'uvicorn.timeout_keep_alive',
          candidates: ['uvicorn.timeout_keep_alive'],
        },
        streams: latent.map((flow) => flow.stream),
        example: 80,
        fix: [],
      }),
    ],
    flows: [...timeouts, ...races, ...latent],
  })
}
