import { describe, expect, it } from 'vitest'
import { tellStory } from '../../src/diagram/tell-story.js'
import type { LadderRow } from '../../src/result.js'
import { flow, report, request, response, row } from './fixtures.js'

/** The silences of the picture of nginx' leg to the proxy (flow 1), beside the leg of its client (flow 0). */
function silences(client: readonly LadderRow[], own: readonly LadderRow[], isRace = false): string[] {
  const down = flow({
    stream: 0,
    client: '10.0.0.1:5000 client',
    server: '10.0.0.2:80 nginx',
    ladder: client,
    verdict: { class: 'clean', severity: 'ok' },
    links: [{ stream: 1, relation: 'upstream', certainty: 'certain' }],
  })
  const up = flow({
    stream: 1,
    client: '10.0.0.2:40000 nginx',
    server: '10.0.0.3:8000 proxy',
    ladder: own,
    verdict: isRace
      ? { class: 'keepalive-race', variant: 'fin-crossing', phase: 'between-requests' }
      : { class: 'idle-timeout', phase: 'awaiting-response' },
    links: [{ stream: 0, relation: 'downstream', certainty: 'certain' }],
  })
  const { rows } = tellStory(report([down, up]), 1)
  return rows.flatMap((each) => (each.kind === 'silence' ? [each.label] : []))
}

const asked = request(1, 0, 'GET /slow', 60)
const passedOn = request(2, 0.001, 'GET /slow', 90)
const close = row(9, 5.101, 'client', 'F.')

describe('the length of a silence', () => {
  it('is that of the leg that is told, although another leg spoke a moment after its last byte', () => {
    const window = row(3, 0.008, 'server', 'P.', { payloadBytes: 9 })
    expect(silences([asked, window], [passedOn, close])).toEqual(['5.100 s without a byte'])
  })

  it('is that of the leg that is told, although another leg spoke a moment before its close', () => {
    const gone = row(8, 5.1, 'server', 'F.')
    expect(silences([asked, gone], [passedOn, close])).toEqual(['5.100 s without a byte'])
  })

  it('goes to the close that a request crossed', () => {
    const answered = response(3, 0.05, 200, 'OK', 44)
    const answeredToo = response(4, 0.051, 200, 'OK', 80)
    const again = request(5, 5.03, 'GET /slow', 60)
    const crossed = request(6, 5.031, 'GET /slow', 90)
    const fin = row(7, 5.052, 'server', 'F.', { crosses: 6 })
    const own = [passedOn, answered, crossed, fin]
    expect(silences([asked, answeredToo, again], own, true)).toEqual(['5.002 s idle'])
  })

  it('is what is drawn, where another leg spoke later than that', () => {
    const more = row(3, 0.2, 'server', 'P.', { payloadBytes: 9 })
    expect(silences([asked, more], [passedOn, close])).toEqual(['4.901 s without a byte'])
  })

  it('is what is drawn, where the leg spoke before it closed', () => {
    const early = response(8, 5.09, 200, 'OK', 20)
    expect(silences([asked], [passedOn, early, close])).toEqual(['5.089 s without a byte'])
  })

  it('is what is drawn, where the request did not cross the close', () => {
    const crossed = request(6, 5.031, 'GET /slow', 90)
    const fin = row(7, 5.052, 'server', 'F.')
    const own = [passedOn, response(3, 0.05, 200, 'OK', 44), crossed, fin]
    expect(silences([asked], own, true)).toEqual(['4.981 s idle'])
  })
})
