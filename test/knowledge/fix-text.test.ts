import { expect, it } from 'vitest'
import { fixOfUnknown, fixText } from '../../src/knowledge/fix-text.js'
import { entry, timers } from '../../src/knowledge/timers.js'

function fixOf(id: string): string {
  const timer = entry(id)
  if (timer === null) throw new Error(`no setting ${id}`)
  return fixText(timer)
}

it.each([
  ['nginx.proxy_connect_timeout', /^proxy_connect_timeout: lower it \(2-10s\)/],
  ['haproxy.timeout_client', /^timeout client: raise in frontend\/defaults/],
  ['aws.natgw.idle', /: TCP keep-alive < 350 s/],
  ['nginx.proxy_read_timeout', /^Raise proxy_read_timeout above/],
])('%s', (id, text) => {
  expect(fixOf(id)).toMatch(text)
})

it('no advice stands without the name of its setting', () => {
  for (const timer of timers()) {
    const name = timer.setting.replace(/\s*\([^)]*\)/g, '').trim()
    const last = /[\w-]+$/.exec(name)?.[0] ?? name
    expect(fixText(timer).toLowerCase()).toContain(last.toLowerCase())
  }
})

it('of software that nobody knows a setting is an example, not the advice', () => {
  const timer = entry('nginx.proxy_read_timeout')
  expect(timer === null ? '' : fixOfUnknown(timer, 'the lb')).toBe(
    'which setting of the lb that is, its software tells (in nginx: proxy_read_timeout)',
  )
})
