/** `pcap-why verify` as a user runs it: answers, forms, exit status (`npm test` builds first). */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Output } from '../../src/cli/output.js'
import { UsageError } from '../../src/cli/usage-error.js'
import type { VerifyFlags } from '../../src/cli/verify-flags.js'
import { verifyCommand } from '../../src/cli/verify.js'
import type { Comparison } from '../../src/verify/comparison.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pcap-why-verify-'))
const pair = (name: string, side: 'before' | 'after'): string => `captures/verify/${name}/${side}.pcap`

/** The least that is a whole report. */
const WHOLE =
  '{"schema":"pcap-why/report/1","summary":{"flows":1,"problems":0,"byClass":{}},"captures":[],"findings":[],"flows":[],"exposure":{"seconds":1,"legs":[]}}'

interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(...args: string[]): Promise<Run> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [join(root, 'bin/pcap-why.js'), ...args], {
    cwd: root,
    env: { PATH, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })))
}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

beforeAll(() => {
  if (!existsSync(join(root, 'dist/cli/main.cjs'))) throw new Error('not built: npm run build')
})

describe('is it fixed', () => {
  it('says so in the first line, and 0', async () => {
    const { status, stdout } = await run(
      'verify',
      pair('keepalive-order-proxy', 'after'),
      '--before',
      pair('keepalive-order-proxy', 'before'),
    )
    expect(stdout.split('\n')[0]).toMatch(/^fixed {3}keep-alive race nginx → proxy can no longer happen/)
    expect(status).toBe(0)
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(stdout)
  })

  it('says not fixed, and 1', async () => {
    const before = pair('read-timeout-not-enough', 'before')
    const { status, stdout } = await run(
      'verify',
      pair('read-timeout-not-enough', 'after'),
      '--before',
      before,
    )
    expect(stdout).toMatch(/^not fixed {3}nginx now gives up at 7\.10\d s .*was 5\.30\d s/)
    expect(status).toBe(1)
  })

  it('says inconclusive, and 1 unless that is allowed', async () => {
    const args = ['verify', pair('race-too-short', 'after'), '--before', pair('race-too-short', 'before')]
    const strict = await run(...args)
    expect(strict.stdout).toMatch(
      /^not enough evidence yet {3}.*capture 53 more requests on reused connections/,
    )
    expect(strict.stdout).toContain('inconclusive')
    expect(strict.status).toBe(1)
    expect((await run(...args, '--allow-inconclusive')).status).toBe(0)
  })

  it('takes a report that --json saved for the capture, picture included', async () => {
    const before = pair('read-timeout-raised', 'before')
    const fresh = pair('read-timeout-raised', 'after')
    const saved = file('before.json', (await run(before, '--json')).stdout)
    const svg = join(folder, 'both.svg')
    const fromJson = await run('verify', fresh, '--before', saved, '--json', '--svg', svg)
    const fromCapture = await run('verify', fresh, '--before', before, '--json')
    expect(fromJson.stdout).toBe(fromCapture.stdout)
    const { answer, causes } = JSON.parse(fromJson.stdout) as Comparison
    expect(answer).toBe('fixed')
    expect(causes[0]?.measures[0]?.after).toEqual({ failed: 0, of: 64 })
    const drawn = readFileSync(svg, 'utf8')
    // Two ladders in one picture: the request that was cut and one that waited longer.
    expect(drawn.match(/<svg /g)).toHaveLength(3)
    expect(drawn).toContain('proxy_read_timeout')
    expect(drawn).toContain('200 OK')
  })
})

describe('expectations', () => {
  const fresh = pair('read-timeout-raised', 'after')

  it('hold, fail and stay open, one test case each', async () => {
    const rules = file('rules.txt', '# of the gateway\nno idle-timeout\ntimer nginx.proxy_read_timeout>=9s\n')
    const { status, stdout } = await run('verify', fresh, '--expect-file', rules, '--junit', '-')
    expect(status).toBe(0)
    expect(stdout).toContain('tests="2" failures="0"')
    const more = ['--expect', 'timer nginx.proxy_read_timeout>=600s', '--expect', 'problems<=0']
    const open = await run('verify', fresh, ...more)
    expect(open.stdout).toMatch(/^inconclusive {3}1 of 2 expectations cannot be told yet/)
    expect(open.status).toBe(1)
    const failing = await run('verify', pair('race-wrong-leg', 'after'), '--expect', 'no keepalive-race')
    expect(failing.stdout).toMatch(/^fails {3}1 of 1 expectation does not hold/)
    expect(failing.status).toBe(1)
  })

  it('writes Markdown and JUnit into files beside the text', async () => {
    const [md, xml] = [join(folder, 'a.md'), join(folder, 'a.xml')]
    const { stdout } = await run('verify', fresh, '--expect', 'problems<=0', '--markdown', md, '--junit', xml)
    expect(stdout).toMatch(/^holds/)
    expect(readFileSync(md, 'utf8')).toMatch(/^# Holds/)
    expect(readFileSync(xml, 'utf8')).toMatch(/^<\?xml/)
  })
})

describe('wrong usage', () => {
  const fresh = 'captures/keepalive-clean/capture.pcap'
  const path = join(root, fresh)
  // Nothing may be written before the usage is known to be right.
  const silent = { write: () => Promise.reject(new Error('wrote something')) } as unknown as Output
  const refused = (flags: Partial<VerifyFlags>): Promise<number> =>
    verifyCommand([path], { color: false, quiet: true, ...flags }, silent)

  it('is one line on stderr, and 2', async () => {
    const { status, stdout, stderr } = await run('verify', fresh, '--before', fresh, '--class', 'x')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^pcap-why: --class: no class is called "x" — .*\n$/)
  })

  it.each<[string, Partial<VerifyFlags>]>([
    ['nothing to verify', {}],
    ['no class is called "race"', { expect: ['no race'] }],
    ['no setting is called nginx.proxy_timeout', { expect: ['timer nginx.proxy_timeout>=9'] }],
    ['can take one form only', { before: [path], json: true, junit: '-' }],
    ['needs --before', { expect: ['no refused'], svg: 'x.svg' }],
    ['needs a capture to compare with', { expect: ['fixed'] }],
    ['would overwrite a capture', { expect: ['no refused'], junit: 'captures/a.pcap' }],
    ["rules.txt: the file of expectations can't be read", { expectFile: ['rules.txt'] }],
    ['captures or one saved report, not both', { before: [path, file('empty.json', '{}')] }],
  ])('%s', async (message, flags) => {
    await expect(refused(flags)).rejects.toThrow(UsageError)
    await expect(refused(flags)).rejects.toThrow(message)
  })

  it('names the line of a file of expectations', async () => {
    const rules = file('wrong.txt', 'no problems\n\nno race\n')
    await expect(refused({ expectFile: [rules] })).rejects.toThrow('wrong.txt:3: no class is called "race"')
  })

  it.each([
    ['is no JSON document', '{"schema":'],
    ['its schema is none', '{}'],
    ['its schema is other/1', '{"schema":"other/1"}'],
    ['captures is missing', '{"schema":"pcap-why/report/1"}'],
    ['findings[0].class is missing or wrong', WHOLE.replace('"findings":[]', '"findings":[{}]')],
    ['exposure.legs[0].client is missing or wrong', WHOLE.replace('"legs":[]', '"legs":[{}]')],
  ])('a saved report of which %s', async (message, content) => {
    await expect(refused({ before: [file('bad.json', content)] })).rejects.toThrow(message)
  })
})
