import { describe, expect, it } from 'vitest'
import { flowsOf, get, opens } from '../helpers/verdict-of.js'

/** The beginning of a request in FastCGI, and bytes of another protocol. */
const FASTCGI = `'\\x01\\x01\\x00\\x01\\x00\\x08\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x01\\x04\\x00\\x01\\x00\\x02\\x00\\x00\\x00\\x00'`
const OTHER = `'\\x07\\x01\\x00\\x01\\x00\\x08\\x00\\x00'`
const answer = (status: number): string =>
  `'HTTP/1.1 ${status} No\\r\\nServer: nginx/1.22.1\\r\\nContent-Length: 2\\r\\n\\r\\nno'`

/** nginx passes a request on in `asked`; `end` is what becomes of it 3 s later. */
const passed = (asked: string, end: string): string => `flow d 10.0.0.1:50001 > 10.0.0.2:80 ts
  flow u 10.0.0.2:40001 > 10.0.0.3:9000 ts
  ${opens('d')}
  d > P. ${get('/slow')}
  d < .
  ${opens('u', '+0.0002')}
  u > P. ${asked}
  u < .
  ${end}`
const GAVE_UP = `+3.003 u > F.
  +0.0001 d < P. ${answer(504)}
  d > .
  u < .`
const CRASHED = `+3.003 u < R.
  +0.0001 d < P. ${answer(502)}
  d > .`

const STDOUT = `'\\x01\\x06\\x00\\x01\\x00\\x14\\x00\\x00Status: 200\\r\\n\\r\\nsome '`
const END = `\\x01\\x03\\x00\\x01\\x00\\x08\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00`
/** The server says this, nginx passes it on, and closes both legs 5 s later. */
const stalled = (said: string): string => `+0.01 u < P. ${said}
  u > .
  d < P. 'HTTP/1.1 200 OK\\r\\nServer: nginx/1.22.1\\r\\nContent-Length: 20\\r\\n\\r\\nsome'
  d > .
  +5.003 u > F.
  +0.0001 d < F.
  d > F.
  u < F.
  d < .
  u > .`

describe('a request that a web server passes on in FastCGI', () => {
  it('is followed to its client, and was waited for with the timer of that', async () => {
    const { d, u } = await flowsOf(passed(FASTCGI, GAVE_UP))
    expect(u!.links[0]?.stream).toBe(d!.stream)
    expect(u!.verdict).toMatchObject({
      class: 'idle-timeout',
      phase: 'awaiting-response',
      closer: 'client',
      timer: { setting: 'nginx.fastcgi_read_timeout' },
    })
    expect(u!.verdict.timer?.candidates).not.toContain('nginx.proxy_read_timeout')
    expect(u!.verdict.certainty).not.toBe('certain')
  })

  it('is told as lost when its server resets it', async () => {
    const { u } = await flowsOf(passed(FASTCGI, CRASHED))
    expect(u!.verdict).toMatchObject({ class: 'server-abort', certainty: 'likely', closer: 'server' })
    expect(u!.verdict.summary).toContain('its client got 502')
  })

  it('may stall in the middle of its answer', async () => {
    const { d, u } = await flowsOf(passed(FASTCGI, stalled(STDOUT)))
    expect(u!.verdict).toMatchObject({
      class: 'idle-timeout',
      phase: 'mid-response',
      timer: { setting: 'nginx.fastcgi_read_timeout' },
    })
    expect(d!.verdict).toMatchObject({
      class: 'idle-timeout',
      timer: { setting: 'nginx.fastcgi_read_timeout' },
      causeStream: u!.stream,
    })
  })

  it('near miss: its answer had come to its end', async () => {
    const { u } = await flowsOf(passed(FASTCGI, stalled(`${STDOUT.slice(0, -1)}${END}'`)))
    expect(u!.verdict).toMatchObject({ class: 'idle-timeout', phase: 'between-requests', severity: 'ok' })
  })

  it('near misses: of bytes that mean nothing neither can be said', async () => {
    const left = (await flowsOf(passed(OTHER, GAVE_UP))).u!
    expect(left.links).toEqual([])
    expect(left.verdict.class).not.toBe('idle-timeout')
    expect((await flowsOf(passed(OTHER, CRASHED))).u!.verdict.class).toBe('unclassified')
  })
})
