/**
 * `npm run parity -- <corpus folder> [--markdown <file>] [--json <file>]`: compares streams, marks, closes and states with the references
 * that lie beside the captures (truth-tshark/, truth-zeek/). Exit status 1 when a difference is not explained.
 */
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { version } from '../src/version.js'
import { parityMarkdown } from './parity-report.js'
import { parityOf } from './parity-run.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: 'string' }, json: { type: 'string' } },
})
const folder = positionals[0]
if (folder === undefined) {
  console.error('npm run parity -- <corpus folder> [--markdown <file>] [--json <file>]')
  process.exit(2)
}
const started = performance.now()
const parity = await parityOf(folder, (name) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name.slice(0, 70)}`)
})
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
const seconds = (performance.now() - started) / 1000
const text = parityMarkdown(parity, [
  `${new Date().toISOString().slice(0, 10)}, pcap-why ${version}, Node ${process.versions.node}, ${seconds.toFixed(1)} s in all`,
  'references: tshark 4.0.17 and Zeek’s own test baselines, as they lie in the corpus',
  `command: \`npm run parity -- ${basename(folder)}\``,
])
process.stdout.write(text)
if (values.markdown !== undefined) writeFileSync(values.markdown, text)
if (values.json !== undefined) {
  const tallies = { referee: [...parity.referee.byField], current: [...parity.current.byField] }
  writeFileSync(values.json, JSON.stringify({ ...parity, seconds, ...tallies }, null, 2))
}
const unexplained = [...parity.referee.byField.values()].reduce((sum, tally) => sum + tally.unexplained, 0)
process.exitCode = unexplained > 0 || parity.failures.length > 0 ? 1 : 0
