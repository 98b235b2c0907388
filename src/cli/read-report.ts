/** From the names of captures to a Report: opens, watches, analyses, lets go. */
import type { AnalyzeOptions } from '../analyze.js'
import { analyze } from '../analyze.js'
import { openSource } from '../capture/file-source.js'
import type { ByteSource } from '../capture/source.js'
import type { FlowReport, Report } from '../result.js'
import { captureNames } from './capture-names.js'
import { elapsedMs } from './clock.js'
import { diagnostics } from './diagnostics.js'
import { note } from './failure.js'
import { Progress, type ProgressScreen } from './progress.js'
import { UsageError } from './usage-error.js'
import { newSpaceKeeper, setFlagsFor } from './v8-flags.js'
import { Interruption, WatchedSource } from './watched-source.js'

/** Shows nothing. */
const SILENT: ProgressScreen = { write: () => true }

/** Throws UsageError when standard input is named and can't be read. */
export function checkStandardInput(paths: readonly string[]): void {
  const uses = paths.filter((path) => path === '-').length
  if (uses > 1) throw new UsageError('standard input can be read only once: - is named twice')
  if (uses === 1 && process.stdin.isTTY) {
    throw new UsageError(
      'standard input is a terminal, not a capture',
      'pipe one into it: tcpdump -i any -w - tcp | pcap-why -',
    )
  }
}

/** Who asks to stop: a user, and whoever ends services (timeout, systemd, a container). */
const STOPS = ['SIGINT', 'SIGTERM'] as const

/**
 * The first asking: stop reading and show what there is. From then on, and once there is nothing more to read, the system does what it
 * does to programs that don't listen: a listener is not heard before a long computation is over.
 */
function listenForInterrupt(stop: Interruption, progress: Progress): () => void {
  const unlisten = (): void => STOPS.forEach((signal) => process.off(signal, onSignal))
  const onSignal = (): void => {
    unlisten()
    progress.end()
    diagnostics().write(note('interrupted: this is what was read so far', 'once more to leave at once'))
    stop.raise()
  }
  for (const signal of STOPS) process.on(signal, onSignal)
  return unlisten
}

/** Drawn from the system when the program starts; loading Node's cryptography for it would take 7 ms of each run. */
function hashSeed(): number {
  return Math.floor(Math.random() * 2 ** 32)
}

/** Where reports of flows go while the reading goes on. */
export interface LiveOutput {
  /** Takes one; the progress line is out of the way. */
  readonly show: (flow: FlowReport) => void
  /** What to wait for before more is read; null: nothing. */
  readonly ready: () => Promise<void> | null
  /** Nobody takes any more: the reading may end. */
  readonly left: () => boolean
}

/**
 * Reads and judges all captures. Throws CaptureError and UsageError. `quiet`: no progress. `live`: takes flows while the reading goes
 * on; those are not in the report when `options.keepFlows` is false.
 */
export async function readReport(
  paths: readonly string[],
  options: AnalyzeOptions,
  quiet: boolean,
  live: LiveOutput | null = null,
): Promise<Report> {
  checkStandardInput(paths)
  const sources: ByteSource[] = []
  const stop = new Interruption()
  try {
    for (const path of await captureNames(paths)) sources.push(openSource(path))
    setFlagsFor(sources)
    const progress = new Progress(quiet ? () => SILENT : diagnostics, elapsedMs)
    const unlisten = listenForInterrupt(stop, progress)
    try {
      const ready = (): Promise<void> | null => {
        if (live?.left() === true) stop.raise()
        return live?.ready() ?? null
      }
      let onQuiet: (forNs: number) => void = () => {}
      const unread = new Set<WatchedSource>()
      const onEnd = (source: WatchedSource): void => {
        unread.delete(source)
        if (unread.size === 0) unlisten()
      }
      const watching = {
        ...{ ready, onEnd },
        ...(live !== null && { onQuiet: (forNs: number) => onQuiet(forNs) }),
      }
      const watched = sources.map((source) => new WatchedSource(source, stop, watching))
      for (const source of watched) unread.add(source)
      const keepNewSpace = newSpaceKeeper()
      const onProgress = (done: number, total: number | null): void => {
        keepNewSpace()
        progress.show(done, total)
      }
      const onFlow = (flow: FlowReport): void => {
        progress.end()
        live?.show(flow)
      }
      return await analyze(watched, {
        ...options,
        hashSeed: hashSeed(),
        onProgress,
        signal: stop,
        ...(live !== null && { onFlow, whenQuiet: (listener) => (onQuiet = listener) }),
      })
    } finally {
      progress.end()
      unlisten()
    }
  } finally {
    for (const source of sources) source.close()
  }
}
