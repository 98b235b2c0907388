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
    ['word.yaml', 'nginx', 'expected settings, such as nginx.proxy_read_timeout: 60, found'],
    ['empty.yaml', '', 'expected settings, such as nginx.proxy_read_timeout: 60, found'],
    [
      'unit.yaml',
      'nginx.proxy_read_timeout: 5 parsecs',
      'unit.yaml:1: nginx.proxy_read_timeout: expected seconds as a number',
    ],
    [
      'negative.yaml',
      'nginx.proxy_read_timeout: -5',
      'negative.yaml:1: nginx.proxy_read_timeout: expected seconds as a number',
    ],
    [
      'nobody.yaml',
      'proxy_read_timeout: 5',
      'nobody.yaml:1: proxy_read_timeout: expected the name of a component',
    ],
    [
      'entry.json',
      '[{"setting": "x", "seconds": 1}]',
      'entry.json:1: [0].component: expected the name of a component, found nothing',
    ],
  ])('%s is refused', async (name, text, message) => {
    await expect(readTimeouts(file(name, text))).rejects.toThrow(message)
  })

  it('names the line, and says how many more are wrong', async () => {
    const path = file(
      'lines.yaml',
      'nginx:\n  send_timeout: 60\n  proxy_read_timeout: soon\nnode:\n  x: -1\n',
    )
    await expect(readTimeouts(path)).rejects.toThrow(
      /lines\.yaml:3: nginx\.proxy_read_timeout: .*found "soon" \(and 1 more\)$/,
    )
    const json = file('lines.json', '{\n\t"timeouts": [\n\t\t{"component": "nginx", "setting": "x"}\n\t]\n}')
    await expect(readTimeouts(json)).rejects.toThrow(
      /lines\.json:3: timeouts\[0\]\.seconds: .*found nothing$/,
    )
  })

  it('says what it does not know, and keeps it', async () => {
    const said: string[] = []
    const path = file('unknown.yaml', '\nnginx.proxy_raed_timeout: 60\n')
    const timeouts = await readTimeouts(path, (text) => said.push(text))
    expect(timeouts).toEqual([{ component: 'nginx', setting: 'proxy_raed_timeout', seconds: 60 }])
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/unknown\.yaml:2: .*Did you mean nginx\.proxy_read_timeout\?$/)
  })

  it('names a file that is not there', async () => {
    await expect(readTimeouts(join(folder, 'missing.yaml'))).rejects.toThrow('no such file or folder')
  })
})
