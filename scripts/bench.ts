/**
 * `npm run bench`: makes captures, runs pcap-why and, where installed, capinfos, tshark and tcptrace on each of them in turn, several
 * rounds, and prints medians, ratios and peak memory. Build first (`npm run build`).
 *
 *   --rounds N      rounds (5); the slow tools get at most 3
 *   --only a,b      these captures only: small, large, http, million, huge, synflood
 *   --tools a,b     these programs only (pcap-why always)
 *   --dir PATH      keep the captures there and use what is there; without it they go to a temporary folder
 *   --scale X       frames times X, for a quick look
 *   --write         write the table into README.md
 *   --memory        instead of all that: memory of captures of several lengths (4 GB of them), in docs/limits.md by hand
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MEMORY_SERIES, memoryOf, memoryTable, type MemoryRow } from './bench/memory.js'
import { benchTable, withTable, type BenchRow, type Measured, type StartUp } from './bench/table.js'
import { installedTools, measure, median, type Run, type Tool } from './bench/tools.js'
import { BENCH_CAPTURES, type BenchCapture } from './bench/traffic.js'

const START_UP_ROUNDS = 25
/** About 1 MB. */
const START_UP_FRAMES = 8000

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    tools: { type: 'string' },
    dir: { type: 'string' },
    scale: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
  },
})

/** Writes a capture unless it is there. */
function written(dir: string, capture: BenchCapture, frames: number): string {
  const path = join(dir, `${capture.name}-${frames}.pcap`)
  if (!existsSync(path)) capture.write(path, frames)
  return path
}

function mediansOf(tool: string, runs: readonly Run[]): Measured {
  const cpu = runs.map((run) => run.cpuSeconds).filter((value) => value !== null)
  const peak = runs.map((run) => run.peakMb).filter((value) => value !== null)
  return {
    tool,
    seconds: median(runs.map((run) => run.seconds)),
    cpuSeconds: cpu.length > 0 ? median(cpu) : null,
    peakMb: peak.length > 0 ? median(peak) : null,
    rounds: runs.length,
  }
}

/** All tools on one capture, in turn, so that whatever slows the machine slows them alike. */
function compare(path: string, tools: readonly Tool[], rounds: number): Measured[] {
  const runs = new Map<Tool, Run[]>(tools.map((tool) => [tool, []]))
  // Else the one that comes first, ours, would read it from the disk for all of them.
  measure(['cat', path])
  for (let round = 0; round < rounds; round++) {
    for (const tool of tools) {
      if (round >= tool.mostRounds) continue
      const run = measure(tool.command(path))
      // The others are compared with ours, which comes first.
      if (run === null && tool === tools[0]) throw new Error(`${tool.name} failed on ${path}`)
      if (run === null) process.stderr.write(`${tool.name} failed on ${path}\n`)
      else runs.get(tool)?.push(run)
    }
  }
  return [...runs].filter(([, all]) => all.length > 0).map(([tool, all]) => mediansOf(tool.name, all))
}

function startUp(dir: string): StartUp {
  const path = written(dir, BENCH_CAPTURES[0], START_UP_FRAMES)
  const table: number[] = []
  const bare: number[] = []
  for (let round = 0; round < START_UP_ROUNDS; round++) {
    const node = measure([process.execPath, '-e', '0'])
    const ours = measure([process.execPath, 'bin/pcap-why.js', path])
    if (node === null || ours === null) throw new Error(`pcap-why failed on ${path}`)
    bare.push(node.seconds)
    table.push(ours.seconds)
  }
  return { tableMs: median(table) * 1000, nodeMs: median(bare) * 1000, captureBytes: statSync(path).size }
}

function print(row: BenchRow): void {
  const ours = row.measured[0]?.seconds ?? NaN
  console.log(`\n${row.title}: ${row.frames} frames, ${Math.round(row.fileBytes / 1e6)} MB`)
  for (const one of row.measured) {
    const cpu = one.cpuSeconds === null ? '' : `  CPU ${one.cpuSeconds.toFixed(2)} s`
    const peak = one.peakMb === null ? '' : `  ${Math.round(one.peakMb)} MB`
    const ratio = `  ×${(one.seconds / ours).toFixed(2)}`
    console.log(
      `  ${one.tool.padEnd(14)} ${one.seconds.toFixed(2)} s${cpu}${peak}${ratio}  (${one.rounds} rounds)`,
    )
  }
}

/** Captures of several lengths, one after the other; each is removed unless they are to be kept. */
function printMemory(dir: string): void {
  const rows: MemoryRow[] = []
  for (const { name, frames: lengths } of MEMORY_SERIES) {
    const capture = BENCH_CAPTURES.find((one) => one.name === name)
    if (capture === undefined || options.only?.split(',').includes(name) === false) continue
    for (const length of lengths) {
      const frames = Math.round(length * Number(options.scale))
      const path = written(dir, capture, frames)
      rows.push(memoryOf(name, frames, path))
      if (options.dir === undefined) rmSync(path)
      process.stderr.write(`${name} ${frames}\n`)
    }
  }
  console.log(memoryTable(rows))
}

/** The comparison with other programs. */
function compareAll(dir: string): void {
  const wanted = options.only?.split(',')
  const named = options.tools?.split(',')
  const tools = installedTools().filter(
    ({ name }, n) => n === 0 || named === undefined || named.includes(name),
  )
  const rows: BenchRow[] = []
  for (const capture of BENCH_CAPTURES) {
    if (wanted !== undefined && !wanted.includes(capture.name)) continue
    const frames = Math.round(capture.frames * Number(options.scale))
    const path = written(dir, capture, frames)
    const measured = compare(path, tools, Number(options.rounds))
    rows.push({ title: capture.title, frames, fileBytes: statSync(path).size, measured })
    print(rows[rows.length - 1])
    if (options.dir === undefined) rmSync(path)
  }
  const start = startUp(dir)
  console.log(`\nstart to table ${start.tableMs.toFixed(0)} ms, node -e 0 ${start.nodeMs.toFixed(0)} ms`)
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'} (${cpus().length} CPUs, ${Math.round(totalmem() / 2 ** 30)} GiB)`
  const place = { machine, node: process.versions.node, date: new Date().toISOString().slice(0, 10) }
  const table = benchTable(rows, start, place)
  console.log(`\n${table}`)
  if (options.write) writeFileSync('README.md', withTable(readFileSync('README.md', 'utf8'), table))
}

if (options.write && options.scale !== '1')
  throw new Error('--write wants captures of full size, without --scale')
const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'pcap-why-bench-'))
mkdirSync(dir, { recursive: true })
try {
  if (options.memory) printMemory(dir)
  else compareAll(dir)
} finally {
  if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
}
