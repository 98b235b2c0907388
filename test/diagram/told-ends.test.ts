import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import type { ArrowRow, Story } from '../../src/diagram/story.js'
import { tellStory } from '../../src/diagram/tell-story.js'
import type { FlowReport, Report } from '../../src/result.js'
import { ladderSource } from '../helpers/ladder.js'
import { clientEnds, get, ok, opens, reportOf, serverEnds } from '../helpers/verdict-of.js'
import * as scenarios from './scenarios.js'

const arrows = (story: Story): ArrowRow[] =>
  story.rows.filter((each): each is ArrowRow => each.kind === 'arrow')

/** A flow of a report with some of it replaced. */
function changed(report: Report, stream: number, change: (flow: FlowReport) => FlowReport): Report {
  return { ...report, flows: report.flows.map((flow) => (flow.stream === stream ? change(flow) : flow)) }
}

const A = 'flow a 10.0.0.1:40000 > 10.0.0.2:80 ts'
const B = 'flow b 10.0.0.9:41000 > 10.0.0.8:81 ts'
const C = 'flow c 10.0.1.9:41000 > 10.0.1.8:81 ts'

describe('the silence to the end of the capture', () => {
  /** A client that closes, a server that never does; another connection ends so much later. */
  const halfClosed = (after: string): string => `${A}
    ${B}
    ${opens('a')}
    a > P. ${get('/leak')}
    a < P. ${ok(2, 2)}
    a > F.
    a < .
    ${opens('b', `+${after}`)}
    ${clientEnds('b', '+0.1')}`

  it('is a row where the verdict rests on it', async () => {
    const report = await reportOf(halfClosed('72.0'))
    expect(report.flows[0].verdict.class).toBe('half-open-zombie')
    const last = tellStory(report, 0).rows.at(-1)
    expect(last).toMatchObject({
      kind: 'silence',
      label: '72.100 s without a packet, to the end of the capture',
    })
  })

  it('near miss: not behind an end that both sides closed, not when it is short', async () => {
    const report = await reportOf(halfClosed('72.0'))
    expect(tellStory(report, 1).rows.at(-1)?.kind).toBe('arrow')
    const soon = changed(report, 0, (flow) => ({ ...flow, watchedUntil: flow.end + 0.9 }))
    expect(tellStory(soon, 0).rows.at(-1)?.kind).toBe('arrow')
  })

  it('of several captures ends with the one in which the next packet would have been seen', async () => {
    const [one, other] = [
      ladderSource(halfClosed('72.0'), {}, 'at-proxy.pcap'),
      ladderSource(`${C}\n${opens('c')}\n+200 c > P. ${get('/other')}`, {}, 'elsewhere.pcap'),
    ]
    const report = await analyze([one, other], { all: true })
    expect(report.captures).toHaveLength(2)
    expect(tellStory(report, 0).rows.at(-1)).toMatchObject({
      kind: 'silence',
      label: '72.100 s without a packet, to the end of the capture',
    })
  })

  it('near miss: nothing is waited for after a RST', async () => {
    const report = await reportOf(halfClosed('72.0'))
    const reset = changed(report, 0, (flow) => ({
      ...flow,
      close: { ...flow.close, first: flow.close.first && { ...flow.close.first, flag: 'RST' } },
    }))
    expect(tellStory(reset, 0).rows.at(-1)?.kind).toBe('arrow')
  })

  it('is that to a pause of the capture, where it paused', async () => {
    const report = await reportOf(halfClosed('72.0'))
    const paused = changed(report, 0, (flow) => ({ ...flow, watchedUntil: flow.end + 30 }))
    expect(tellStory(paused, 0).rows.at(-1)).toMatchObject({
      label: '30.000 s without a packet, to a pause of the capture',
    })
  })
})

describe('a RST that its named sender did not send', () => {
  it('begins between the two hosts and says in whose name it is', async () => {
    const report = await reportOf(`${A}
      ${opens('a')}
      a > P. ${get('/word')}
      a < .
      +5 a < R ttl 60`)
    expect(report.flows[0].verdict.class).toBe('middlebox-reset')
    expect(arrows(tellStory(report, 0)).at(-1)).toMatchObject({
      head: 'rst',
      fromBetween: true,
      label: 'RST  in the name of the server',
    })
  })

  it('near miss: one of the server itself begins at its lifeline', async () => {
    const report = await reportOf(`${A}
      ${opens('a')}
      a > P. ${get('/word')}
      a < .
      +5 a < R.`)
    expect(arrows(tellStory(report, 0)).at(-1)).toMatchObject({ head: 'rst', fromBetween: false })
  })
})

describe('a timer', () => {
  /** Idle connections that their server closes after so many seconds; what it is, its responses may say. */
  const idle = (seconds: string, server: string): string =>
    [0, 1, 2]
      .map(
        (n) => `flow c${n} 10.0.0.2:${40000 + n} > 10.0.0.3:8000 ts
        ${opens(`c${n}`, `${n * 20}.0`)}
        c${n} > P. ${get('/')}
        c${n} < P. ${ok(2, 2, server)}
        c${n} > .
        ${serverEnds(`c${n}`, `+${seconds}`)}`,
      )
      .join('\n')

  it('of software that nothing tells is no likely setting, in no picture', async () => {
    const report = await reportOf(idle('5.3', ''))
    expect(report.flows[0].verdict.timer).toMatchObject({ guessed: true })
    const story = tellStory(report, 0)
    expect(story.why[0]?.text).toMatch(/software not known, perhaps /)
    expect(story.why[0]?.text).not.toContain('likely')
    expect(story.timer?.lines[0]).toBe('timer of the server')
  })

  it('near miss: of known software it is', async () => {
    const report = await reportOf(idle('5.3', 'Server: uvicorn\\r\\n'))
    expect(report.flows[0].verdict.timer).not.toHaveProperty('guessed')
    expect(tellStory(report, 0).timer?.lines[0]).toBe('timeout_keep_alive')
  })
})

describe('the words about like flows', () => {
  it('leave out silences too short to be drawn', () => {
    const whole = scenarios.idleTimeout()
    const prompt = { min: 0.0002, median: 0.001, max: 0.004 }
    const soon = { ...whole, findings: whole.findings.map((one) => ({ ...one, silenceSeconds: prompt })) }
    expect(tellStory(soon, 12).why[0]?.text).toMatch(/^23 flows ended alike: likely nginx/)
  })

  it('call a connection seen at two places no NAT', () => {
    const noteOf = (port: number): string | undefined => {
      const report = changed(scenarios.idleTimeout(), 12, (flow) => {
        const { client, server } = flow
        const as = { client: { ip: client.ip, port }, server, capture: 1 }
        return {
          ...flow,
          links: [...flow.links, { stream: 99, relation: 'nat-twin', certainty: 'certain', as }],
        }
      })
      return tellStory(report, 12).notes.find((note) => note.startsWith('Flow 99'))
    }
    const { port } = scenarios.idleTimeout().flows.find(({ stream }) => stream === 12)?.client ?? { port: 0 }
    expect(noteOf(port)).toBe('Flow 99 is the same connection at another capture point.')
    expect(noteOf(port + 1)).toBe('Flow 99 is the same connection with other addresses (NAT).')
  })
})

describe('an abort', () => {
  it('is no likely timer, in no picture', async () => {
    const report = await reportOf(`${A}
      ${opens('a')}
      a > P. ${get('/slow')}
      a < .
      ${clientEnds('a', '+5.001')}`)
    expect(report.flows[0].verdict).toMatchObject({ class: 'client-abort' })
    const { timer } = report.flows[0].verdict
    if (timer?.setting == null) throw new Error('no timer has 5 s')
    const story = tellStory(report, 0)
    expect(story.why[0]?.text).toMatch(/^Setting: (if a timer ended it, |software not known, perhaps )/)
    expect(story.timer?.lines).not.toContain('likely')
  })
})
