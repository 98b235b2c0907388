/** How much garbage V8 lets pile up before it looks at old objects. */
import type { ByteSource } from '../capture/source.js'

/** A capture so small leaves no garbage worth a flag; loading what sets it would take 3 ms of its 100. */
const SMALL_BYTES = 16 * 1024 * 1024
/** Per cent. Left alone, garbage grows to four times what is alive: 379 MB where 241 MB do, for 2 % of CPU time (3 M frames). */
const GROWTH = 60
/** The flag is known to the V8 of these versions of Node; others would complain about an unknown one. */
const FIRST_MAJOR = 20
const LAST_MAJOR = 24

/** Keeps the heap small while these are read; nothing when they are small themselves. */
export async function limitHeapGrowth(sources: readonly ByteSource[]): Promise<void> {
  // A size that nobody knows may be any.
  const bytes = sources.reduce((sum, { size }) => sum + (size ?? Infinity), 0)
  const major = Number(process.versions.node.split('.')[0])
  if (bytes <= SMALL_BYTES || major < FIRST_MAJOR || major > LAST_MAJOR) return
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`)
}
