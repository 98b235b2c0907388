import { describe, expect, it } from 'vitest'
import { exampleEnds, settingExample } from '../../src/explain/setting-example.js'
import { settingPage } from '../../src/explain/setting-page.js'
import { kinOf } from '../../src/knowledge/look-up.js'
import { timers } from '../../src/knowledge/timers.js'
import type { TimerEntry } from '../../src/knowledge/types.js'
import { flowsOf } from '../helpers/verdict-of.js'

/** Settings of the verdict's timer for the page's own example, with the software named by a role. */
async function candidatesOf(timer: TimerEntry): Promise<readonly string[]> {
  const example = settingExample(timer)
  if ('none' in example) return []
  const role = { role: timer.component, ip: exampleEnds[example.owner], port: null }
  const { a } = await flowsOf(example.ladder, { roles: [role] })
  return a?.verdict.timer?.candidates ?? []
}

const shown = timers().filter((timer) => 'ladder' in settingExample(timer))

describe('the example of a setting', () => {
  it('is there for every setting whose default shows in packets; the others say why not', () => {
    expect(shown.length).toBeGreaterThanOrEqual(170)
    for (const timer of timers()) {
      const example = settingExample(timer)
      if ('none' in example) expect(example.none.length).toBeGreaterThan(10)
      else expect(timer.default).not.toBeNull()
    }
  })

  it('names the setting first, or after others of the same software that no packet tells apart', async () => {
    const wrong: string[] = []
    for (const timer of shown) {
      const candidates = await candidatesOf(timer)
      const at = candidates.indexOf(timer.id)
      const family = [timer.component, ...kinOf(timer.component)]
      const before = candidates.slice(0, Math.max(at, 0))
      const own = before.every((id) =>
        family.includes(timers().find((one) => one.id === id)?.component ?? ''),
      )
      if (at < 0 || !own) wrong.push(`${timer.id}: ${candidates.slice(0, 4).join(', ')}`)
    }
    expect(wrong).toEqual([])
  }, 30_000)

  it('names the usual setting of equals first', async () => {
    for (const id of [
      'nginx.proxy_read_timeout',
      'nginx.keepalive_timeout',
      'uvicorn.timeout_keep_alive',
      'node.keepAliveTimeout',
      'aws.alb.idle_timeout.idle',
      'envoy.route.timeout',
    ]) {
      const timer = timers().find((one) => one.id === id)
      if (timer === undefined) continue
      const [first] = await candidatesOf(timer)
      expect(first).toBe(id)
    }
  })
})

describe('the page of a setting', () => {
  it('says what, how to confirm, when not, the fix, the line to write and the source', () => {
    for (const timer of timers()) {
      const headings = settingPage(timer).sections.map(({ heading }) => heading)
      expect(headings).toEqual([
        'what it means',
        'default',
        'confirm',
        'not this',
        'fix',
        'configure',
        'example',
        'source',
      ])
      for (const { lines } of settingPage(timer).sections)
        for (const line of lines) expect(line).not.toMatch(/undefined|NaN|\[object/)
    }
  })
})
