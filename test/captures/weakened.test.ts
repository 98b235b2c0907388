import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WEAKENINGS } from '../../scripts/weakened-captures.js'
import { outcome } from '../../scripts/weakened-captures-wrong.js'

const ROOT = join(import.meta.dirname, '../../captures')

/** Small captures, one of each kind; `npm run score:weakened` takes all of them. */
const SCENARIOS = [
  'chain-lb-first',
  'client-abort-download',
  'client-abort-upload',
  'early-response',
  'forgotten-nat',
  'half-close-legitimate',
  'haproxy-client-abort',
  'keepalive-race',
  'next-upstream',
  'nginx-client-header-timeout',
  'port-reuse',
  'race-client-leg',
  'race-in-buffer-at-app',
  'race-stale-reuse-at-client',
  'sse',
  'tls12',
  'tls13',
  'tls-race-both-legs',
  'vanished-client',
  'websocket-idle',
]


describe('poorer captures lead to fewer statements, not to wrong ones', () => {
  it.each(WEAKENINGS)('$name', async (how) => {
    const wrong = []
    for (const scenario of SCENARIOS) wrong.push(...(await outcome(ROOT, scenario, how)).wrong)
    expect(wrong.filter(({ hedged }) => !hedged).map(({ text }) => text)).toEqual([])
  })
})
