import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import { readTimeouts } from '../../src/cli/timeouts-file.js'
import type { FlowReport } from '../../src/result.js'

const capture = fileURLToPath(new URL('../../captures/tls-upstream/capture.pcap', import.meta.url))

/** The flow of a real capture that ended 12.70 s after its request: TLS on one leg only, nothing names the software. */
async function judged(settings: string | null): Promise<FlowReport> {
  const path = join(mkdtempSync(join(tmpdir(), 'pcap-why-')), 'timeouts.yaml')
  writeFileSync(path, settings ?? '')
  const timeouts = settings === null ? [] : await readTimeouts(path)
  const source = openSource(capture)
  const report = await analyze([source], { all: true, timeouts })
  source.close()
  const flow = report.flows.find(({ stream }) => stream === 0)
  if (flow === undefined) throw new Error('the capture has no flow 0')
  return flow
}

it('a configured value explains what no default does', async () => {
  expect((await judged(null)).verdict.timer).toBeNull()
  const { verdict } = await judged('nginx.proxy_read_timeout: 12.7\nnginx.keepalive_timeout: 75\n')
  expect(verdict.class).toBe('idle-timeout')
  expect(verdict.certainty).toBe('likely')
  expect(verdict.timer).toMatchObject({ seconds: 12.7, setting: 'nginx.proxy_read_timeout' })
})

it('a configured value that does not fit explains nothing', async () => {
  expect((await judged('nginx.proxy_read_timeout: 60s\n')).verdict).toMatchObject({
    class: 'client-abort',
    timer: null,
  })
})

it('a configured value comes before a default of the same length', async () => {
  const flow = await judged('envoy.route.timeout: 12.7\nnginx.proxy_read_timeout: 60\n')
  expect(flow.verdict.timer?.setting).toMatch(/^envoy\./)
})
