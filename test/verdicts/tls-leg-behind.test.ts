import { expect, it } from 'vitest'
import { flowsOf, get, ok, opens } from '../helpers/verdict-of.js'

const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:443 ts'
const U = 'flow u 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const RECORD = `'\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'`
const CLOSE_NOTIFY = `'\\x15\\x03\\x03\\x00\\x1a${'c'.repeat(26)}'`

/** A request inside TLS and the leg behind it, where `answer` comes; then `end`. */
const ladder = (answer: string, end: string): string => `${D}\n${U}
  ${opens('d')}
  d > P. ${RECORD}
  ${opens('u', '+0.0002')}
  u > P. ${get('/slow')}
  u < .
  +0.02 u < P. ${answer}
  u > .
  +0.0001 d < P. ${RECORD}
  d > .
  ${end}`
const DOWN = `d < P. ${CLOSE_NOTIFY}
  d < F.
  d > F.
  d < .`
const bothByProxy = `+30 u > F.
  u < F.
  u > .
  +0.0001 ${DOWN}`

it('the leg behind shows that a response was cut short, which the close_notify does not', async () => {
  const { d, u } = await flowsOf(ladder(ok(5000, 100), bothByProxy))
  expect(u?.verdict).toMatchObject({ class: 'idle-timeout', phase: 'mid-response' })
  expect(d?.verdict).toMatchObject({
    class: 'idle-timeout',
    severity: 'problem',
    phase: 'mid-response',
    closer: 'server',
    causeStream: u?.stream,
  })
  expect(d?.verdict.summary).toContain('without another byte of the response')
})

it('what the proxy had kept comes with the close: the wait that is told is that of the leg behind', async () => {
  const { d, u } = await flowsOf(
    ladder(ok(5000, 100), bothByProxy.replace('d < P.', `d < P. ${RECORD}\nd < P.`)),
  )
  expect(d?.verdict).toMatchObject({ class: 'idle-timeout', phase: 'mid-response', causeStream: u?.stream })
  expect(d?.verdict.summary).toMatch(
    /after 30\.\d+ s in which the connection behind it \(flow 1\) brought no other byte of the response/,
  )
})

it.each([
  ['a whole one', ok(5000, 5000), bothByProxy],
  [
    'one that its server’s close ended',
    `'HTTP/1.0 200 OK\\r\\n\\r\\nsome'`,
    `u < F.\n u > F.\n u < .\n +30 ${DOWN}`,
  ],
])('near miss: %s leaves an idle connection', async (_, answer, end) => {
  const { d } = await flowsOf(ladder(answer, end))
  expect(d?.verdict).toMatchObject({ class: 'idle-timeout', severity: 'ok', phase: 'between-requests' })
  expect(d?.verdict.summary).toMatch(/closed the idle connection 30\.\d+ s after the last response/)
})

/** The same without any answer: the proxy closes the leg behind after 4 s, and this one `later`. */
const silentBehind = (later: string): string => `${D}\n${U}
  ${opens('d')}
  d > P. ${RECORD}
  ${opens('u', '+0.0002')}
  u > P. ${get('/slow')}
  u < .
  +4.013 u > F.
  u < F.
  u > .
  ${later} d < F.
  d > F.
  d < .`

it('the leg behind shows that there was no response: the client got none', async () => {
  const { d } = await flowsOf(silentBehind('+0.002'))
  expect(d?.verdict).toMatchObject({
    class: 'server-abort',
    severity: 'problem',
    certainty: 'likely',
    phase: 'awaiting-response',
    closer: 'server',
  })
  expect(d?.verdict.summary).toContain('with no byte of a response')
})

it('… and because of which connection, where that broke off by itself', async () => {
  const crashed = silentBehind('+0.002')
    .replace('u > F.', 'u < F.')
    .replace('u < F.\n  u > .', 'u > F.\n  u < .')
  const { d, u } = await flowsOf(crashed)
  expect(d?.verdict).toMatchObject({ class: 'server-abort', severity: 'problem', causeStream: u?.stream })
  expect(d?.verdict.remarks.join('; ')).not.toContain('looks the same')
  expect(d?.verdict.remarks.join('; ')).not.toContain('killed process')
})

it('near miss: two seconds later it may have been answered from elsewhere', async () => {
  const { d } = await flowsOf(silentBehind('+2'))
  expect(d?.verdict).toMatchObject({ class: 'unclassified', severity: 'ok' })
})

it('a client that leaves then: what it was in the middle of is told, and no clean end', async () => {
  const left = `+1 d > F.\n d < F.\n d > .\n +29 u > F.\n u < F.\n u > .`
  const { d } = await flowsOf(ladder(ok(5000, 100), left))
  expect(d?.verdict.class).not.toBe('clean')
  expect(d?.verdict.phase).toBe('mid-response')
})

it('a client that resets it in the middle of a response, as the leg behind shows, has aborted', async () => {
  const { d, u } = await flowsOf(ladder(ok(5000, 100), `+1 d > R.\n u > F.\n u < F.\n u > .`))
  expect(d?.verdict).toMatchObject({ class: 'client-abort', phase: 'mid-response', closer: 'client' })
  expect(u?.verdict).toMatchObject({ variant: 'propagated', causeStream: d?.stream })
})

it('near miss: the leg behind had given its whole answer', async () => {
  const { d } = await flowsOf(ladder(ok(5000, 5000), `+1 d > R.\n u > F.\n u < F.\n u > .`))
  expect(d?.verdict.class).not.toBe('client-abort')
})

it('a proxy whose leg behind broke off breaks off, too', async () => {
  const { d, u } = await flowsOf(ladder(ok(5000, 100), `+0.5 u < F.\n u > F.\n u < .\n ${DOWN}`))
  expect(u?.verdict).toMatchObject({ class: 'server-abort', phase: 'mid-response' })
  expect(d?.verdict).toMatchObject({
    class: 'server-abort',
    severity: 'problem',
    phase: 'mid-response',
    certainty: 'likely',
    causeStream: u?.stream,
  })
})

it('near miss: it ended its answer first', async () => {
  const { d } = await flowsOf(ladder(ok(5000, 5000), `+0.5 u < F.\n u > F.\n u < .\n ${DOWN}`))
  expect(d?.verdict.class).toBe('clean')
})

it('a close_notify without a leg behind is a clean end only possibly: proxies say it when they cut a response short, too', async () => {
  const alone = ladder(ok(5000, 100), `+0.3 ${DOWN}`)
    .split('\n')
    .filter((line) => !/\bu [<>]|flow u/.test(line))
  const { d } = await flowsOf(alone.join('\n'))
  expect(d?.verdict).toMatchObject({ class: 'clean', certainty: 'possible' })
  const { d: whole } = await flowsOf(ladder(ok(5000, 5000), `+0.3 ${DOWN}\n u > F.\n u < F.\n u > .`))
  expect(whole?.verdict).toMatchObject({ class: 'clean', certainty: 'likely' })
})
