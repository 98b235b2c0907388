import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTimeouts } from '../../src/cli/timeouts-file.js'

const folder = mkdtempSync(join(tmpdir(), 'pcap-why-'))
const read = { component: 'nginx', setting: 'proxy_read_timeout', seconds: 300 }
const idle = { component: 'uvicorn', setting: 'timeout_keep_alive', seconds: 75 }

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('--timeouts', () => {
  it.each([
    ['nested.yaml', 'nginx:\n  proxy_read_timeout: 300\nuvicorn:\n  timeout_keep_alive: 75s\n'],
    ['dotted.yaml', 'nginx.proxy_read_timeout: 5m\nuvicorn.timeout_keep_alive: "75"\n'],
    [
      'list.yaml',
      '- {component: nginx, setting: proxy_read_timeout, seconds: 300}\n- component: uvicorn\n  setting: timeout_keep_alive\n  seconds: 75\n',
    ],
    [
      'nested.json',
      JSON.stringify({ nginx: { proxy_read_timeout: 300 }, uvicorn: { timeout_keep_alive: 75 } }),
    ],
    ['list.json', JSON.stringify([read, idle])],
    ['wrapped.json', JSON.stringify({ timeouts: [read, idle] })],
  ])('%s', async (name, text) => {
    expect(await readTimeouts(file(name, text))).toEqual([read, idle])
  })

  it.each([
    ['broken.json', '{"nginx": ', 'neither JSON nor YAML'],
    ['broken.yaml', 'nginx: [1, 2\n', 'neither JSON nor YAML'],
    ['word.yaml', 'nginx', 'no settings in it'],
    ['empty.yaml', '', 'no settings in it'],
    [
      'unit.yaml',
      'nginx.proxy_read_timeout: 5 parsecs',
      'nginx.proxy_read_timeout is not a number of seconds',
    ],
    ['negative.yaml', 'nginx.proxy_read_timeout: -5', 'is not a number of seconds'],
    ['nobody.yaml', 'proxy_read_timeout: 5', '"proxy_read_timeout" names no component'],
    ['entry.json', '[{"setting": "x", "seconds": 1}]', 'entry 1 needs component, setting and seconds'],
  ])('%s is refused', async (name, text, message) => {
    await expect(readTimeouts(file(name, text))).rejects.toThrow(message)
  })

  it('names a file that is not there', async () => {
    await expect(readTimeouts(join(folder, 'missing.yaml'))).rejects.toThrow('no such file or folder')
  })
})
