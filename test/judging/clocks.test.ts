import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { clockOffset } from '../../src/judging/clock-offsets.js'
import type { Seen, Sighting } from '../../src/judging/clock-sightings.js'
import type { Report } from '../../src/result.js'
import { ladder } from '../helpers/ladder.js'
import { get } from '../helpers/verdict-of.js'

const EPOCH = 1_768_982_400_000_000_000n

/** nginx, which waits a minute for an application; the application waits for a server of its own. */
const AT_NGINX = `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts isn 1000/5000
  flow u 10.0.0.2:40122 > 10.0.0.3:8000 ts isn 7000/9000
  0.0   d > S
        d < S.
        d > .
        d > P. ${get('/x')}
  0.01  u > S
  0.014 u < S.
        u > .
        u > P. ${get('/x')}
  0.02  u < .
  60.01 u > F.
  60.014 u < F.
        u > .
        d < P. 'HTTP/1.1 504 Gateway Time-out\\r\\nContent-Length: 0\\r\\n\\r\\n'
        d > .
        d > F.
        d < F.
        d > .`
const AT_APP = `flow u 10.0.0.2:40122 > 10.0.0.3:8000 ts isn 7000/9000
  flow w 10.0.0.3:40300 > 10.0.0.4:9000 ts isn 300/400
  0.012 u > S
        u < S.
  0.016 u > .
        u > P. ${get('/x')}
        u < .
  0.02  w > S
        w < S.
        w > .
        w > P. ${get('/x')}
        w < .
  60.012 u > F.
        u < F.
        u > .
        w > F.
        w < F.
        w > .`

async function together(one: string, other: string, aheadMs: number): Promise<Report> {
  return analyze(
    [
      new MemorySource(ladder(one), 'nginx.pcap'),
      new MemorySource(ladder(other, { epochNs: EPOCH + BigInt(aheadMs) * 1_000_000n }), 'app.pcap'),
    ],
    { all: true },
  )
}

function told({ flows }: Report): string[] {
  return flows.map(
    ({ client, verdict, links }) =>
      `${client.port} ${verdict.class} ${verdict.variant ?? '-'} < ${verdict.causeStream ?? '-'} ${links.map((link) => `${link.relation} ${link.stream} ${link.certainty}`).join(', ')}`,
  )
}

/** Set right to a tenth of a millisecond. */
const sentences = ({ requests = [] }: Report): string[] =>
  requests.map((one) => one.sentence.replace(/[\d.]+ ms/g, 'some ms'))

const clocks = ({ captures }: Report): string[] => captures.flatMap((capture) => capture.notSeen)

test('a connection that two hosts saw sets the clock of the second right', async () => {
  const right = await together(AT_NGINX, AT_APP, 0)
  expect(clocks(right)).toEqual([])
  expect(right.requests?.[0]?.legs.map((leg) => leg.server.port)).toEqual([80, 8000, 9000])
  for (const [aheadMs, words] of [
    [50, '50.0 ms ahead'],
    [-50, '50.0 ms behind'],
    [3000, '3.000 s ahead'],
    [-3000, '3.000 s behind'],
    [7_200_000, '7200.000 s ahead'],
  ] as const) {
    const report = await together(AT_NGINX, AT_APP, aheadMs)
    expect(told(report)).toEqual(told(right))
    expect(sentences(report)).toEqual(sentences(right))
    expect(clocks(report)).toEqual([
      `a clock that agrees with that of nginx.pcap: it was ${words}, as a connection in both tells, to within 1.9 ms; its times are given by that clock`,
    ])
  }
})

test('near miss: clocks that may agree, as far as the way between the hosts lets tell, are left alone', async () => {
  expect(clocks(await together(AT_NGINX, AT_APP, 2))).toEqual([])
})

/** Only the leg behind the application. */
const BEHIND = AT_APP.replace(/^.*\bu\b.*$/gm, '')

test('without a connection in both no request is followed from one to the other, and it is said', async () => {
  const report = await together(AT_NGINX, BEHIND, 0)
  expect(linksBehind(report)).toEqual([])
  expect(clocks(report)).toEqual([
    'whether its clock agrees with that of nginx.pcap: no connection is in both, so that no request is followed from one to the other',
  ])
})

function linksBehind({ flows }: Report): string[] {
  return (
    flows.find((flow) => flow.client.port === 40300)?.links.map((link) => link.relation) ?? ['no such flow']
  )
}

const ID = 'X-Request-Id: 7f3a\\r\\n'
const IDS = [AT_NGINX, BEHIND].map((text) =>
  text
    .replaceAll(get('/x'), get('/x', ID))
    .replaceAll('60.01', '0.06')
    .replace(
      /^(\s+)w > F\.$/m,
      "  0.05 w < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n'\n$1w > F.",
    ),
) as [string, string]

test('requests with an id show that the clocks agree, or that they do not', async () => {
  const agree = await together(...IDS, 0)
  expect(linksBehind(agree)).toEqual(['downstream'])
  expect(clocks(agree)[0]).toMatch(
    /^the order of what is less than .* apart in it and in nginx\.pcap: no connection is in both/,
  )
  for (const aheadMs of [-30, 30]) {
    const report = await together(...IDS, aheadMs)
    expect(linksBehind(report)).toEqual([])
    expect(clocks(report)[0]).toMatch(
      /^a clock that agrees with that of nginx\.pcap: it was [\d.]+ ms (ahead|behind), as a request in both tells, but no connection is in both/,
    )
  }
})

const MS = 1e6
const at = (beganMs: number, answeredMs: number, more: Partial<Sighting> = {}): Sighting => ({
  beganNs: beganMs * MS,
  answeredNs: answeredMs * MS,
  unanswered: false,
  sender: '',
  sentFor: '',
  ...more,
})
function seen(kind: 'handshakes' | 'ids' | 'contents', all: readonly Sighting[], sameKey = false): Seen {
  const byKey = sameKey ? new Map([['x', all]]) : new Map(all.map((one, n) => [`${n}`, [one]]))
  const none = { handshakes: new Map(), completed: new Set<string>(), ids: new Map(), contents: new Map() }
  return { setBack: false, fromNs: 0, toNs: 1e12, ...none, [kind]: byKey }
}
const many = (one: (n: number) => Sighting): Sighting[] => Array.from({ length: 20 }, (_, n) => one(n))

test.each([
  [
    'the bounds of all connections together',
    'handshakes',
    (n: number) => at(n * 100 + 53 + n, n * 100 + 56),
    53.5,
  ],
  [
    'an odd one does not matter',
    'handshakes',
    (n: number) => (n === 3 ? at(9000, 9001) : at(n * 100 + 52, n * 100 + 54)),
    51,
  ],
  ['a clock that wandered', 'handshakes', (n: number) => at(n * 200 + 52, n * 200 + 54), null],
  [
    'requests that began later and were answered sooner',
    'ids',
    (n: number) => at(n * 100 + 1, n * 100 + 2),
    0,
  ],
  [
    'requests that began sooner than those they were sent for',
    'ids',
    (n: number) => at(n * 100 - 39, n * 100 - 38),
    -40.5,
  ],
] as const)('%s', (_name, kind, other, aheadMs) => {
  const one = many((n) => at(n * 100, n * 100 + 4))
  const offset = clockOffset(seen(kind, one), seen(kind, many(other)))
  expect(offset === null ? null : offset.aheadNs / MS).toBe(aheadMs)
})

test('who passed a request on is told by X-Forwarded-For where nobody answered', () => {
  const one = many((n) => at(n * 100, n * 100 + 4, { unanswered: true, sender: '10.0.0.1' }))
  const behind = (ms: number): Seen =>
    seen(
      'ids',
      many((n) => at(n * 100 + ms, n * 100 + ms + 4, { unanswered: true, sentFor: '192.0.2.1, 10.0.0.1' })),
    )
  expect(clockOffset(seen('ids', one), behind(3))?.aheadNs).toBe(0)
  expect(clockOffset(seen('ids', one), behind(-3))?.aheadNs).toBe(-3 * MS)
})

test('requests of the same words can only confirm that the clocks agree', () => {
  const one = many((n) => at(n * 100, n * 100 + 4))
  const shifted = (ms: number): Seen =>
    seen(
      'contents',
      many((n) => at(n * 100 + ms + 1, n * 100 + ms + 3)),
      true,
    )
  expect(clockOffset(seen('contents', one, true), shifted(0))?.aheadNs).toBe(0)
  expect(clockOffset(seen('contents', one, true), shifted(40))).toBe(null)
  expect(clockOffset(seen('contents', one.slice(1), true), shifted(0))).toBe(null)
})

test('requests of captures that were taken one after the other tell nothing', () => {
  const later = {
    ...seen(
      'ids',
      many((n) => at(n + 60_000, n + 60_001)),
    ),
    fromNs: 2e12,
    toNs: 3e12,
  }
  expect(
    clockOffset(
      seen(
        'ids',
        many((n) => at(n, n + 4)),
      ),
      later,
    ),
  ).toBe(null)
})
