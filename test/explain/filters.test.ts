import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { classPages } from '../../src/explain/class-pages.js'
import { settingPage } from '../../src/explain/setting-page.js'
import { timers } from '../../src/knowledge/timers.js'

const capture = fileURLToPath(new URL('../../captures/tls-upstream/capture.pcap', import.meta.url))
const hasTshark = spawnSync('tshark', ['--version']).status === 0

/** Every display filter of every page, with numbers in the places of N and of names in brackets. */
function filters(): string[] {
  const ofClasses = Object.values(classPages).flatMap(({ confirm }) =>
    confirm.flatMap(({ by, what }) => (by === 'filter' ? [what] : [])),
  )
  const ofSettings = timers()
    .flatMap((timer) => settingPage(timer).sections)
    .flatMap(({ heading, lines }) => (heading === 'confirm' ? lines : []))
    .flatMap((line) => /^Wireshark: (.*?)(?: {3}\(.*\))?$/.exec(line)?.[1] ?? [])
  const all = [...ofClasses, ...ofSettings].map((filter) =>
    filter
      .replace(/ip\.src == <\w+>/, 'ip.src == 10.0.0.1')
      .replace(/<\w+>/g, '80')
      .replace(/\bN\b/g, '0'),
  )
  return [...new Set(all)]
}

it.runIf(hasTshark)('every filter on a page is one that tshark takes', () => {
  expect(filters().length).toBeGreaterThan(30)
  const all = filters()
    .map((filter) => `(${filter})`)
    .join(' || ')
  const { status, stderr } = spawnSync('tshark', ['-r', capture, '-c', '1', '-Y', all], { encoding: 'utf8' })
  expect(stderr.split('\n').filter((line) => /invalid|not a|unexpected|neither/i.test(line))).toEqual([])
  expect(status).toBe(0)
})

it.runIf(hasTshark)('the filter of refused connections finds the RSTs of real ones', () => {
  const refused = fileURLToPath(new URL('../../captures/refused/capture.pcap', import.meta.url))
  const what = classPages.refused.confirm.find(({ by }) => by === 'filter')?.what ?? ''
  const found = spawnSync('tshark', ['-r', refused, '-Y', what, '-T', 'fields', '-e', 'tcp.stream'], {
    encoding: 'utf8',
  })
  // Four of nginx, two of the client: the streams that the driver of the capture labelled so.
  expect(found.stdout.trim().split('\n')).toHaveLength(6)
})
