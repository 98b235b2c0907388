import type { FlowReport } from '../result.js'
import type { Step } from './steps.js'

/** `#4`, `#7–22` (frames of other flows may lie in between); the file's number in front when there are several. */
export function framesOf(
  { first, frame, kind, lastFrame, leg, rows, time }: Step,
  manyFiles: boolean,
): string {
  const named = (file: number, number: number): string => (manyFiles ? `${file + 1}:${number}` : `${number}`)
  const own = kind === 'handshake' ? rows : rows.filter((row) => row.from === first.from)
  const latest = own.reduce((a, b) => (b.lastTime >= a.lastTime ? b : a), first)
  const [file, lastFile] = [fileAt(leg.flow, time), fileAt(leg.flow, latest.lastTime)]
  // Numbers begin anew in each file: the greatest is not the last.
  if (file !== lastFile) return `#${named(file, frame)}–${named(lastFile, latest.lastFrame)}`
  return frame === lastFrame ? `#${named(file, frame)}` : `#${named(file, frame)}–${lastFrame}`
}

/** The file in which the frames of a flow are numbered at a time, seconds since the first capture's start; index into `captures`. */
export function fileAt({ capture, later = [] }: FlowReport, time: number): number {
  return later.findLast(({ from }) => time >= from)?.capture ?? capture
}

/** All files in which frames of these flows are numbered, in order. */
export function filesOf(flows: readonly FlowReport[]): number[] {
  const files = flows.flatMap(({ capture, later = [] }) => [capture, ...later.map((one) => one.capture)])
  return [...new Set(files)].sort((a, b) => a - b)
}
