/** Nothing can be written: one line says so, whatever was to be written. */
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const CAPTURE = `${root}captures/nginx-read-timeout/capture.pcap`

describe.skipIf(!existsSync('/dev/full'))('standard output on a full disk', () => {
  it.each([[['--help']], [['--version']], [['explain']], [[CAPTURE]]])('%j', (args) => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [`${root}bin/pcap-why.js`, ...args], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect(stderr).toMatch(/^pcap-why: standard output can't be written: .*\n$/)
    expect(status).toBe(2)
  })
})
