import { describe, expect, it } from 'vitest'
import { brief, flowsOf, get, ok, opens, reportOf } from '../helpers/verdict-of.js'

const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:80 ts win 6000'
const U = 'flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts win 6000'
const ID = 'X-Request-Id: 7f3a\\r\\n'

/**
 * nginx (proxy_buffering off) hands on what its client takes: the client reads no more, nginx reads no more, and 5 s later it resets the
 * leg behind (seen: send_timeout). `shut`: how the windows close; `cut`: how the leg behind ends; `then`: what follows in front.
 */
const blocked = (then: string, { shut = 'both', cut = '+5.0 u > R.' } = {}): string => `${D}\n${U}
  ${opens('d')}
  d > P. ${get('/large', ID)}
  d < .
  ${opens('u', '+0.0005')}
  u > P. ${get('/large', ID)}
  u < .
  +0.001 u < P. ${ok(90_000, 5000)}
  u > . ${shut === 'both' ? 'win 0' : ''}
  d < P. ${ok(90_000, 5000)}
  d > . ${shut === 'none' ? '' : 'win 0'}
  ${cut}
  ${then}`

/** nginx's FIN waits behind what the client had not read. */
const LATE_FIN = `+4.0 d > .
  d < F.
  d > F.
  d < .`

describe('a proxy whose client does not read', () => {
  it('closes the leg behind because of that client', async () => {
    const { d, u } = await flowsOf(blocked(LATE_FIN))
    expect(brief(u!)).toBe('client-abort/propagated problem likely client peer-not-reading')
    expect(u!.verdict.causeStream).toBe(d!.stream)
    expect(u!.verdict.summary).toMatch(/because its own client \(flow 0\) had read nothing for 5\.00\d s/)
    expect(brief(d!)).toBe('server-abort problem possible server mid-response')
  })

  it('does so, too, where it resets that client at once, and was not waiting for the leg behind', async () => {
    const { d, u } = await flowsOf(blocked('+0.0001 d < R.'))
    expect(u!.verdict).toMatchObject({ variant: 'propagated', causeStream: d!.stream })
    expect(brief(d!)).toBe('server-abort problem possible server peer-not-reading')
    expect(d!.verdict.causeStream).toBeNull()
    expect(d!.verdict.summary).toMatch(/had read nothing for 5\.00\d s\.$/)
    expect(d!.verdict.remarks.join()).toMatch(/send timeout/)
  })

  it('does so to the end of the capture', async () => {
    const { d, u } = await flowsOf(blocked('+20 d < . probe\n d > . win 0'))
    expect(u!.verdict).toMatchObject({ variant: 'propagated', causeStream: d!.stream })
    expect(brief(d!)).toBe('half-open-zombie/not-reading problem likely none peer-not-reading')
  })

  it('is told so of the request, with the leg that had ended before', async () => {
    const { requests } = await reportOf(blocked(LATE_FIN))
    const told = JSON.stringify(requests)
    expect(told).toMatch(/closed it because its own client did not read/)
    expect(told).toMatch(/had closed flow 1 4\.00\d s before/)
  })

  it('near miss: its client reads', async () => {
    const { u } = await flowsOf(blocked('+0.0001 d < R.', { shut: 'none' }))
    expect(u!.verdict.variant).toBeNull()
  })

  it('near miss: it had read only for less than timers take', async () => {
    const { u } = await flowsOf(blocked('+0.0001 d < R.', { cut: '+0.5 u > R.' }))
    expect(brief(u!)).toMatch(/^client-abort problem possible/)
    expect(u!.verdict.causeStream).toBeNull()
  })

  it('near miss: it had room for more, and waited for that: either timer may have run out', async () => {
    const { u } = await flowsOf(blocked('+0.0001 d < R.', { shut: 'front' }))
    expect(brief(u!)).toBe('idle-timeout problem possible client mid-response')
    expect(u!.verdict.remarks.join()).toMatch(/a timer of its sending may have run out instead/)
  })

  it('near miss: its client leaves', async () => {
    const { u } = await flowsOf(blocked('', { cut: '+5.0 d > R.\n +0.0001 u > R.' }))
    expect(brief(u!)).toBe('client-abort/propagated problem certain client mid-response')
    expect(u!.verdict.summary).toMatch(/had left/)
  })
})
