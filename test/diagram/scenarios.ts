import type { LadderRow, Report } from '../../src/result.js'
import { finding, flow, handshake, report, request, response, row } from './fixtures.js'

const CLIENT = '203.0.113.7:51514 client'
const NGINX_IN = '10.0.0.2:80 nginx'
const NGINX_OUT = '10.0.0.2:40122 nginx'
const PROXY = '10.0.0.3:8000 proxy'

/** nginx gives up on a silent proxy: two legs, a 504, a timer. */
export function idleTimeout(): Report {
  const down = flow({
    stream: 11,
    client: CLIENT,
    server: NGINX_IN,
    ladder: [
      ...handshake(1, 3.1),
      request(4, 3.112, 'POST /v1/messages', 412),
      row(5, 3.1121, 'server', '.'),
      response(78, 63.11352, 504, 'Gateway Time-out', 569, { part: 'evidence' }),
    ],
    verdict: { class: 'idle-timeout', causeStream: 12, phase: 'awaiting-response' },
    links: [{ stream: 12, relation: 'upstream', certainty: 'certain' }],
  })
  const up = flow({
    stream: 12,
    client: NGINX_OUT,
    server: PROXY,
    ladder: [
      ...handshake(6, 3.1125),
      request(9, 3.11348, 'POST /v1/messages', 655),
      row(10, 3.11351, 'server', '.'),
      row(77, 63.11348, 'client', 'F.', { part: 'deciding' }),
      row(79, 63.1544, 'server', 'F.'),
      row(80, 63.1545, 'client', '.'),
    ],
    verdict: {
      class: 'idle-timeout',
      certainty: 'likely',
      phase: 'awaiting-response',
      timer: {
        seconds: 60,
        setting: 'nginx.proxy_read_timeout',
        candidates: ['nginx.proxy_read_timeout', 'nginx.uwsgi_read_timeout'],
      },
      summary: 'nginx gave up on the proxy after 60.000 s of waiting and sent the client a 504.',
      evidence: [
        {
          frame: 77,
          text: 'nginx sends FIN 60.000 s after its request; the proxy has sent no byte of a response',
        },
        { frame: 78, text: '0.04 ms later nginx writes 504 Gateway Time-out to the client' },
      ],
      fix: ['proxy_read_timeout 600s;', 'or let the proxy send something (an SSE ping) at least every 30 s'],
    },
    links: [{ stream: 11, relation: 'downstream', certainty: 'certain' }],
  })
  const found = finding(up, { count: 23, silenceSeconds: { min: 59.99, median: 60, max: 60.02 } })
  return report([down, up], [found])
}

/** The server's FIN and a request cross; the client sees a 502 and nginx' retry goes elsewhere. */
export function keepaliveRace(): Report {
  const down = flow({
    stream: 34,
    client: '203.0.113.9:40022 client',
    server: NGINX_IN,
    ladder: [
      request(209, 77.004, 'POST /v1/messages', 412),
      response(214, 77.005, 502, 'Bad Gateway', 559, { part: 'evidence' }),
    ],
    verdict: { class: 'clean', severity: 'ok' },
    links: [{ stream: 31, relation: 'upstream', certainty: 'certain' }],
  })
  const up = flow({
    stream: 31,
    client: NGINX_OUT,
    server: PROXY,
    ladder: [
      request(201, 72, 'GET /health', 210),
      response(202, 72.004, 200, 'OK', 158),
      row(203, 72.0041, 'client', '.'),
      request(210, 77.0041, 'POST /v1/messages', 655),
      row(211, 77.0045, 'server', 'F.', { crosses: 210, part: 'deciding' }),
      row(212, 77.0046, 'client', 'F.'),
      row(213, 77.0049, 'server', 'R', { part: 'evidence' }),
    ],
    close: { phase: 'between-requests' },
    verdict: {
      class: 'keepalive-race',
      variant: 'fin-crossing',
      phase: 'between-requests',
      timer: {
        seconds: 5,
        setting: 'uvicorn.timeout_keep_alive',
        candidates: ['uvicorn.timeout_keep_alive'],
      },
      summary: 'The proxy closed the idle connection 0.4 ms before nginx’s next request reached it: 502.',
      evidence: [
        {
          frame: 211,
          text: 'the FIN acknowledges none of the request: the proxy never read it, a retry is safe',
        },
      ],
      fix: [
        'uvicorn --timeout-keep-alive 75',
        'so that nginx (upstream keepalive_timeout 60s) always closes first',
      ],
    },
    links: [
      { stream: 34, relation: 'downstream', certainty: 'certain' },
      { stream: 35, relation: 'retry', certainty: 'likely' },
    ],
  })
  return report(
    [down, up],
    [finding(up, { count: 4, silenceSeconds: { min: 4.998, median: 5, max: 5.003 } })],
  )
}

/** The same race in one leg, with two segments under way and the retry on another connection. */
export function raceWithRetry(): Report {
  const up = flow({
    stream: 5,
    client: NGINX_OUT,
    server: PROXY,
    ladder: [
      request(1, 0, 'GET /health', 210),
      response(2, 0.004, 200, 'OK', 158),
      row(10, 5.0041, 'client', 'P.', {
        label: 'POST /v1/messages?stream=true',
        message: 'request',
        payloadBytes: 1448,
      }),
      row(11, 5.00412, 'client', 'P.', { payloadBytes: 320, marks: ['window_full'] }),
      row(12, 5.0045, 'server', 'F.', { crosses: 10, part: 'deciding' }),
      row(13, 5.0049, 'server', 'R', { crosses: 10 }),
      row(14, 5.005, 'server', 'R'),
    ],
    verdict: {
      class: 'keepalive-race',
      variant: 'fin-crossing',
      severity: 'problem',
      phase: 'between-requests',
      timer: { seconds: 5, setting: 'uvicorn.timeout_keep_alive', candidates: [] },
      summary:
        'The proxy closed the idle connection while nginx was sending its next request; nginx repeated it unseen.',
    },
    links: [{ stream: 6, relation: 'retry', certainty: 'certain' }],
  })
  const retry = flow({
    stream: 6,
    client: '10.0.0.2:40124 nginx',
    server: PROXY,
    ladder: [
      ...handshake(15, 5.0052),
      request(18, 5.0056, 'POST /v1/messages?stream=true', 1768),
      response(21, 5.9, 200, 'OK', 20_480, { segments: 14, lastFrame: 40, lastTime: 6.2, flags: '.' }),
    ],
    verdict: { class: 'clean', severity: 'ok' },
  })
  return report([up, retry])
}

/** A client that vanished: retransmissions that double their distance. */
function zombie(): Report {
  const times = [0.4, 1.0, 2.2, 4.6, 9.4, 19.0, 38.2, 76.6]
  const repeats = times.map((after, index) =>
    row(30 + index, 12.5 + after, 'server', 'P.', {
      payloadBytes: 1448,
      marks: ['retransmission'],
      part: index === 0 ? null : 'evidence',
    }),
  )
  const only = flow({
    stream: 3,
    client: '[2001:db8:85a3:1234:5678:8a2e:370:7334]:51514 client',
    server: '[2001:db8::10]:443 nginx',
    ladder: [
      ...handshake(1, 0),
      row(4, 0.001, 'client', 'P.', { payloadBytes: 517, label: 'TLS ClientHello' }),
      row(5, 0.002, 'server', 'P.', {
        payloadBytes: 3100,
        label: 'TLS ServerHello',
        segments: 3,
        lastFrame: 8,
      }),
      row(9, 0.02, 'client', 'P.', { payloadBytes: 900, message: 'request' }),
      row(10, 0.05, 'server', '.', {
        payloadBytes: 131_000,
        segments: 92,
        lastFrame: 140,
        lastTime: 12.4,
        message: 'response',
      }),
      row(20, 12.5, 'server', 'P.', { payloadBytes: 1448 }),
      ...repeats,
      row(60, 120.1, 'server', 'R.', { part: 'deciding' }),
    ],
    verdict: {
      class: 'half-open-zombie',
      variant: 'vanished',
      phase: 'mid-response',
      summary:
        'The client vanished without a word; nginx repeated the same bytes 8 times and held the connection for 107 s.',
      evidence: [
        {
          frame: 37,
          text: 'the eighth copy, 76.600 s after the first; no segment from the client since 12.4 s',
        },
      ],
      fix: ['net.ipv4.tcp_user_timeout, or nginx: listen … so_keepalive=60s:10s:3'],
    },
  })
  return report([only], [], { chain: [] })
}

/** One row that stands for all repeats, as the bounded ladder gathers them. */
export function gatheredRepeats(): Report {
  const only = flow({
    stream: 0,
    client: CLIENT,
    server: NGINX_IN,
    ladder: [
      ...handshake(1, 0),
      request(4, 0.001, 'GET /events', 200),
      row(5, 0.002, 'server', 'P.', { payloadBytes: 600, label: '200 OK', message: 'response', status: 200 }),
      row(6, 0.4, 'server', 'P.', {
        payloadBytes: 4800,
        segments: 8,
        lastFrame: 20,
        lastTime: 77.2,
        marks: ['retransmission'],
        part: 'deciding',
      }),
      row(21, 78, 'server', '.', { marks: ['keep_alive'], segments: 9, lastFrame: 40, lastTime: 753 }),
      row(41, 830, 'server', 'R.'),
    ],
    verdict: {
      class: 'half-open-zombie',
      variant: 'probed-dead',
      summary: 'The client is gone: nothing answered for 13 minutes.',
    },
  })
  return report([only])
}

/** nginx 499: the client leaves, the upstream leg is closed in consequence. Three legs with a load balancer. */
export function clientAbort(): Report {
  const links = { certainty: 'certain' } as const
  const first = flow({
    stream: 1,
    client: CLIENT,
    server: '192.0.2.80:443 lb',
    ladder: [
      ...handshake(1, 0),
      request(4, 0.01, 'POST /v1/messages', 412),
      row(40, 12.003, 'client', 'F.', { part: 'deciding' }),
      row(41, 12.0031, 'server', '.'),
    ],
    verdict: {
      class: 'client-abort',
      phase: 'awaiting-response',
      certainty: 'likely',
      timer: { seconds: 12, setting: null, candidates: [] },
      summary:
        'The client gave up 12.003 s after its request; the proxy was still working and had sent nothing.',
      evidence: [{ frame: 40, text: 'the client’s FIN, owed a whole response' }],
      fix: ['Raise the client’s timeout above the slowest response, or make the proxy answer sooner.'],
    },
    links: [{ stream: 2, relation: 'upstream', ...links }],
  })
  const second = flow({
    stream: 2,
    client: '10.1.0.9:33444 lb',
    server: NGINX_IN,
    ladder: [request(6, 0.011, 'POST /v1/messages', 502), row(42, 12.0034, 'client', 'R.')],
    verdict: { class: 'client-abort', variant: 'propagated', causeStream: 1 },
    links: [
      { stream: 1, relation: 'downstream', ...links },
      { stream: 3, relation: 'upstream', ...links },
    ],
  })
  const third = flow({
    stream: 3,
    client: '10.2.0.2:40122 nginx',
    server: PROXY,
    ladder: [
      ...handshake(7, 0.0114),
      request(10, 0.012, 'POST /v1/messages', 655),
      row(43, 12.0037, 'client', 'F.'),
      row(44, 12.0039, 'server', '.'),
      response(60, 14.2, 200, 'OK', 5210, { part: 'evidence' }),
      row(61, 14.2002, 'client', 'R'),
    ],
    verdict: { class: 'client-abort', variant: 'propagated', causeStream: 1 },
    links: [{ stream: 2, relation: 'downstream', ...links }],
  })
  return report([first, second, third])
}

/** A pooled connection with hundreds of exchanges before its end. */
export function longFlow(exchanges = 120): Report {
  const ladder: LadderRow[] = [...handshake(1, 0)]
  let frame = 4
  for (let i = 0; i < exchanges; i++) {
    const time = 0.01 + i * 0.3
    ladder.push(request(frame, time, `GET /items/${i}`, 180 + i))
    ladder.push(
      response(frame + 1, time + 0.02, i === 60 ? 503 : 200, i === 60 ? 'Service Unavailable' : 'OK', 900),
    )
    ladder.push(row(frame + 2, time + 0.0201, 'client', '.'))
    frame += 3
  }
  const end = 0.01 + exchanges * 0.3 + 75
  ladder.push(row(frame, end, 'server', 'F.', { part: 'deciding' }))
  ladder.push(row(frame + 1, end + 0.0004, 'client', 'F.'))
  ladder.push(row(frame + 2, end + 0.0005, 'server', '.'))
  const only = flow({
    stream: 8,
    client: NGINX_OUT,
    server: PROXY,
    ladder,
    verdict: {
      class: 'idle-timeout',
      severity: 'latent',
      phase: 'between-requests',
      timer: {
        seconds: 75,
        setting: 'gunicorn.keepalive',
        candidates: ['gunicorn.keepalive', 'nginx.keepalive_timeout'],
      },
      summary:
        'The proxy closed an idle pooled connection after 75.3 s: harmless here, a race when a request comes then.',
    },
  })
  return report([only])
}

/** A reader that stops reading: zero window, probes, a send timeout. */
export function notReading(): Report {
  const only = flow({
    stream: 2,
    client: CLIENT,
    server: NGINX_IN,
    ladder: [
      ...handshake(1, 0),
      request(4, 0.001, 'GET /export.csv', 212),
      response(5, 0.05, 200, 'OK', 262_144, { segments: 181, lastFrame: 230, lastTime: 0.61, flags: '.' }),
      row(231, 0.62, 'client', '.', { marks: ['zero_window'], part: 'evidence' }),
      row(232, 0.83, 'server', '.', { payloadBytes: 1, marks: ['zero_window_probe'] }),
      row(233, 0.831, 'client', '.', { marks: ['zero_window_probe_ack', 'zero_window'] }),
      row(234, 1.3, 'server', '.', { payloadBytes: 1, marks: ['zero_window_probe'] }),
      row(235, 1.301, 'client', '.', { marks: ['zero_window_probe_ack', 'zero_window'] }),
      row(237, 2.2, 'client', '.', { marks: ['zero_window'] }),
      row(238, 60.62, 'server', 'R.', { part: 'deciding' }),
    ],
    verdict: {
      class: 'idle-timeout',
      phase: 'peer-not-reading',
      certainty: 'likely',
      timer: { seconds: 60, setting: 'nginx.send_timeout', candidates: ['nginx.send_timeout'] },
      summary: 'The client stopped reading after 262 KB; nginx waited 60.000 s for room and gave up.',
    },
  })
  return report([only])
}

/** Probes through an idle night, then the end. */
function keepaliveProbes(): Report {
  const probes = [75, 150, 225, 300].flatMap((time, index) => [
    row(20 + index * 2, time, 'server', '.', { marks: ['keep_alive'] }),
    row(21 + index * 2, time + 0.03, 'client', '.', { marks: ['keep_alive_ack'] }),
  ])
  const only = flow({
    stream: 4,
    client: CLIENT,
    server: NGINX_IN,
    ladder: [
      ...handshake(1, 0),
      request(4, 0.001, 'GET /ws', 212),
      response(5, 0.01, 101, 'Switching Protocols', 129),
      ...probes,
      row(40, 350.0004, 'server', 'R', { part: 'deciding' }),
    ],
    verdict: {
      class: 'middlebox-reset',
      phase: 'tunnel',
      certainty: 'certain',
      closer: 'middlebox',
      timer: { seconds: 350, setting: 'aws-nlb.tcp_idle_timeout', candidates: [] },
      summary:
        'Something between the two reset the connection after 350.000 s; the server never sent that RST.',
    },
  })
  return report([only])
}

/** Verdicts with a ladder of a few rows. */
function refused(): Report {
  const only = flow({
    stream: 0,
    client: NGINX_OUT,
    server: PROXY,
    ladder: [row(1, 0, 'client', 'S'), row(2, 0.00004, 'server', 'R.', { part: 'deciding' })],
    close: { first: { by: 'server', flag: 'RST', rstForm: 'refused', frame: 2, time: 0.00004 } },
    verdict: {
      class: 'refused',
      phase: 'connecting',
      summary: 'Nothing listens at 10.0.0.3:8000: the host refused the connection.',
    },
  })
  return report([only])
}

/** SYNs that nobody answers. */
function connectTimeout(): Report {
  const only = flow({
    stream: 0,
    client: NGINX_OUT,
    server: PROXY,
    ladder: [
      row(1, 0, 'client', 'S'),
      ...[1.02, 3.07, 7.1, 15.3, 31.4].map((time, index) =>
        row(2 + index, time, 'client', 'S', { marks: ['retransmission'], part: 'evidence' }),
      ),
    ],
    verdict: {
      class: 'connect-timeout',
      phase: 'connecting',
      summary: 'The proxy never answered: nginx sent its SYN 6 times in 31.4 s.',
      fix: [
        'Is 10.0.0.3:8000 reachable from 10.0.0.2? proxy_connect_timeout 5s; makes nginx give up sooner.',
      ],
    },
  })
  return report([only])
}

/** An orderly end, which is drawn as well. */
export function clean(): Report {
  const only = flow({
    stream: 0,
    client: CLIENT,
    server: NGINX_IN,
    ladder: [
      ...handshake(1, 0),
      request(4, 0.0004, 'GET /', 80),
      response(5, 0.001, 200, 'OK', 300),
      row(6, 0.0011, 'client', '.'),
      row(7, 0.002, 'client', 'F.'),
      row(8, 0.0021, 'server', 'F.'),
      row(9, 0.0022, 'client', '.'),
    ],
    verdict: {
      class: 'clean',
      severity: 'ok',
      summary: 'The client closed after its response; nothing was owed.',
    },
  })
  return report([only])
}

/** Strings that want to be more than text. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '&lt;b&gt;"\'`]]>-->',
  '\u001b[31mred\u001b[0m\u0007',
  'a\u202egnp.exe\u2066\u2069\u200f',
  `/${'x'.repeat(10_000)}`,
  '\ud800 lone \udfff',
  'line one\r\nline two\u2028three\u0000',
  'zalgo e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  '漢字のパス/絵文字😀',
  '\ufffe\uffff\u{e0041}',
]

/** Hostile text in every place that takes text. */
export function hostile(): Report {
  const [script = '', entities = ''] = HOSTILE
  const base = flow({
    stream: 7,
    client: CLIENT,
    server: NGINX_IN,
    ladder: HOSTILE.map((label, index) => request(index + 1, index * 0.01, label, 10)).concat(
      row(90, 60, 'server', 'F.', { marks: ['<b>'], part: 'deciding' }),
    ),
    verdict: {
      class: 'unclassified',
      summary: HOSTILE.join(' '),
      variant: script,
      timer: { seconds: 60, setting: `${script}.${entities}`, candidates: HOSTILE },
      evidence: HOSTILE.map((text, index) => ({ frame: index + 1, text })),
      fix: HOSTILE,
    },
    more: {
      client: { ip: `${script}${entities}`, port: 1, role: HOSTILE.join('') },
      server: { ip: HOSTILE[3] as string, port: 2, role: HOSTILE[8] as string },
    },
  })
  const whole = report([base])
  return {
    ...whole,
    captures: [
      { ...(whole.captures[0] as (typeof whole.captures)[0]), file: HOSTILE.join('/'), start: script },
    ],
  }
}

/** Every scenario with the flow to draw. */
export const SCENARIOS: readonly (readonly [name: string, make: () => Report, stream: number])[] = [
  ['idle-timeout', idleTimeout, 12],
  ['keepalive-race', keepaliveRace, 31],
  ['race-with-retry', raceWithRetry, 5],
  ['zombie', zombie, 3],
  ['gathered-repeats', gatheredRepeats, 0],
  ['client-abort', clientAbort, 1],
  ['client-abort-propagated', clientAbort, 3],
  ['long-flow', longFlow, 8],
  ['not-reading', notReading, 2],
  ['keepalive-probes', keepaliveProbes, 4],
  ['refused', refused, 0],
  ['connect-timeout', connectTimeout, 0],
  ['clean', clean, 0],
  ['hostile', hostile, 7],
]
