import { describe, expect, it } from 'vitest'
import { wordsFor, type LogEvent } from '../../src/knowledge/log-words.js'

const event = (known: Partial<LogEvent> & Pick<LogEvent, 'class' | 'proxy'>): LogEvent => ({
  variant: null,
  phase: null,
  closer: 'client',
  ipv6: false,
  ...known,
})

describe('the words of other logs', () => {
  it.each([
    [
      'upstream read timeout',
      { class: 'idle-timeout', proxy: 'client', phase: 'awaiting-response', closer: 'client' },
      [504, 'while reading response header from upstream', 'sH', 'UT'],
    ],
    [
      'stalled stream',
      { class: 'idle-timeout', proxy: 'client', phase: 'mid-response', closer: 'client' },
      [200, 'timed out (110: Connection timed out) while reading upstream', 'sD', 'SI'],
    ],
    [
      'server that gives up on a request',
      { class: 'idle-timeout', proxy: 'client', phase: 'awaiting-response', closer: 'server' },
      [502, 'upstream prematurely closed connection', 'SH', 'UC'],
    ],
    [
      'race',
      {
        class: 'keepalive-race',
        proxy: 'client',
        phase: 'between-requests',
        closer: 'server',
        variant: 'fin-crossing',
      },
      [502, 'upstream prematurely closed connection', 'SH', 'UC'],
    ],
    [
      'race with a RST',
      {
        class: 'keepalive-race',
        proxy: 'client',
        phase: 'between-requests',
        closer: 'server',
        variant: 'in-buffer',
      },
      [502, 'Connection reset by peer', 'SH', 'UC'],
    ],
    [
      'client gone while it waits',
      { class: 'client-abort', proxy: 'server', phase: 'awaiting-response', closer: 'client' },
      [499, 'client prematurely closed connection', 'CH', 'DC'],
    ],
    [
      'the same seen on the upstream leg',
      {
        class: 'client-abort',
        proxy: 'client',
        phase: 'awaiting-response',
        closer: 'client',
        variant: 'propagated',
      },
      [499, 'client prematurely closed connection', 'CH', 'DC'],
    ],
    [
      'client gone while it reads',
      { class: 'client-abort', proxy: 'server', phase: 'mid-response', closer: 'client' },
      [200, 'client prematurely closed connection', 'CD', 'DC'],
    ],
    [
      'refused',
      { class: 'refused', proxy: 'client', closer: 'server' },
      [502, '111: Connection refused', 'SC', 'UF'],
    ],
    [
      'no answer to SYN',
      { class: 'connect-timeout', proxy: 'client' },
      [504, 'while connecting to upstream', 'sC', 'UF'],
    ],
    [
      'slow request',
      { class: 'idle-timeout', proxy: 'server', phase: 'mid-request', closer: 'server' },
      [408, 'client timed out', 'cR', 'SI'],
    ],
    [
      'broken response',
      { class: 'server-abort', proxy: 'client', phase: 'mid-response', closer: 'server' },
      [200, 'upstream prematurely closed connection while reading upstream', 'SD', 'UC'],
    ],
    [
      'vanished upstream',
      {
        class: 'half-open-zombie',
        proxy: 'client',
        phase: 'awaiting-response',
        closer: 'none',
        variant: 'vanished',
      },
      [504, 'upstream timed out', 'sH', 'UT'],
    ],
  ] as const)('%s', (_what, known, [status, error, haproxy, envoy]) => {
    const words = wordsFor(event(known))
    expect(words).toMatchObject({ nginxStatus: status, haproxy, envoy })
    expect(words?.nginxError).toContain(error)
  })

  it.each([
    ['port unreachable', false, '111: Connection refused'],
    ['administratively prohibited', false, '113: No route to host'],
    ['administratively prohibited', true, '13: Permission denied'],
    ['host unreachable', false, '113: No route to host'],
    ['network unreachable', false, '101: Network is unreachable'],
  ])('of an ICMP error are those of the connect() that failed by it: %s, IPv6 %s', (kind, ipv6, error) => {
    const words = wordsFor(
      event({ class: 'refused', proxy: 'client', variant: 'unreachable', told: { advice: kind }, ipv6 }),
    )
    expect(words?.nginxError).toContain(`connect() failed (${error})`)
  })

  it('are none for an idle close of a pooled connection, and unknown for what is no event of a log', () => {
    const idle = wordsFor(
      event({ class: 'idle-timeout', proxy: 'client', phase: 'between-requests', closer: 'server' }),
    )
    expect(idle).toEqual({ nginxError: null, nginxStatus: null, haproxy: null, envoy: null })
    expect(wordsFor(event({ class: 'clean', proxy: 'client' }))).toBeNull()
    expect(wordsFor(event({ class: 'open', proxy: 'server' }))).toBeNull()
  })
})
