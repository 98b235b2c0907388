import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { terminalTimers } from '../../src/report/terminal-timers.js'

const ROOT = join(import.meta.dirname, '../..')

it('the README shows what pcap-why timers prints', async () => {
  const path = 'captures/keepalive-race/capture.pcap'
  const report = await analyze([new MemorySource(readFileSync(join(ROOT, path)), path)])
  const text = terminalTimers(report, { width: 110, colour: false, utf8: true }).join('')
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`$ pcap-why timers ${path}\n${text}`)
})
