/**
 * Writes what V8 made of the bundled command line: `node code-cache.mjs main.cjs out.cache capture…`. The captures are analysed first, so
 * that the functions of a usual run are in it; those that nobody asked for yet are compiled when they are. Plain JavaScript, because it
 * must run in a Node as bare as the user's: V8 takes nothing from a Node that was given other flags.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Script } from 'node:vm'

const { process } = globalThis
/** The launcher's name for it: stack traces show the one that is in the cache. */
const filename = 'pcap-why/dist/cli/main.cjs'
const [path, out, ...captures] = process.argv.slice(2)
const program = new Script(readFileSync(path, 'latin1'), { filename })
const require = createRequire(path)
/** V8 takes its work back only when it has the flags that it had: the runs here leave them alone. */
const v8 = { ...require('node:v8'), setFlagsFromString: () => {} }
const { main } = program.runInThisContext()(
  (name) => (name === 'node:v8' ? v8 : require(name)),
  (name) => import(name),
)
for (const [index, capture] of captures.entries()) {
  // Once with an option: names of captures alone do without commander.
  const status = await main(index === 0 ? ['--no-color', capture] : [capture])
  if (status !== 0) throw new Error(`${capture}: exit status ${status}`)
}
writeFileSync(out, program.createCachedData())
