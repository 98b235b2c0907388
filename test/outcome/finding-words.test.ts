import { describe, expect, it } from 'vitest'
import { suggestedSeconds } from '../../src/outcome/finding-fixes.js'
import type { Finding } from '../../src/result.js'
import { clientEnds, get, ok, opens, reportOf, serverEnds, status } from '../helpers/verdict-of.js'
import type { VerdictOptions } from '../helpers/verdict-of.js'

async function firstFinding(ladder: string, options: VerdictOptions = {}): Promise<Finding> {
  const { findings } = await reportOf(ladder, options)
  const [finding] = findings
  if (finding === undefined) throw new Error('the ladder has no finding')
  return finding
}

const logs = ({ logWords }: Finding): string[] =>
  (logWords ?? []).map(({ component, text }) => `${component} ${text}`)

/** A proxy gives up on its upstream after `seconds` and answers 504; its own responses carry `server`. HAProxy closes with RST. */
const givesUp = (
  seconds: string,
  server: string,
  flag = 'F.',
): string => `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
  flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
  ${opens('d')}
  d > P. ${get('/slow', 'X-Request-Id: 7\\r\\n')}
  d < .
  ${opens('u', '+0.0005')}
  u > P. ${get('/slow', 'X-Request-Id: 7\\r\\n')}
  u < .
  +${seconds} u > ${flag}
  d < P. ${status(504, 'Gateway Time-out', server)}
  d > .
  ${clientEnds('d', '+0.1')}`

describe('the line to write', () => {
  it.each([
    [60, 120],
    [60.02, 120],
    [41.6, 90],
    [12.7, 30],
    [7.3, 15],
    [3.4, 7],
    [2, 4],
    [0.7, 2],
  ])('after %s s: %s s', (cut, suggested) => {
    expect(suggestedSeconds(cut)).toBe(suggested)
    expect(suggested).toBeGreaterThan(cut)
  })

  it('is in the syntax of the software that was seen, with twice the wait that was cut', async () => {
    const { fix, class: word } = await firstFinding(givesUp('60.000', 'Server: nginx\\r\\n'))
    expect(word).toBe('idle-timeout')
    expect(fix[0]).toBe('proxy_read_timeout 120s;   (nginx: twice the 60 s that cut it short)')
  })

  it('is HAProxy’s where a role says so, with the value as measured', async () => {
    const roles = [{ role: 'haproxy', ip: '10.0.0.2', port: null }]
    const { fix } = await firstFinding(givesUp('7.300', '', 'R.'), { roles })
    expect(fix[0]).toBe('timeout server 15s   (HAProxy: twice the 7.3 s that cut it short)')
  })

  it('is said in words where no software was seen', async () => {
    const { fix } = await firstFinding(givesUp('7.300', ''))
    expect(fix[0]).toMatch(
      /to 15 s or more \(twice the 7.3 s that cut it short\); its software is not known$/,
    )
  })

  it('is no longer timer where a longer one is no cure: an idle connection', async () => {
    const { fix } = await firstFinding(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${opens('a')}
      a > P. ${get('/', 'X-Forwarded-For: 10.0.0.1\\r\\n')}
      a < P. ${ok(2, 2, 'Server: uvicorn\\r\\n')}
      a > .
      ${serverEnds('a', '+5.001')}`)
    expect(fix.join(' ')).not.toContain('cut it short')
  })
})

describe('the words of the logs', () => {
  it('name the software that was seen first', async () => {
    const nginx = await firstFinding(givesUp('60.000', 'Server: nginx\\r\\n'))
    expect(logs(nginx)).toEqual([
      'nginx 504 upstream timed out (110: Connection timed out) while reading response header from upstream',
      'HAProxy sH',
      'Envoy UT',
    ])
    const roles = [{ role: 'haproxy', ip: '10.0.0.2', port: null }]
    expect(logs(await firstFinding(givesUp('60.000', '', 'R.'), { roles }))[0]).toBe('HAProxy sH')
  })

  it('tell a client that left as the server of its leg writes it', async () => {
    const left = await firstFinding(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
      ${opens('d')}
      d > P. ${get('/slow')}
      d < .
      +2.345 d > R.`)
    expect(logs(left)[0]).toMatch(/^nginx 499 /)
  })

  it('are none where no log has a line: an idle connection that its server closes', async () => {
    const latent = await firstFinding(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${opens('a')}
      a > P. ${get('/', 'X-Forwarded-For: 10.0.0.1\\r\\n')}
      a < P. ${ok()}
      a > .
      ${serverEnds('a', '+5.001')}`)
    expect(latent.severity).toBe('latent')
    expect(latent.logWords).toEqual([])
  })
})

describe('the setting that fired', () => {
  it('is likely where several have that value, also when the class is certain', async () => {
    const { detail, certainty } = await firstFinding(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${opens('a')}
      a > P. ${get('/', 'X-Forwarded-For: 10.0.0.1\\r\\n')}
      a < P. ${ok(2, 2, 'Server: uvicorn\\r\\n')}
      a > .
      +5.000 a < F.
      a > P. ${get('/next', 'X-Forwarded-For: 10.0.0.1\\r\\n')} unseen
      a < R`)
    expect(certainty).toBe('certain')
    expect(detail[0]).toMatch(/^likely uvicorn\.timeout_keep_alive = 5 s; 1 other setting possible$/)
  })

  it('is no more than one of many where neither software nor value tells it', async () => {
    const { detail } = await firstFinding(givesUp('7.300', ''))
    expect(detail[0]).toMatch(
      /^a timer of 7\.3\d* s; its software is not known, \d+ settings are possible \(first /,
    )
  })

  it('is named where its usual value fits, whatever the software', async () => {
    const { detail } = await firstFinding(givesUp('60.000', ''))
    expect(detail[0]).toMatch(/^likely [\w.-]+ = 60 s; /)
  })

  it('is no cure for a host that is gone, and says so by its name only', async () => {
    const again = [1, 2, 4, 8].map((n) => `${60.3 + n} u > F. again`).join('\n')
    const { class: word, fix } = await firstFinding(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
      flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
      ${opens('d')}
      d > P. ${get('/slow', 'X-Request-Id: 7\\r\\n')}
      d < .
      ${opens('u', '+0.0005')}
      u > P. ${get('/slow', 'X-Request-Id: 7\\r\\n')}
      u < .
      60.1 u > F.
      60.1001 d < P. ${status(504, 'Gateway Time-out', 'Server: nginx\\r\\n')}
      d > .
      ${again}
      flow end 10.0.0.9:1 > 10.0.0.8:80 ts
      ${opens('end', '80.0')}`)
    expect(word).toBe('half-open-zombie')
    expect(fix.join(' ')).not.toMatch(/cut it short|proxy_read_timeout/)
  })
})
