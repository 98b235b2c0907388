/** What V8 is told of the work ahead. Left alone it chooses for programs that run for long. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import type { ByteSource } from '../capture/source.js'

/** Version of the Node that runs this. */
const MAJOR = Number(process.versions.node.split('.')[0])
const MB = 1024 * 1024
/** Up to here a run is over before it has made garbage worth a flag, and before most of what V8 would optimise has paid for that. */
const SMALL_BYTES = 16 * MB
/**
 * When V8 optimises a function of a small run, by major version of Node: after so many bytes of bytecode (67584 left alone), after so many
 * calls (3000 left alone). It takes 70 of the 200 ms CPU time of 1 MB, on other threads where there are cores to spare; with three times
 * this, 5 MB take a fifth longer. In Node 24 it makes no difference.
 */
const OPTIMISE_LATER: Readonly<Record<number, string>> = {
  20: '--interrupt-budget=300000',
  22: '--invocation-count-for-turbofan=6000',
}
/** Per cent. Left alone, garbage grows to four times what is alive: 379 MB where 241 MB do, for 2 % of CPU time (3 M frames). */
const GROWTH = 60
/** Whose V8 knows it; others would complain. */
const LETS_GARBAGE_GROW = [20, 21, 22, 23, 24, 25, 26]
/**
 * From so many bytes on the space for new objects is to grow no more, by major version of Node. V8 lets it grow to 128 MB there (up to
 * Node 23: to 32); the later ones go on up to 32 MB when they are told at 6. 3 M frames of HTTP: 181 to 208 MB at the peak, 316 to 378
 * where V8 is left alone.
 */
const NEW_SPACE: Readonly<Record<number, number>> = { 24: 16 * MB, 25: 6 * MB, 26: 6 * MB }
const NO_GROWTH = '--semi-space-growth-factor=1'

/** Sets V8's flags for a run over these; a size that nobody knows may be any. */
export function setFlagsFor(sources: readonly Pick<ByteSource, 'size'>[]): void {
  const bytes = sources.reduce((sum, { size }) => sum + (size ?? Infinity), 0)
  const flag = flagFor(bytes, MAJOR)
  if (flag !== null) setFlagsFromString(flag)
}

/** The flag for so many bytes in this major version of Node; null: none. */
export function flagFor(bytes: number, major: number): string | null {
  if (bytes <= SMALL_BYTES) return OPTIMISE_LATER[major] ?? null
  return LETS_GARBAGE_GROW.includes(major) ? `--heap-growing-percent=${GROWTH}` : null
}

/** What is to be called again and again while a run goes on: V8 looks at how much the space for new objects may grow when it grows. */
export function newSpaceKeeper(
  major = MAJOR,
  sizeNow = newSpaceBytes,
  setFlag = setFlagsFromString,
): () => void {
  let until: number | undefined = NEW_SPACE[major]
  return () => {
    if (until === undefined || sizeNow() < until) return
    until = undefined
    setFlag(NO_GROWTH)
  }
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
}
