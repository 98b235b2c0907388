import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import type { FailedRequest } from '../../src/result.js'
import { clientEnds, get, ok, opens, post, reportOf, serverEnds, status } from '../helpers/verdict-of.js'

const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:80 ts'
const U = 'flow u 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const V = 'flow v 10.0.0.2:40124 > 10.0.0.4:8000 ts'

async function requests(ladder: string, options: object = {}): Promise<readonly FailedRequest[]> {
  return (await reportOf(ladder, options)).requests ?? []
}

/** `part class request/answer status close` for each leg, outermost first. */
function legs(request: FailedRequest | undefined): string[] {
  return (request?.legs ?? []).map(
    ({ depth, part, answer, close, certainty }) =>
      `${depth} ${part} ${answer?.status ?? '-'} ${close === null ? '-' : `${close.flag} ${close.by}`} ${certainty ?? '-'}`,
  )
}

async function captured(...scenarios: string[]): Promise<readonly FailedRequest[]> {
  const sources = scenarios.map((scenario) => openSource(`captures/${scenario}/capture.pcap`))
  const report = await analyze(sources)
  for (const source of sources) source.close()
  return report.requests ?? []
}

const readTimeout = `${D}\n${U}
    ${opens('d')}
    d > P. ${get('/slow?key=s3cret')}
    ${opens('u', '+0.0001')}
    u > P. ${get('/slow?key=s3cret')}
    u < .
    60.001 u > F.
    u < F.
    u > .
    +0.0001 d < P. ${status(504, 'Gateway Time-out')}
    d > .
    ${clientEnds('d', '+0.1')}`

test('a read timeout: legs with times after the request, the answer, the cause, one sentence', async () => {
  const [request, ...others] = await requests(readTimeout)
  expect(others).toEqual([])
  expect(request).toMatchObject({ request: 'GET /slow?…', status: 504, causeStream: 1 })
  expect(legs(request)).toEqual(['0 consequence 504 FIN client -', '1 cause - FIN client likely'])
  expect(request?.legs[0]?.request?.after).toBe(0)
  expect(request?.legs[0]?.answer?.after).toBeCloseTo(60.001, 2)
  expect(request?.legs[1]?.opened?.after).toBeCloseTo(0.0001, 4)
  expect(request?.sentence).toMatch(/gave up on .* after 60\.00\d s without a response .*504/)
  expect(request?.sentence).not.toContain('s3cret')
})

test('secrets are shown when asked for', async () => {
  const [request] = await requests(readTimeout, { showSecrets: true })
  expect(request?.request).toBe('GET /slow?key=s3cret')
})

test('near miss: answered in time, nothing failed', async () => {
  expect(
    await requests(`${D}\n${U}
    ${opens('d')}
    d > P. ${get('/x')}
    ${opens('u')}
    u > P. ${get('/x')}
    u < P. ${ok()}
    u > .
    d < P. ${ok()}
    d > .
    ${clientEnds('u', '+0.1')}
    ${clientEnds('d', '+0.1')}`),
  ).toEqual([])
})

test('a request that still waits at the end of the capture has not failed', async () => {
  expect(await requests(`${D}\n${opens('d')}\nd > P. ${get('/x')}\nd < .`)).toEqual([])
})

test('an application that answers 500 or 503 by itself is no failed request; a 504 nobody is seen behind is', async () => {
  const answered = (code: number): string => `${D}
    ${opens('d')}
    d > P. ${get('/x')}
    +1 d < P. ${status(code)}
    d > .
    ${clientEnds('d', '+0.1')}`
  expect(await requests(answered(500))).toEqual([])
  expect(await requests(answered(503))).toEqual([])
  const [request] = await requests(answered(504))
  expect(request).toMatchObject({ status: 504, causeStream: null })
  expect(request?.sentence).toMatch(/answered 504 after 1\.000 s; no leg behind it was seen/)
})

test('the client left: both legs, the upstream one closed because of it', async () => {
  const [request, ...others] = await requests(`${D}\n${U}
    ${opens('d')}
    d > P. ${get('/slow')}
    ${opens('u')}
    u > P. ${get('/slow')}
    u < .
    2.5 d > F.
    +0.0001 u > F.
    d < .
    u < .`)
  expect(others).toEqual([])
  expect(legs(request)).toEqual(['0 cause - FIN client -', '1 consequence - FIN client likely'])
  expect(request?.causeStream).toBe(0)
  expect(request?.sentence).toMatch(/^The client left .*; .* then closed flow 1, 0\.10 ms later\.$/)
})

test('a refused try hidden by the next one', async () => {
  const [request] = await requests(`${D}\n${U}\n${V}
    ${opens('d')}
    d > P. ${get('/x')}
    u > S
    u < R.
    ${opens('v', '+0.0001')}
    v > P. ${get('/x')}
    v < P. ${ok()}
    v > .
    d < P. ${ok()}
    d > .
    ${clientEnds('v', '+0.1')}
    ${clientEnds('d', '+0.1')}`)
  expect(legs(request)).toEqual([
    '0 other 200 FIN client -',
    '1 cause - RST server likely',
    '1 retry 200 FIN client likely',
  ])
  expect(request?.status).toBe(200)
  expect(request?.sentence).toMatch(/refused .*sent it again on flow 2, which answered 200\.$/)
})

test('two tries that both failed: the last is the cause, the first is told', async () => {
  const drops = (flow: string): string => `${flow} < .\n${serverEnds(flow, '+0.005')}`
  const [request, ...others] = await requests(`${D}\n${U}\n${V}
    ${opens('d')}
    d > P. ${get('/x')}
    ${opens('u')}
    u > P. ${get('/x')}
    ${drops('u')}
    ${opens('v', '+0.0001')}
    v > P. ${get('/x')}
    ${drops('v')}
    d < P. ${status(502)}
    d > .
    ${clientEnds('d', '+0.1')}`)
  expect(others).toEqual([])
  expect(request?.legs.map((leg) => leg.part)).toEqual(['consequence', 'consequence', 'cause'])
  expect(request?.sentence).toMatch(/before that, a try had failed \(flow 1: server-abort\)/)
})

test('each of the requests that one pooled connection carried stands alone', async () => {
  const [request, ...others] = await requests(`${D}\n${U}
    ${opens('u')}
    ${opens('d', '1.0')}
    d > P. ${get('/good')}
    u > P. ${get('/good')}
    u < P. ${ok()}
    u > .
    d < P. ${ok()}
    d > .
    2.0 d > P. ${post('/bad', 3)}
    u > P. ${post('/bad', 3)}
    u < .
    ${serverEnds('u', '+0.005')}
    d < P. ${status(502)}
    d > .
    ${clientEnds('d', '+0.1')}`)
  expect(others).toEqual([])
  expect(request).toMatchObject({ request: 'POST /bad', status: 502, causeStream: 0 })
})

test('the requests of the flow asked for are told whether they failed or not', async () => {
  const report = await reportOf(readTimeout, { flow: 0 })
  expect(report.carried?.map((one) => one.request)).toEqual(['GET /slow?…'])
  const fine = await reportOf(`${D}\n${opens('d')}\nd > P. ${get('/x')}\n+0.2 d < P. ${ok()}\nd > .`, {
    flow: 0,
  })
  expect(fine.requests).toEqual([])
  expect(fine.carried?.[0]?.sentence).toMatch(/answered 200 after 200 ms\.$/)
})

test('real captures: load balancer first, then nginx, then the application, from two hosts', async () => {
  const failed = await captured('chain-lb-first', 'chain-lb-first-at-lb')
  expect(failed).toHaveLength(5)
  const [first] = failed
  expect(legs(first)).toEqual([
    '0 consequence 504 FIN client -',
    '1 cause - RST client certain',
    '2 consequence - FIN client certain',
  ])
  expect(first?.legs[1]?.alsoSeen).toHaveLength(1)
  expect(first?.sentence).toMatch(
    /^HAProxy gave up on the proxy after 8\.70\d s .*; the proxy then closed flow \d+, 1\.10 ms later\.$/,
  )
})

test('real captures: races, three of five hidden by a retry', async () => {
  const failed = await captured('race-in-buffer')
  expect(failed.map((one) => one.status).sort()).toEqual([200, 200, 200, 502, 502])
  expect(new Set(failed.flatMap((one) => one.legs.map((leg) => leg.part)))).toEqual(
    new Set(['other', 'cause', 'retry', 'consequence']),
  )
})

test('real captures: a client that a proxy was told to ignore', async () => {
  const failed = await captured('client-abort-ignored')
  expect(failed[0]?.causeStream).toBe(failed[0]?.legs[0]?.stream)
  expect(failed[0]?.sentence).toMatch(
    /The client left .*went on until nginx gave up on it.*nginx still sent 504/,
  )
})

test('real captures: a question about a request (auth_request) is no first try of it', async () => {
  const failed = await captured('nginx-auth-request')
  const left = failed.filter(({ request }) => request?.startsWith('GET /sleep/8') === true)
  expect(left).toHaveLength(2)
  for (const one of left) expect(one.legs.map(({ part }) => part)).toEqual(['cause', 'other', 'consequence'])
})

test('real captures: a stream of HTTP/2 that the client cancelled, and what the proxy did then', async () => {
  const failed = await captured('h2c-nginx')
  const cancelled = failed.filter((one) => one.legs[0]?.reset != null)
  expect(
    cancelled.map((one) => [one.causeStream, one.legs[0]?.reset?.by, one.legs[0]?.reset?.frame]),
  ).toEqual([
    [24, 'client', 466],
    [27, 'client', 477],
  ])
  expect(cancelled[0]?.sentence).toBe(
    'The client cancelled GET /sleep/9 (RST_STREAM) 2.104 s after it began, with no byte of a response; nginx then closed flow 26, 0.11 ms later.',
  )
  expect(legs(cancelled[0])).toEqual(['0 cause - - -', '1 consequence - FIN client certain'])
})

test('real captures: each of the calls on one gRPC connection is told how far it came', async () => {
  const failed = await captured('grpc')
  // Their stream was reset in answer to the close (frames 477, 481): that is no cancellation.
  const cut = failed.filter((one) => one.legs[0]?.class === 'server-abort')
  expect(cut.map((one) => one.legs[0]?.reset)).toEqual([null, null, null, null])
  expect(cut.map((one) => one.legs[0]?.text.replace(/^\S+ /, ''))).toEqual([
    'closed without an answer',
    'closed in the middle of its answer',
    'closed without an answer',
    'closed in the middle of its answer',
  ])
  expect(cut[0]?.sentence).toMatch(
    /^POST \/lab\.Lab\/Sleep had no byte of a response when flow 6 ended: the server /,
  )
  expect(cut[1]?.sentence).toMatch(/^The server .* with 505 bytes of an unfinished response/)
  const cancelled = failed.filter((one) => one.legs[0]?.reset != null)
  expect(cancelled.map((one) => one.legs[0]?.reset?.frame)).toEqual([215, 219, 293])
  expect(cancelled[1]?.sentence).toMatch(
    /cancelled POST \/lab\.Lab\/Stream .* after it began, with 201 bytes of its response/,
  )
})

test('real captures: what an upload inside TLS goes on with after an early answer is not counted as a request', async () => {
  const source = openSource('captures/tls-early-response/capture.pcap')
  const { flows, requests = [] } = await analyze([source], { all: true })
  expect(new Set(flows.map((flow) => flow.exchanges))).toEqual(new Set([null]))
  expect(requests.find((one) => one.causeStream === 0)?.legs[0]?.text).toContain(
    'had closed before this came',
  )
  expect(requests.find((one) => one.causeStream === 1)?.legs[0]?.text).toContain('closed while this came')
})

test('real captures: orderly ends, shutdowns and idle timeouts are no failed requests', async () => {
  for (const scenario of ['keepalive-clean', 'half-close-legitimate', 'rolling-restart', 'uvicorn-keepalive'])
    expect(await captured(scenario)).toEqual([])
})

test('a timer of software that nothing tells has a length and no name, unless everybody has it so', async () => {
  const cut = (seconds: number): string => `${D}\n${U}
    ${opens('d')}
    d > P. ${get('/slow')}
    ${opens('u', '+0.0001')}
    u > P. ${get('/slow')}
    u < .
    +${seconds} u > F.
    u < F.
    u > .
    +0.0001 d < P. ${status(504, 'X')}
    d > .`
  const text = async (seconds: number): Promise<string | undefined> =>
    (await requests(cut(seconds), { roles: [{ role: 'lb', ip: '10.0.0.2', port: null }] }))[0]?.legs[1]?.text
  expect(await text(3.1)).toBe('idle timeout of the lb of 3.1 s')
  expect(await text(60)).toContain('idle timeout of the lb, ')
})
