/**
 * `npm run fuzz -- [target] [--seconds 600] [--seed 1] [--found <folder>]`: changes inputs at random and keeps those that take a
 * new way through the code. An input that throws, hangs or takes too much memory is written to the folder, and the exit status is 1.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Coverage } from './fuzz/coverage.js'
import { mutated } from './fuzz/mutate.js'
import { Random } from './fuzz/random.js'
import { seedsOf } from './fuzz/seeds.js'
import { TARGETS, type Target } from './fuzz/targets.js'

/** Milliseconds that an input of at most 16 KB may take. The first runs of a process are slow: they compile. */
const SLOW_MS = 3000
const WARM_UP_RUNS = 200
/** Bytes that may stay on the heap for good while inputs come and go. */
const MOST_HEAP = 1_000_000_000

interface Found {
  readonly what: string
  readonly bytes: Uint8Array
}

async function attempt(target: Target, bytes: Uint8Array, warm: boolean): Promise<string | null> {
  const start = performance.now()
  try {
    await target.run(bytes)
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const took = performance.now() - start
  return warm && took > SLOW_MS ? `took ${took.toFixed(0)} ms for ${bytes.length} bytes` : null
}

async function fuzz(target: Target, seconds: number, seed: number): Promise<Found[]> {
  const random = new Random(seed)
  const coverage = new Coverage()
  const corpus = seedsOf(target.name)
  const found = new Map<string, Found>()
  const end = performance.now() + seconds * 1000
  let runs = 0
  for (; performance.now() < end; runs++) {
    // Every seed once as it is; then changed ones, those that came last a little more often.
    const base = corpus[runs] ?? random.of(random.below(3) === 0 ? corpus.slice(-20) : corpus)
    const bytes = runs < corpus.length ? base : mutated(base, random.of(corpus), random)
    const what = await attempt(target, bytes, runs > WARM_UP_RUNS)
    // One input for each kind of trouble: the place where it was thrown.
    if (what !== null) found.set(what.split('\n').slice(0, 2).join(' '), { what, bytes })
    if (coverage.fresh() > 0 && runs >= corpus.length) corpus.push(bytes)
    if (runs % 500 === 0) {
      const { heapUsed } = process.memoryUsage()
      console.error(
        `${target.name}: ${runs} runs, ${corpus.length} inputs kept, ${coverage.ways} ways, ${(heapUsed / 1e6).toFixed(0)} MB`,
      )
      if (heapUsed > MOST_HEAP) found.set('memory', { what: `${heapUsed} bytes on the heap`, bytes })
    }
  }
  console.log(
    `${target.name}: ${runs} runs in ${seconds} s, ${corpus.length} inputs, ${coverage.ways} ways through functions, ${found.size} faults`,
  )
  return [...found.values()]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    found: { type: 'string', default: 'fuzz-found' },
  },
})
const wanted = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
if (wanted.length === 0) {
  console.error(`there is no such target; there are ${TARGETS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
for (const target of wanted) {
  const found = await fuzz(target, Number(values.seconds) / wanted.length, Number(values.seed))
  found.forEach(({ what, bytes }, index) => {
    mkdirSync(values.found, { recursive: true })
    const path = join(values.found, `${target.name}-${index}`)
    writeFileSync(path, bytes)
    console.error(`${path}: ${what}`)
    process.exitCode = 1
  })
}
