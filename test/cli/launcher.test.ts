/** bin/pcap-why.js and what the build leaves for it: V8's work is taken, and done again where it can't be. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const built = join(root, 'dist/cli')
const caches = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.cache'))
const race = join(root, 'captures/keepalive-race/capture.pcap')

function output(folder: string, env: NodeJS.ProcessEnv = {}): string {
  const args = [join(folder, 'bin/pcap-why.js'), race]
  const { PATH } = process.env
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH, LANG: 'C.UTF-8', ...env } })
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
  return run.stdout
}

describe('what V8 made of the command line', () => {
  it('is taken by the Node that built it', () => {
    const [name] = caches(built)
    expect(name).toBe(`main-${process.version}-${process.platform}-${process.arch}.cache`)
    const code = readFileSync(join(built, 'main.cjs'), 'latin1')
    expect(Buffer.from(code, 'latin1').every((byte) => byte < 128)).toBe(true)
    const check = `const { readFileSync } = require('node:fs')
      const [code, cachedData] = [readFileSync('main.cjs', 'latin1'), readFileSync('${name}')]
      console.log(new (require('node:vm').Script)(code, { cachedData }).cachedDataRejected)`
    const { PATH } = process.env
    const run = spawnSync(process.execPath, ['-e', check], { cwd: built, encoding: 'utf8', env: { PATH } })
    expect(run.stdout).toBe('false\n')
  })

  it('is not needed: cut, missing or refused, the output is the same', () => {
    const copy = mkdtempSync(join(tmpdir(), 'pcap-why-launcher-'))
    cpSync(join(root, 'bin'), join(copy, 'bin'), { recursive: true })
    cpSync(built, join(copy, 'dist/cli'), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    const whole = output(copy)
    expect(whole).toContain('keep-alive race')
    expect(output(copy, { NODE_OPTIONS: '--max-old-space-size=500' })).toBe(whole)
    for (const name of caches(built)) truncateSync(join(copy, 'dist/cli', name), 100_000)
    expect(output(copy)).toBe(whole)
  })
})

describe('a stack trace', () => {
  it('names the functions and a line of the script', () => {
    const code = readFileSync(join(built, 'main.cjs'), 'latin1')
    expect(() => new Script(code)).not.toThrow()
    const lines = code.split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60_000)
    expect(code).toMatch(/async function analyseCommand\(/)
  })
})

describe('licences of what is part of the command line', () => {
  it('lie beside it', () => {
    const text = readFileSync(join(built, 'LICENSES.txt'), 'utf8')
    for (const name of ['commander', 'cli-table3', 'string-width'])
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'))
    expect(text.match(/Permission is hereby granted/g)?.length).toBeGreaterThanOrEqual(7)
  })
})
