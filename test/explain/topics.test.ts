import { describe, expect, it } from 'vitest'
import { contents, find } from '../../src/explain/topics.js'
import { CLASS_WORDS } from '../../src/report/words.js'
import { timers } from '../../src/knowledge/timers.js'

function named(words: string): readonly string[] {
  const found = find(words)
  return 'pages' in found ? found.pages.map(({ name }) => name) : []
}

describe('what a word means', () => {
  it.each([
    ['keepalive-race', ['keepalive-race']],
    ['Keep-Alive Race', ['keepalive-race']],
    ['fin-crossing', ['keepalive-race']],
    ['half-open-zombie/vanished', ['half-open-zombie']],
    ['nginx.client_body_timeout', ['nginx.client_body_timeout']],
    ['uvicorn --timeout-keep-alive', ['uvicorn.timeout_keep_alive']],
    ['timeout http-request', ['haproxy.timeout_http-request', 'haproxy.timeout_http-request.idle']],
    ['HAProxy', ['haproxy']],
  ])('%s', (words, names) => {
    expect(named(words)).toEqual(names)
  })

  it('one setting in two phases has two pages', () => {
    expect(named('nginx.proxy_read_timeout')).toContain('nginx.proxy_read_timeout')
    expect(named('nginx proxy_read_timeout')).toEqual([
      'nginx.proxy_read_timeout',
      'nginx.proxy_read_timeout.body',
    ])
  })

  it('every class and every setting has one, under its own name', () => {
    for (const word of [...CLASS_WORDS, ...timers().map(({ id }) => id)]) expect(named(word)).toContain(word)
  })

  it.each([
    ['keepalive-rase', 'keepalive-race'],
    ['ngix', 'nginx'],
    ['vannished', 'vanished'],
    ['uvicorn.timeout_kep_alive', 'uvicorn.timeout_keep_alive'],
    ['quite another thing', null],
    ['', null],
  ])('%s is unknown; the nearest is %s', (words, suggestion) => {
    expect(find(words)).toEqual({ suggestion })
  })
})

it('the list names every class and every component', () => {
  const text = contents()
    .sections.flatMap(({ lines }) => lines)
    .join('\n')
  for (const word of [...CLASS_WORDS, ...new Set(timers().map(({ component }) => component))])
    expect(text).toContain(word)
})
