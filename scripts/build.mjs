/**
 * `npm run build`: compiles and bundles into dist, unless dist was made of just these sources by just this Node. npm asks for it with
 * `npm ci`, again when npx first links the command and again before the tests; without this check each of them would take the time of
 * the first. `--force` builds in any case. Plain JavaScript: what is built already is told before tsx could be loaded.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const { process, URL } = globalThis
const root = fileURLToPath(new URL('..', import.meta.url))
/** All that decides what dist says; the lock file stands for the packages. The captures that V8's work is kept of decide its speed only. */
const SOURCES = [
  'src',
  'scripts/bundle',
  'scripts/bundle.ts',
  'scripts/build.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
]
/** What a build ends with, and what the library begins with. */
const RESULTS = ['dist/cli/main.cjs', 'dist/index.js', 'dist/index.d.ts']
const stamp = join(root, 'dist/.built-from')

/** @returns {string[]} the files below a path, in an order that the file system has no say in */
function filesOf(path) {
  const whole = join(root, path)
  if (!statSync(whole).isDirectory()) return [path]
  return readdirSync(whole)
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`))
}

/** @returns {string} a digest of the names and bytes of all sources, and of the Node that runs this */
function sourcesNow() {
  const digest = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}`)
  for (const path of SOURCES.flatMap(filesOf)) {
    const bytes = readFileSync(join(root, path))
    digest.update(`\n${path} ${bytes.length}\n`).update(bytes)
  }
  return digest.digest('hex')
}

/** @param {string} command a program of node_modules/.bin, which npm puts on the path */
function run(command, ...args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

const sources = sourcesNow()
const built = existsSync(stamp) && readFileSync(stamp, 'utf8') === sources
if (!built || process.argv.includes('--force') || !RESULTS.every((path) => existsSync(join(root, path)))) {
  run('tsc', '-p', 'tsconfig.build.json')
  run('tsx', 'scripts/bundle.ts')
  writeFileSync(stamp, sources)
}
