import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readmeRun, withRun } from '../scripts/readme.js'
import { version } from '../src/version.js'

const ROOT = join(import.meta.dirname, '..')

it('the README shows what its command prints (npm run readme)', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  expect(readme).toBe(withRun(readme, await readmeRun(ROOT)))
})

it('the version is the one of package.json', () => {
  const { version: packaged } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string
  }
  expect(version).toBe(packaged)
})
