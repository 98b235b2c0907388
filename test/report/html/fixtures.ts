import type { Report } from '../../../src/result.js'
import { handshake, row } from '../../diagram/fixtures.js'
import { captureOf, closeOf, findingOf, flowOf, reportOf, verdictOf } from '../fixtures.js'

const NGINX = { ip: '10.0.0.2', role: 'nginx' }
const PROXY = { ip: '10.0.0.3', port: 8000, role: 'proxy' }

/** A report in which every section of the page has something to say. */
export function chainReport(): Report {
  const flow = flowOf({
    stream: 12,
    ladder: [
      ...handshake(67, 0.123),
      row(70, 0.124, 'client', 'P.', { label: 'POST /v1/messages', message: 'request', payloadBytes: 412 }),
      row(77, 60.124, 'client', 'F.', { part: 'deciding' }),
    ].map((each) => ({ ...each, stream: 12 })),
    close: closeOf({ owed: 'response', phase: 'awaiting-response' }),
    verdict: verdictOf({
      class: 'idle-timeout',
      severity: 'problem',
      certainty: 'likely',
      phase: 'awaiting-response',
      timer: { seconds: 60, setting: 'nginx.proxy_read_timeout', candidates: ['nginx.proxy_read_timeout'] },
      summary: 'nginx gave up after 60.000 s without a response; its client got 504.',
      evidence: [
        { frame: 70, text: 'the request, whole' },
        { frame: 77, text: 'FIN by nginx, nothing received' },
      ],
      notThis: [{ class: 'client-abort', because: 'the closer waited for a whole timer' }],
    }),
  })
  const clean = flowOf({ stream: 13, start: 2, end: 9, close: closeOf({ silence: 5.001 }) })
  const finding = findingOf({
    count: 23,
    fix: ['proxy_read_timeout 600s;'],
    logWords: [{ component: 'nginx', text: 'upstream timed out (110: Connection timed out)' }],
  })
  return {
    ...reportOf({ flows: [flow, clean], findings: [finding] }),
    captures: [
      captureOf({ notDecoded: { notIp: 17 }, notSeen: ['12 connections began before the capture.'] }),
    ],
    chain: [
      { role: 'nginx', ips: ['10.0.0.2'], ports: [80], hosts: 1, software: 'nginx', basis: 'headers' },
      { role: 'proxy', ips: ['10.0.0.3'], ports: [8000], hosts: 1, software: 'uvicorn', basis: 'headers' },
    ],
    timers: [
      {
        ...{ client: NGINX, server: PROXY, by: 'server', phase: 'between-requests', kind: 'silence' },
        ...{ value: 5.002, min: 5, max: 5.01, closes: 24, of: 24, basis: 'steady', streams: [13] },
        settings: ['uvicorn.timeout_keep_alive'],
        summary: 'The proxy closes idle connections after 5.00 s.',
        ...{ declaredSeconds: null, sampled: false },
      } as const,
    ],
    legs: [
      {
        ...{ client: NGINX, server: PROXY, clientSeconds: 60, serverSeconds: 5, longestReuseSeconds: 3.9 },
        ...{ order: 'unsafe', because: 'nginx keeps idle connections longer than the proxy does.' },
        ...{
          connections: 200,
          reuses: 900,
          clientCloses: 0,
          serverCloses: 24,
          nearMisses: 3,
          races: 4,
          racesPerHour: 2.04,
          clientBasis: 'configured',
          serverBasis: 'seen',
          risk: '3 reuses came within a second of the timer',
        },
        fix: ['uvicorn --timeout-keep-alive 75'],
      } as const,
    ],
    requests: [
      {
        ...{ request: 'POST /v1/messages', capture: 0, time: 0.123, status: 504, causeStream: 12 },
        sentence: 'nginx gave up on the proxy after 60.00 s and told the client 504.',
        legs: [
          {
            ...{
              stream: 11,
              client: { ip: '10.0.0.1', port: 50_000, role: 'client' },
              server: { ...NGINX, port: 80 },
            },
            request: { frame: 60, after: 0 },
            answer: { frame: 79, after: 60.003, status: 504, complete: true },
            ...{
              close: null,
              class: 'clean',
              part: 'consequence',
              ...{ depth: 0, alsoSeen: [], opened: null, capture: 0 },
              certainty: null,
              text: 'the client got 504',
            },
          },
          {
            ...{ stream: 12, client: { ...NGINX, port: 40_122 }, server: PROXY },
            request: { frame: 70, after: 0.002 },
            answer: null,
            close: { by: 'client', flag: 'FIN', frame: 77, after: 60.002 },
            ...{
              class: 'idle-timeout',
              part: 'cause',
              ...{ depth: 1, alsoSeen: [], opened: null, capture: 0 },
              certainty: 'certain',
              text: 'nginx gave up',
            },
          },
        ],
      },
    ],
  }
}
