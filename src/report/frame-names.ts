/** How frames are named: by the number Wireshark shows, with that of the file in front where several were read. */
import type { FlowReport, FramePlace, Report } from '../result.js'
import { showPolicy } from './policy.js'

type Files = Pick<Report, 'captures'>

/** `5`; with several files `2:5`, frame 5 of the second. `own`: the capture whose frames need not name theirs. */
export function frameName({ captures }: Files, own: number, { frame, capture = own }: FramePlace): string {
  return captures.length > 1 ? `${capture + 1}:${frame}` : String(frame)
}

/** What `2:5` means, in the names of this report; null: only one file was read. */
export function framesNote({ captures }: Files): string | null {
  const [, second] = captures
  return second === undefined ? null : `2:7 is frame 7 of the second file, ${second.file}`
}

/** Every place that proves a flow's verdict or ended it. */
export function provingPlaces({ close, verdict }: FlowReport): FramePlace[] {
  return [...verdict.evidence, close.lastData, close.first, close.second].filter((place) => place !== null)
}

/**
 * The files in which frames shown of a flow and of those linked to it are numbered, as `2` and `b.pcap`; none when only one file was read.
 */
export function filesOfFlow(report: Report, flow: FlowReport): (readonly [number: string, file: string])[] {
  const { captures, flows, linked = [] } = report
  if (captures.length < 2) return []
  const streams = new Set(flow.links.map(({ stream }) => stream))
  const others = [...flows, ...linked].filter(({ stream }) => streams.has(stream))
  const named = [flow, ...others]
    .flatMap((one) => [one, ...provingPlaces(one), ...(one.later ?? [])])
    .flatMap(({ capture }) => capture ?? [])
  const files = [...new Set(named)].sort((a, b) => a - b)
  const left = files.length - showPolicy.files
  const listed = files
    .slice(0, showPolicy.files)
    .map((capture): [string, string] => [String(capture + 1), captures[capture]?.file ?? ''])
  return left > 0 ? [...listed, ['…', `and ${left} more`]] : listed
}
