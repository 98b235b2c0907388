/** `verify --svg`: finds the two flows to be drawn side by side, and draws them. */
import type { FlowReport, LegExposure, Report } from '../result.js'
import type { CauseComparison, Comparison } from '../verify/comparison.js'
import { distributionsOf, longestStream } from '../verify/distribution.js'
import { legKey, sameLegs } from '../verify/legs.js'
import { drawPicture, type PictureSide } from '../verify/picture.js'
import { readReport } from './read-report.js'
import type { Compared } from './verify-flags.js'

/** The picture of the cause that decides most; null when there is none. */
export async function pictureOf(comparison: Comparison, compared: Compared): Promise<string | null> {
  const { before, fresh } = compared
  const lead = leading(comparison)
  const cause = lead?.decides === true ? lead : comparison.causes.find((one) => one.decides)
  if (cause?.before == null || before === null) return null
  const oldLegs = (before.exposure?.legs ?? []).filter((leg) => legKey(leg) === legKey(cause.before ?? leg))
  const newLegs = sameLegs(cause.before, before.exposure?.legs ?? [], fresh.exposure?.legs ?? []).legs
  // What stands in the place of the old failure tells more than that failure's absence.
  const instead = lead?.status === 'new' ? (lead.after?.example ?? null) : null
  const stream = instead ?? freshStream(cause, newLegs)
  const report = stream === null ? null : await reportWith(compared, stream)
  return drawPicture({
    answer: comparison.answer,
    because: comparison.because,
    before: sideOf('before', before, cause.before.example),
    after: sideOf('fresh', report ?? fresh, stream),
    distributions: distributionsOf(cause, oldLegs, newLegs),
  })
}

/** The cause that the answer's sentence is about; null: none of them. */
function leading(comparison: Comparison): CauseComparison | null {
  return comparison.causes.find(({ sentence }) => comparison.because.startsWith(sentence)) ?? null
}

/** The same failure again, else what shows that it is gone, else the longest of its kind. */
function freshStream(cause: CauseComparison, legs: readonly LegExposure[]): number | null {
  if (cause.after !== null) return cause.after.example
  const shows = cause.mechanisms.find(({ stream }) => stream !== null)?.stream ?? null
  return shows ?? longestStream(cause.measures.at(-1)?.kind ?? 'connections', legs)
}

function hasLadder(report: Report, stream: number): boolean {
  return report.flows.some((flow) => flow.stream === stream && flow.ladder.length > 0)
}

/** A flow that ended well has no ladder in the report: its capture is read once more. Null: it cannot be. */
async function reportWith(compared: Compared, stream: number): Promise<Report | null> {
  if (hasLadder(compared.fresh, stream)) return compared.fresh
  if (compared.captures.includes('-')) return null
  const again = await readReport(compared.captures, { ...compared.options, flow: stream }, true)
  return compared.renamed(again)
}

/** One leg only, so that both sides show the same: the flow without its chain. */
function alone(report: Report, flow: FlowReport): Report {
  return { ...report, linked: [], flows: [{ ...flow, links: [] }] }
}

function sideOf(name: string, report: Report, stream: number | null): PictureSide {
  const files = report.captures.map((capture) => capture.file.replace(/^.*[/\\]/, '')).join(', ')
  if (stream === null) return { name, caption: files, flow: 'No connection of this kind is in the capture.' }
  const flow = report.flows.find((one) => one.stream === stream)
  if (flow === undefined || flow.ladder.length === 0) {
    const why = report.captures.some(({ file }) => file === '-')
      ? 'standard input cannot be read a second time'
      : 'the report does not hold its packets'
    return { name, caption: files, flow: `Flow ${stream} is not drawn: ${why}.` }
  }
  const caption = `${files} · flow ${flow.stream} · ${flow.verdict.summary.replace(/\.$/, '')}`
  return { name, caption, flow: { report: alone(report, flow), stream: flow.stream } }
}
