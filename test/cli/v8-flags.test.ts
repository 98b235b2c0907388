/** V8 is told only what it knows: an unknown flag would be a complaint on every user's terminal. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { flagFor, newSpaceKeeper } from '../../src/cli/v8-flags.js'

const small = 1e6
const large = 1e9

describe('the flag that V8 is given', () => {
  it.each([small, large, Infinity])('for %d bytes is known to the Node that runs this', (bytes) => {
    const flag = flagFor(bytes, Number(process.versions.node.split('.')[0]))
    if (flag === null) return
    const code = `require('node:v8').setFlagsFromString('${flag}')`
    const run = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' })
    expect(run.stdout + run.stderr).toBe('')
  })

  it('is one of that version only, where versions differ', () => {
    expect(flagFor(small, 20)).toMatch(/^--interrupt-budget=\d+$/)
    expect(flagFor(small, 22)).toMatch(/^--invocation-count-for-turbofan=\d+$/)
    expect([21, 23, 24, 26].map((major) => flagFor(small, major))).toEqual([null, null, null, null])
  })

  it('is none in a Node that nobody has tried', () => {
    expect(flagFor(large, 24)).toMatch(/^--heap-growing-percent=\d+$/)
    expect(flagFor(Infinity, 20)).toBe(flagFor(large, 24))
    expect(flagFor(large, 27)).toBeNull()
  })
})

describe('the space for new objects', () => {
  const growing = (major: number): string[] => {
    const flags: string[] = []
    let size = 2 ** 20
    const keep = newSpaceKeeper(
      major,
      () => (size *= 2),
      (flag) => flags.push(`${flag} at ${size / 2 ** 20} MB`),
    )
    for (let n = 0; n < 7; n++) keep()
    return flags
  }

  it('is stopped once, where V8 would let it grow on', () => {
    expect(growing(24)).toEqual(['--semi-space-growth-factor=1 at 16 MB'])
    expect(growing(26)).toEqual(['--semi-space-growth-factor=1 at 8 MB'])
    for (const major of [20, 22, 27]) expect(growing(major)).toEqual([])
  })

  it('is stopped by a flag that the Node that runs this knows', () => {
    const code = `require('node:v8').setFlagsFromString('--semi-space-growth-factor=1')`
    const run = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' })
    expect(run.stdout + run.stderr).toBe('')
  })
})
