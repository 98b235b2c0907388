import { describe, expect, it } from 'vitest'
import { seconds } from '../../src/knowledge/durations.js'
import { readUserTimeouts, type Trouble } from '../../src/knowledge/user-timeouts.js'

/** `name: text`, as the command line writes it. */
const said = ({ name, text }: Trouble): string => `${name}: ${text}`

describe('durations', () => {
  it.each([
    [75, 75],
    [0, 0],
    ['75', 75],
    ['75s', 75],
    ['10m', 600],
    ['500ms', 0.5],
    ['1h30m', 5400],
    ['1m 30s', 90],
    ['1.5 min', 90],
    ['7.3S', 7.3],
    ['1d', 86400],
    ['100ms200ms', 0.3],
  ])('%s is %d s', (text, value) => {
    expect(seconds(text)).toBe(value)
  })

  it.each([-1, NaN, Infinity, '', 's', '10x', '-5s', '5 s or so', null, undefined, {}, [5]])(
    '%s is none',
    (value) => {
      expect(seconds(value)).toBeNull()
    },
  )
})

describe('a --timeouts document', () => {
  const nginx = { component: 'nginx', setting: 'proxy_read_timeout', seconds: 41.6 }

  it('is an array, or has one in "timeouts"', () => {
    const expected = { timeouts: [nginx], errors: [], remarks: [] }
    expect(readUserTimeouts([nginx])).toEqual(expected)
    expect(readUserTimeouts({ timeouts: [nginx] })).toEqual(expected)
    expect(readUserTimeouts([])).toEqual({ timeouts: [], errors: [], remarks: [] })
  })

  it('is normalised', () => {
    const { timeouts, errors, remarks } = readUserTimeouts([
      { component: ' HAProxy ', setting: ' timeout server', seconds: '7300ms' },
      { component: 'AWS ALB', setting: 'idle_timeout.timeout_seconds', seconds: '2m' },
      { component: 'nginx', setting: 'keepalive_timeout', seconds: 0 },
    ])
    expect({ errors, remarks }).toEqual({ errors: [], remarks: [] })
    expect(timeouts).toEqual([
      { component: 'haproxy', setting: 'timeout server', seconds: 7.3 },
      { component: 'aws-alb', setting: 'idle_timeout.timeout_seconds', seconds: 120 },
      { component: 'nginx', setting: 'keepalive_timeout', seconds: 0 },
    ])
  })

  it.each([
    ['--timeout-keep-alive', 'uvicorn'],
    ['timeout_keep_alive', 'uvicorn'],
    ['keepAliveTimeout', 'Node.js'],
    ['server.keepAliveTimeout', 'node'],
    ['ReadTimeout', 'go'],
    ['keepalive_timeout (upstream block)', 'nginx'],
    ['proxy-read-timeout', 'ingress-nginx'],
    ['proxy_read_timeout', 'openresty'],
    ['gunicorn.timeout', 'gunicorn'],
    ['--max-time', 'curl'],
  ])('knows %s of %s', (setting, component) => {
    expect(readUserTimeouts([{ component, setting, seconds: 5 }]).remarks).toEqual([])
  })

  it('keeps what it does not know and suggests the nearest', () => {
    const { timeouts, errors, remarks } = readUserTimeouts([
      { component: 'nginx', setting: 'proxy_raed_timeout', seconds: 5 },
      { component: 'ngnix', setting: 'proxy_read_timeout', seconds: 5 },
      { component: 'our-gateway', setting: 'patience', seconds: 5, why: 'because' },
      { component: 'nginx', setting: 'nonsense', seconds: 5 },
    ])
    expect(errors).toEqual([])
    expect(timeouts).toHaveLength(4)
    expect(remarks.map(said)).toEqual([
      '[0]: "proxy_raed_timeout" is not a known setting of nginx; kept as it is. Did you mean nginx.proxy_read_timeout?',
      '[1]: the component "ngnix" is not known; kept as it is. Did you mean nginx.proxy_read_timeout?',
      '[2]: the field "why" is not used',
      '[2]: the component "our-gateway" is not known; kept as it is',
      '[3]: "nonsense" is not a known setting of nginx; kept as it is',
    ])
  })

  it('says which entry is wrong and what was expected, and goes on to the next', () => {
    const { timeouts, errors } = readUserTimeouts({
      timeouts: [
        nginx,
        'nginx',
        { component: 'nginx', seconds: 5 },
        { component: '', setting: 'x', seconds: '5 parsecs' },
        { component: 'nginx', setting: 'send_timeout', seconds: -1 },
        { component: 'node', setting: 'keepAliveTimeout', seconds: 60_000_000 },
      ],
    })
    expect(timeouts).toEqual([nginx])
    expect(errors.map(said)).toEqual([
      'timeouts[1]: expected { component, setting, seconds }, found string "nginx"',
      'timeouts[2].setting: expected the name of a setting, found nothing',
      'timeouts[3].component: expected the name of a component, found an empty text',
      'timeouts[3].seconds: expected seconds as a number, or text like "75s", "10m", "500ms", "1h30m"; found "5 parsecs"',
      'timeouts[4].seconds: expected seconds as a number, or text like "75s", "10m", "500ms", "1h30m"; found -1',
      'timeouts[5].seconds: expected at most 31622400 seconds, found 60000000; given in milliseconds?',
    ])
  })

  it.each([
    [null, 'found null'],
    ['nginx', 'found string "nginx"'],
    [{}, 'found none'],
    [5, 'found number 5'],
  ])('without settings is refused: %j', (document, found) => {
    const { timeouts, errors } = readUserTimeouts(document)
    expect(timeouts).toEqual([])
    expect(errors).toHaveLength(1)
    expect(errors[0]?.text).toContain(found)
  })

  it('may also be a mapping, nested or with dots; its troubles are named and placed as its writer sees them', () => {
    const expected = [nginx, { component: 'node', setting: 'server.keepAliveTimeout', seconds: 5 }]
    for (const document of [
      { nginx: { proxy_read_timeout: 41.6 }, node: { 'server.keepAliveTimeout': 5 } },
      { 'nginx.proxy_read_timeout': 41.6, 'node.server.keepAliveTimeout': '5s' },
      { timeouts: { nginx: { proxy_read_timeout: 41.6 }, 'node.server.keepAliveTimeout': 5 } },
    ])
      expect(readUserTimeouts(document)).toEqual({ timeouts: expected, errors: [], remarks: [] })
    const { errors } = readUserTimeouts({ nginx: { send_timeout: 'soon' }, keepalive: 5 })
    expect(errors.map(({ path }) => path)).toEqual([['nginx', 'send_timeout'], ['keepalive']])
    expect(errors.map(said)).toEqual([
      'nginx.send_timeout: expected seconds as a number, or text like "75s", "10m", "500ms", "1h30m"; found "soon"',
      'keepalive: expected the name of a component, found nothing',
    ])
  })
})
