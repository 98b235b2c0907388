/** Memory of captures of several lengths: what a finished connection leaves behind, and what does not grow at all. */
import { spawnSync } from 'node:child_process'
import { measure } from './tools.js'

/** Captures of the bench that differ in nothing but their length, in frames. */
export const MEMORY_SERIES: readonly { readonly name: string; readonly frames: readonly number[] }[] = [
  { name: 'million', frames: [1.2e6, 8e6, 16e6] },
  { name: 'huge', frames: [3e6, 12e6] },
  { name: 'synflood', frames: [1e6, 3e6, 9e6] },
]

export interface MemoryRow {
  readonly name: string
  readonly frames: number
  readonly connections: number
  /** Peak resident memory of the program. */
  readonly peakMb: number
  /** JavaScript objects and buffers that are alive in the last fifth of the capture, at the least of 16 looks. */
  readonly liveMb: number
}

/** Measures one capture. Throws when a run fails, or nobody can measure its peak. */
export function memoryOf(name: string, frames: number, path: string): MemoryRow {
  const peakMb = measure([process.execPath, 'bin/pcap-why.js', '--json', path])?.peakMb ?? null
  const command = ['--expose-gc', '--import', 'tsx', 'scripts/bench/live.ts', path]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`live.ts failed on ${path}: ${stderr}`)
  if (peakMb === null) throw new Error(`no peak for ${path}: it failed, or /usr/bin/time is missing`)
  const { connections, liveBytes } = JSON.parse(stdout) as { connections: number; liveBytes: number }
  return { name, frames, connections, peakMb, liveMb: liveBytes / 2 ** 20 }
}

/** The rows as a table, each with what it has more than the shorter one of its name, by connection (by frame, where they have as many). */
export function memoryTable(rows: readonly MemoryRow[]): string {
  const lines = rows.map((row, index) => {
    const before = rows[index - 1] as MemoryRow | undefined
    const { name, frames, connections, peakMb, liveMb } = row
    const more =
      before?.name === name ? `${growth(before, row, 'peakMb')} | ${growth(before, row, 'liveMb')}` : ' | '
    const cells = [
      name,
      (frames / 1e6).toFixed(1),
      connections.toLocaleString('en'),
      peakMb.toFixed(0),
      liveMb.toFixed(1),
    ]
    return `| ${cells.join(' | ')} | ${more} |`
  })
  return [
    '| capture | M frames | connections | peak MB | alive MB | peak grew by | alive grew by |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}

function growth(before: MemoryRow, after: MemoryRow, what: 'peakMb' | 'liveMb'): string {
  const bytes = (after[what] - before[what]) * 2 ** 20
  const connections = after.connections - before.connections
  return connections > 0
    ? `${rounded(bytes / connections, 0)} B a connection`
    : `${rounded(bytes / (after.frames - before.frames), 1)} B a frame`
}

/** Without the sign of a zero: what is a fraction of a byte less is the same. */
function rounded(value: number, digits: number): string {
  return (Number(value.toFixed(digits)) + 0).toFixed(digits)
}
