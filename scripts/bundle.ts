/**
 * The last step of `npm run build`: the command line as a few files instead of some 270, so that it is there at once. Replaces what tsc
 * wrote into dist/cli; the library stays as modules. Names stay readable, for stack traces; packages stay outside.
 */
import { renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const fresh = `${root}dist/cli.new`

rmSync(fresh, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/main.ts'],
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  charset: 'utf8',
  metafile: true,
})
rmSync(`${root}dist/cli`, { recursive: true, force: true })
renameSync(fresh, `${root}dist/cli`)

if (process.argv.includes('--list')) {
  for (const [path, { bytes, inputs }] of Object.entries(metafile.outputs)) {
    console.log(`${path} ${bytes}`)
    const largest = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    for (const [input, part] of largest) console.log(`  ${part.bytesInOutput} ${input}`)
  }
}
