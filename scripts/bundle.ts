/**
 * The last step of `npm run build`: the command line as one file instead of some 270, with the packages it always needs, and what V8 makes
 * of it, so that it is there at once. Replaces what tsc wrote into dist/cli; the library stays as modules. Names stay readable, for stack
 * traces. bin/pcap-why.js runs it.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { licences } from './bundle/licences.js'

const root = fileURLToPath(new URL('..', import.meta.url))
// PCAP_WHY_DIST: somewhere else, to compare two builds.
const dist = process.env['PCAP_WHY_DIST'] ?? join(root, 'dist')
const fresh = join(dist, 'cli.new')

/** Loaded by few runs, and large: they stay packages. cli-table3 asks for the last one only when it is to colour, which we do ourselves. */
const OUTSIDE = ['d3-node', 'yaml', '@colors/colors']
/** Analysed before V8's work is kept: runs with findings, a table, several hosts and requests, one of them encrypted. */
const USUAL_RUNS = ['nginx-read-timeout', 'race-haproxy', 'tls-upstream']

/** commander can start programs; ours has none to start, and what starts them takes 5 ms to load. */
const childProcessLater: Plugin = {
  name: 'child-process-later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path, namespace }) =>
      namespace === 'later' ? { path, external: true } : { path, namespace: 'later' },
    )
    onLoad({ filter: /./, namespace: 'later' }, ({ path }) => ({
      contents: `module.exports = { get spawn() { return require('${path}').spawn } }`,
    }))
  },
}

/** In a script nothing can be imported: whoever runs the script does it. */
function importedByLauncher(code: string): string {
  return code.replace(/\bimport\(("[^"\n]+")\)/g, 'importPackage($1)')
}

/** esbuild escapes in strings; in regular expressions and templates with a tag the escape says the same, in remarks nothing. */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/main.ts'],
  outfile: join(fresh, 'main.cjs'),
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: OUTSIDE,
  charset: 'ascii',
  banner: { js: '(function (require, importPackage) {"use strict"; const module = { exports: {} };' },
  footer: { js: 'return module.exports\n})' },
  legalComments: 'none',
  // A third less to read at each start. Lines stay short enough for a stack trace to point into.
  minifyWhitespace: true,
  lineLimit: 160,
  plugins: [childProcessLater],
  metafile: true,
  write: false,
})
rmSync(fresh, { recursive: true, force: true })
mkdirSync(fresh, { recursive: true })
const script = join(fresh, 'main.cjs')
writeFileSync(script, inAscii(importedByLauncher(outputFiles[0].text)))
writeFileSync(join(fresh, 'LICENSES.txt'), licences(root, Object.keys(metafile.inputs)))

const cache = join(fresh, `main-${process.version}-${process.platform}-${process.arch}.cache`)
const captures = USUAL_RUNS.map((name) => join(root, 'captures', name, 'capture.pcap'))
const made = spawnSync(
  process.execPath,
  [join(root, 'scripts/bundle/code-cache.mjs'), script, cache, ...captures],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  },
)
if (made.status !== 0) throw new Error('the bundled command line does not run')
rmSync(join(dist, 'cli'), { recursive: true, force: true })
renameSync(fresh, join(dist, 'cli'))

if (process.argv.includes('--list')) {
  for (const [path, { bytes, inputs }] of Object.entries(metafile.outputs)) {
    console.log(`${path} ${bytes}`)
    const largest = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    for (const [input, part] of largest) console.log(`  ${part.bytesInOutput} ${input}`)
  }
}
