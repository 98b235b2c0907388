import type { FlowReport, FramePlace, LadderRow, Report } from '../result.js'
import type { Step } from './steps.js'

/** More frames than any file has: what a file's number is multiplied by, so that every frame of a run has a number of its own. */
const FILE = 2 ** 32

/** Of one file the numbers stay as they are. */
function numberOf(capture: number, frame: number): number {
  return capture * FILE + frame
}

const numbered = new WeakMap<Report, Report>()

/**
 * The report with frames that are numbered through all files: only so can they be compared, for each file numbers its own from 1, and a
 * flow of a rotation goes on in the next. `shownFrame` gives the number in the file again. Of one file: the report itself.
 */
export function withOwnFrames(report: Report): Report {
  if (report.captures.length < 2) return report
  let found = numbered.get(report)
  if (found === undefined) {
    found = {
      ...report,
      flows: report.flows.map(flowWithOwnFrames),
      ...(report.linked && { linked: report.linked.map(flowWithOwnFrames) }),
    }
    numbered.set(report, found)
  }
  return found
}

function flowWithOwnFrames(flow: FlowReport): FlowReport {
  const own = <T extends FramePlace>(place: T): T => ({
    ...place,
    frame: numberOf(place.capture ?? flow.capture, place.frame),
  })
  const { close, verdict } = flow
  const { first, second, lastData } = close
  return {
    ...flow,
    close: {
      ...close,
      first: first && own(first),
      second: second && own(second),
      lastData: lastData && own(lastData),
    },
    verdict: { ...verdict, evidence: verdict.evidence.map(own) },
    ladder: flow.ladder.map((row) => rowWithOwnFrames(own(row), flow.capture)),
  }
}

function rowWithOwnFrames(row: LadderRow, capture: number): LadderRow {
  const { lastCapture = capture, crossesCapture = capture, answersCapture = capture, answers = null } = row
  return {
    ...row,
    lastFrame: numberOf(lastCapture, row.lastFrame),
    crosses: row.crosses === null ? null : numberOf(crossesCapture, row.crosses),
    ...(answers !== null && { answers: numberOf(answersCapture, answers) }),
  }
}

/** A frame of `withOwnFrames` as the reader finds it: `4`, with several files `2:4`. */
export function shownFrame(number: number, manyFiles: boolean): string {
  const file = Math.floor(number / FILE)
  return manyFiles ? `${file + 1}:${number - file * FILE}` : String(number % FILE)
}

/** `#4`, `#7–22` (frames of other flows may lie in between); the file's number in front when there are several. */
export function framesOf({ first, frame, kind, lastFrame, rows }: Step, manyFiles: boolean): string {
  const own = kind === 'segments' ? rows.filter((row) => row.from === first.from) : rows
  const latest = own.reduce((a, b) => (b.lastTime >= a.lastTime ? b : a), first)
  const from = `#${shownFrame(frame, manyFiles)}`
  // Files may have been named in any order: the greatest number need not be the last.
  if (fileOf(frame) !== fileOf(latest.lastFrame)) return `${from}–${shownFrame(latest.lastFrame, manyFiles)}`
  return frame === lastFrame ? from : `${from}–${shownFrame(lastFrame, false)}`
}

function fileOf(number: number): number {
  return Math.floor(number / FILE)
}

/** All files in which frames of these flows are numbered, in order. */
export function filesOf(flows: readonly FlowReport[]): number[] {
  const files = flows.flatMap(({ capture, later = [], verdict }) => [
    capture,
    ...later.map((one) => one.capture),
    ...verdict.evidence.flatMap((one) => one.capture ?? []),
  ])
  return [...new Set(files)].sort((a, b) => a - b)
}
