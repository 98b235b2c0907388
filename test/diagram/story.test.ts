import { describe, expect, it } from 'vitest'
import type { ArrowRow, Story } from '../../src/diagram/story.js'
import { tellStory } from '../../src/diagram/tell-story.js'
import type { FlowReport } from '../../src/result.js'
import { flow, handshake, report, request, response, row } from './fixtures.js'
import * as scenarios from './scenarios.js'

const arrows = (story: Story) => story.rows.filter((each): each is ArrowRow => each.kind === 'arrow')
const labels = (story: Story) =>
  story.rows.map((each) => (each.kind === 'arrow' ? `${each.frames} ${each.label}` : each.label))

describe('a chain', () => {
  it('has one lifeline per host, client first, and rows of both legs in time order', () => {
    const story = tellStory(scenarios.idleTimeout(), 12)
    expect(story.hosts.map((host) => host.name)).toEqual(['client', 'nginx', 'proxy · uvicorn'])
    expect(labels(story)).toEqual([
      '#1–3 SYN · SYN-ACK · ACK',
      '#4 POST /v1/messages',
      '#5 ACK',
      '#6–8 SYN · SYN-ACK · ACK',
      '#9 POST /v1/messages',
      '#10 ACK',
      '60.000 s without a byte',
      '#77 FIN  nginx closes first',
      '#78 504 Gateway Time-out',
      '#79 FIN',
      '#80 ACK',
    ])
    expect(arrows(story).map((each) => `${each.from}${each.to}`)).toEqual(
      '01 01 10 12 12 21 12 10 21 12'.split(' '),
    )
  })

  it('is the same from either of its flows but for the verdict', () => {
    const rows = (stream: number) =>
      arrows(tellStory(scenarios.clientAbort(), stream)).map((each) => each.frame)
    expect(rows(1)).toEqual(rows(3))
    expect(tellStory(scenarios.clientAbort(), 2).hosts).toHaveLength(4)
  })

  it('shows both addresses of a host that has two', () => {
    expect(tellStory(scenarios.clientAbort(), 1).hosts[2]?.addresses).toEqual([
      '10.0.0.2:80',
      '10.2.0.2:40122',
    ])
  })

  it('takes the leg that was there at the close when a pooled connection served many', () => {
    const served = [0, 10, 20].map((start, index) =>
      flow({
        stream: index,
        client: `203.0.113.${index}:5000 client`,
        server: '10.0.0.2:80 nginx',
        ladder: [
          request(index * 10 + 1, start, `GET /${index}`, 100),
          row(index * 10 + 9, start + 5, 'client', 'F.'),
        ],
        verdict: { class: 'clean' },
      }),
    )
    const pooled = flow({
      stream: 9,
      client: '10.0.0.2:40000 nginx',
      server: '10.0.0.3:8000 proxy',
      ladder: [request(22, 20.001, 'GET /2', 120), row(25, 22, 'server', 'F.')],
      verdict: { class: 'server-abort' },
      links: served.map((each) => ({ stream: each.stream, relation: 'downstream', certainty: 'certain' })),
    })
    expect(tellStory(report([...served, pooled]), 9).where).toContain('flows 2 → 9')
  })

  it('draws one leg when the linked flow is not in the report, and ends where links go round', () => {
    const whole = scenarios.idleTimeout()
    expect(tellStory(report([whole.flows[1] as FlowReport]), 12).hosts).toHaveLength(2)
    const circle = ['a', 'b'].map((_, index) =>
      flow({
        stream: index,
        client: '10.0.0.1:1',
        server: '10.0.0.2:2',
        ladder: [request(index + 1, index, 'GET /', 1)],
        verdict: { class: 'open' },
        links: [{ stream: 1 - index, relation: 'upstream', certainty: 'certain' }],
      }),
    )
    expect(tellStory(report(circle), 0).hosts).toHaveLength(3)
  })

  it('finds linked flows that the report does not list', () => {
    const [down, up] = scenarios.idleTimeout().flows as [FlowReport, FlowReport]
    const whole = report([up], [], { linked: [down] })
    expect(tellStory(whole, 12).hosts).toHaveLength(3)
    expect(tellStory(whole, 11).stream).toBe(11)
  })

  it('puts a retry on the same lifelines', () => {
    const story = tellStory(scenarios.raceWithRetry(), 5)
    expect(story.hosts).toHaveLength(2)
    expect(story.where).toContain('flow 5, retry in flow 6')
    expect(story.filter).toBe('tcp.stream in {5, 6}')
  })

  it('names flows by address when there are several captures', () => {
    const whole = scenarios.idleTimeout()
    const two = { ...whole, captures: [...whole.captures, ...whole.captures] }
    expect(tellStory(two, 12).filter).toContain(
      '(ip.addr == 203.0.113.7 && tcp.port == 51514 && ip.addr == 10.0.0.2',
    )
  })
})

describe('words of the header', () => {
  const story = tellStory(scenarios.idleTimeout(), 12)

  it('say what, where and why', () => {
    expect(story.pill).toBe('IDLE-TIMEOUT CUT')
    expect(story.aside).toBe('likely · awaiting a response · 1 of 23 alike')
    expect(story.where).toBe(
      'timeout.pcap · flows 11 → 12 · 2026-01-21 08:00:03.100 UTC · times as seen at the capture point',
    )
    expect(story.why.map((reason) => reason.frames)).toEqual(['', '#77', '#78'])
    expect(story.why[0]?.text).toContain(
      '23 flows ended alike, 59.990–60.020 s after the last byte: likely nginx proxy_read_timeout',
    )
  })

  it('keep the close among the proofs, wherever it stands', () => {
    const whole = scenarios.idleTimeout()
    const told = whole.flows.find(({ stream }) => stream === 12)
    if (told === undefined) throw new Error('no flow 12')
    const close = told.close.first?.frame ?? 0
    const proofs = (frames: readonly number[]): string[] => {
      const evidence = frames.map((frame) => ({ frame, text: `proof ${frame}` }))
      const verdict = { ...told.verdict, evidence }
      return tellStory({ ...whole, flows: [{ ...told, verdict }] }, 12)
        .why.map(({ frames: shown }) => shown)
        .filter((shown) => shown !== '')
    }
    expect(proofs([1, 2, 3, 4, close])).toEqual(['#1', '#2', '#3', `#${close}`])
    expect(proofs([1, close, 3, 4, 5])).toEqual(['#1', `#${close}`, '#3', '#4'])
    expect(proofs([1, 2, 3, 4, 5])).toEqual(['#1', '#2', '#3', '#4'])
    expect(proofs([1, 2, 3, close])).toEqual(['#1', '#2', '#3', `#${close}`])
  })

  it('tell the whole incident where it is more than flows like this one', () => {
    const whole = scenarios.idleTimeout()
    const [finding] = whole.findings
    const title = '2 servers were shut down one after another'
    const server = { ip: finding.server.ip, role: finding.server.role }
    const several = { ...whole, findings: [{ ...finding, title, server }] }
    expect(tellStory(several, 12).why[0]?.text).toMatch(
      /^One incident of 23 flows: 2 servers were shut down one after another: likely nginx/,
    )
    expect(tellStory(whole, 12).why[0]?.text).not.toContain('incident')
  })

  it('call a latent cut what it leads to', () => {
    expect(tellStory(scenarios.longFlow(), 8)).toMatchObject({
      pill: 'KEEP-ALIVE RACE WAITING TO HAPPEN',
      aside: 'certain · harmless here · between requests',
    })
  })

  it('have a pill for every class', () => {
    for (const [, make, stream] of scenarios.SCENARIOS)
      expect(tellStory(make(), stream).pill).toMatch(/^[A-Z -]+$/)
  })
})

describe('rows', () => {
  it('fold data and its acknowledgements into one arrow', () => {
    const data = [7, 8, 9, 10].map((frame) =>
      row(frame, 0.1 + frame / 1000, 'server', '.', { payloadBytes: 1448 }),
    )
    const acked = data.flatMap((each) => [each, row(each.frame + 20, each.time + 0.0001, 'client', '.')])
    const one = flow({
      stream: 0,
      client: '10.0.0.1:1',
      server: '10.0.0.2:2',
      ladder: [...handshake(1, 0), response(6, 0.1, 200, 'OK', 300), ...acked],
      verdict: { class: 'open' },
    })
    const [, folded] = arrows(tellStory(report([one]), 0))
    expect(folded).toMatchObject({ label: '200 OK', size: '5 segments · 6092 B', frames: '#6–10' })
  })

  it('keep apart what a reader has to tell apart', () => {
    const story = tellStory(scenarios.notReading(), 2)
    expect(arrows(story).map((each) => `${each.head} ${each.line} ${each.label}`)).toEqual([
      'control solid SYN · SYN-ACK · ACK',
      'data solid GET /export.csv',
      'data solid 200 OK',
      'bar solid ACK  window 0: not reading',
      'control dotted zero-window probe',
      'bar solid ACK  window still 0',
      'control dotted zero-window probe',
      'bar solid ACK  window still 0',
      'bar solid ACK  window still 0',
      'rst solid RST  nginx aborts',
    ])
    expect(story.legend).toEqual(expect.arrayContaining(['probe', 'zero-window', 'reset']))
    expect(story.legend).not.toContain('crossing')
  })

  it('say how long repeats in one arrow took', () => {
    const repeats = arrows(tellStory(scenarios.gatheredRepeats(), 0))[3]
    expect(repeats).toMatchObject({
      line: 'dashed',
      size: '8 × 600 B  in 76.800 s',
      clock: '0.400',
      untilClock: '77.200',
    })
  })

  it('say which frame a RST answers when that is known', () => {
    const one = flow({
      stream: 0,
      client: '10.0.0.1:1',
      server: '10.0.0.2:2',
      ladder: [request(1, 0, 'GET /', 10), row(2, 0.1, 'server', 'R', { answers: 1 })],
      verdict: { class: 'half-open-zombie' },
    })
    expect(arrows(tellStory(report([one]), 0))[1]?.label).toBe('RST  answers #1: no such connection')
  })

  it('have relative sequence numbers on demand', () => {
    const one = flow({
      stream: 0,
      client: '10.0.0.1:1',
      server: '10.0.0.2:2',
      ladder: [request(1, 0, 'GET /', 10, { seq: 1, ack: 1 })],
      verdict: { class: 'open' },
    })
    expect(arrows(tellStory(report([one]), 0, { sequenceNumbers: true }))[0]?.label).toBe(
      'GET /  seq 1 ack 1',
    )
  })

  it('decide by the first close when no row is marked', () => {
    expect(arrows(tellStory(scenarios.clean(), 0)).filter((each) => each.part === 'deciding')).toMatchObject([
      { frame: 7 },
    ])
  })

  it('say on the label what can’t be drawn crossing', () => {
    const one = flow({
      stream: 0,
      client: '10.0.0.1:1',
      server: '10.0.0.2:2',
      ladder: [request(1, 0, 'GET /', 10), row(2, 9, 'server', 'F.', { crosses: 1 })],
      verdict: { class: 'keepalive-race' },
    })
    expect(arrows(tellStory(report([one]), 0))[1]).toMatchObject({
      crosses: null,
      label: 'FIN  had not seen #1',
    })
  })
})

describe('crossings', () => {
  const crossing = (...between: readonly ReturnType<typeof row>[]) =>
    arrows(
      tellStory(
        report([
          flow({
            stream: 0,
            client: '10.0.0.1:1',
            server: '10.0.0.2:2',
            ladder: [request(1, 0, 'GET /', 10), ...between, row(9, 0.1, 'server', 'F.', { crosses: 1 })],
            verdict: { class: 'keepalive-race' },
          }),
        ]),
        0,
      ),
    )

  it('are drawn over a bare acknowledgement, which is not drawn then', () => {
    expect(crossing(row(2, 0.05, 'server', '.')).map((each) => each.crosses)).toEqual([null, 0])
  })

  it('are said instead of drawn when something stands in between', () => {
    const said = crossing(row(2, 0.05, 'server', 'P.', { payloadBytes: 5 }))
    expect(said.map((each) => each.crosses)).toEqual([null, null, null])
    expect(said[2]?.label).toBe('FIN  had not seen #1')
  })

  it('do not count for acknowledgements that trail behind data', () => {
    const trailing = crossing(row(2, 0.05, 'server', '.', { crosses: 1 }))
    expect(trailing.map((each) => each.label)).toEqual(['GET /', 'FIN  had not seen #1'])
  })
})

describe('long flows', () => {
  it.each(scenarios.SCENARIOS)('%s has at most 40 rows', (_, make, stream) => {
    expect(tellStory(make(), stream).rows.length).toBeLessThanOrEqual(40)
  })

  it.each([5, 12, 24, 40])('keep what matters in %i rows', (maxRows) => {
    const story = tellStory(scenarios.longFlow(300), 8, { maxRows })
    expect(story.rows.length).toBeLessThanOrEqual(maxRows)
    const text = labels(story).join('\n')
    expect(text).toContain('FIN  proxy closes first')
    if (maxRows < 12) return
    expect(text).toContain('SYN · SYN-ACK · ACK')
    expect(text).toContain('GET /items/299')
    expect(text).toContain('75.280 s idle')
    expect(text).toMatch(/\d+ rows left out · \d+ requests/)
  })

  it('count every row that is not drawn', () => {
    const story = tellStory(scenarios.longFlow(300), 8)
    const omitted = story.rows.reduce((sum, each) => sum + (each.kind === 'omitted' ? each.rows : 0), 0)
    // 600 messages, the handshake, two FINs and the last ACK.
    expect(omitted + arrows(story).length).toBe(604)
    expect(story.notes).toEqual(['Not drawn: 300 bare ACKs.'])
  })

  it('say what the analysis had left out, and claim no silence there', () => {
    const ladder = [
      request(1, 0, 'GET /', 10),
      response(2, 0.1, 200, 'OK', 10),
      row(900, 300, 'server', 'F.'),
    ]
    const base = {
      stream: 0,
      client: '10.0.0.1:1',
      server: '10.0.0.2:2',
      ladder,
      verdict: { class: 'open' },
    } as const
    const guessed = report([flow({ ...base, more: { ladderOmitted: 40 } })])
    expect(labels(tellStory(guessed, 0))[2]).toBe('40 rows left out · 299.900 s (5 min)')
    const told = report([
      flow({
        ...base,
        more: {
          ladderOmitted: 40,
          ladderGaps: [
            { before: 1, rows: 30 },
            { before: 3, rows: 10 },
          ],
        },
      }),
    ])
    expect(labels(tellStory(told, 0))).toEqual([
      '#1 GET /',
      '30 rows left out · 100 ms',
      '#2 200 OK',
      '299.900 s (5 min) without a byte',
      '#900 FIN  nginx closes first',
      '10 rows left out',
    ])
  })
})

describe('what is not there', () => {
  it('an unknown flow is refused', () => {
    expect(() => tellStory(scenarios.clean(), 77)).toThrow(RangeError)
  })

  it('an empty ladder is said', () => {
    const empty = report([
      flow({
        stream: 0,
        client: '10.0.0.1:1',
        server: '10.0.0.2:2',
        ladder: [],
        verdict: { class: 'clean' },
      }),
    ])
    expect(tellStory(empty, 0)).toMatchObject({ rows: [], notes: ['The ladder of this flow was not kept.'] })
  })
})

describe('rows of another leg', () => {
  it('are no proof because a proof’s frame lies between those of a run', () => {
    const [down, up] = scenarios.idleTimeout().flows as [FlowReport, FlowReport]
    const run = row(70, 3.2, 'server', '.', {
      stream: 11,
      lastFrame: 90,
      lastTime: 64,
      payloadBytes: 900,
      segments: 9,
    })
    const shown = arrows(tellStory(report([{ ...down, ladder: [...down.ladder, run] }, up]), 12))
    expect(shown.find((each) => each.frame === 70)?.part).toBeNull()
  })

  it('neither decide nor cross, but may be proof', () => {
    const whole = scenarios.idleTimeout()
    const [down, up] = whole.flows as [FlowReport, FlowReport]
    const marked = {
      ...down,
      ladder: down.ladder.map((each) => ({ ...each, part: 'deciding' as const, crosses: 1 })),
    }
    const shown = arrows(tellStory(report([marked, up]), 12)).filter((each) => each.stream === 11)
    expect(shown.map((each) => each.part)).toEqual([null, null, null, 'evidence'])
    expect(shown.every((each) => each.crosses === null && !each.label.includes('seen'))).toBe(true)
  })
})

describe('legs that live longer than the exchange', () => {
  const whole = scenarios.idleTimeout()
  const [down, up] = whole.flows as [FlowReport, FlowReport]
  const later = request(200, 70, 'GET /later', 90, { stream: 11 })
  const longer = {
    ...down,
    ladder: [...down.ladder, later, response(201, 70.1, 200, 'OK', 10, { stream: 11 })],
  }

  it('leave out the requests that came after the end', () => {
    const text = labels(tellStory(report([longer, up]), 12))
    expect(text.at(-1)).toMatch(/^2 rows left out · 1 request · /)
    expect(text.join()).not.toContain('/later')
  })

  it('leave out a late goodbye of an idle leg', () => {
    const bye = row(300, 120, 'client', 'F.')
    const idle = { ...down, ladder: [...down.ladder, { ...bye, stream: 11 }] }
    expect(labels(tellStory(report([idle, up]), 12)).join()).not.toContain('#300')
  })

  it('show them where they are the flow that is told', () => {
    expect(labels(tellStory(report([longer, up]), 11)).join()).toContain('GET /later')
  })
})

describe('what stands around a row', () => {
  it('makes a keep-alive probe to a receiver without room a window probe', () => {
    const make = (marks: readonly string[]) =>
      flow({
        stream: 0,
        client: '10.0.0.1:5000 client',
        server: '10.0.0.2:80 nginx',
        ladder: [
          row(1, 0, 'client', 'P.', { payloadBytes: 1000 }),
          row(2, 0.1, 'server', '.', { marks }),
          row(3, 0.5, 'client', '.', { marks: ['keep_alive'] }),
        ],
        verdict: { class: 'open' },
      })
    expect(arrows(tellStory(report([make(['zero_window'])]), 0)).at(-1)?.label).toBe('window probe')
    expect(arrows(tellStory(report([make([])]), 0)).at(-1)?.label).toBe('keep-alive probe')
  })

  it('calls nobody idle while a response is awaited', () => {
    const slow = flow({
      stream: 0,
      client: '10.0.0.1:5000 client',
      server: '10.0.0.2:80 nginx',
      ladder: [request(1, 0, 'GET /slow', 90), response(2, 3, 200, 'OK', 120), row(3, 9, 'client', 'F.')],
      verdict: { class: 'clean', phase: 'between-requests' },
    })
    expect(labels(tellStory(report([slow]), 0))).toEqual([
      '#1 GET /slow',
      '3.000 s without a byte',
      '#2 200 OK',
      '6.000 s idle',
      '#3 FIN  client closes first',
    ])
  })

  it('keeps the silence before the close in the shortest picture', () => {
    const many = Array.from({ length: 30 }, (_, index) => [
      request(2 * index + 1, index / 10, `GET /${index}`, 90),
      response(2 * index + 2, index / 10 + 0.05, 200, 'OK', 120),
    ]).flat()
    const idle = flow({
      stream: 0,
      client: '10.0.0.1:5000 client',
      server: '10.0.0.2:80 nginx',
      ladder: [...many, row(99, 62.95, 'server', 'F.'), row(100, 62.96, 'client', 'F.')],
      verdict: { class: 'idle-timeout', phase: 'between-requests' },
    })
    const story = tellStory(report([idle]), 0, { maxRows: 8 })
    expect(story.rows.length).toBeLessThanOrEqual(8)
    expect(labels(story)).toContain('60.000 s idle')
  })

  it('names the host where the capture was taken when all legs agree', () => {
    const at = (seenAt: FlowReport['seenAt']) =>
      flow({
        stream: 0,
        client: '10.0.0.1:5000 client',
        server: '10.0.0.2:80 nginx',
        ladder: [...handshake(1, 0)],
        verdict: { class: 'open' },
        more: { seenAt: seenAt ?? null },
      })
    const where = (seenAt: FlowReport['seenAt']) => tellStory(report([at(seenAt)]), 0).where
    expect(where('server')).toContain('times as seen at nginx')
    expect(where('client')).toContain('times as seen at the client')
    expect(where(null)).toContain('times as seen at the capture point')
  })
})
