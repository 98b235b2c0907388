/**
 * The machine output as types: what `--json` and the lines of `--ndjson` hold. `npm run schema` makes the JSON Schema of the package
 * from them. Types only.
 */
import type { FailedRequest, Finding, FlowReport, Report } from '../result.js'

/** A flow as printed: its ladder only where it was asked for or the flow is a finding's example. */
export type FlowDocument = Omit<FlowReport, 'ladder' | 'ladderOmitted' | 'ladderGaps' | 'consequence'> &
  Partial<Pick<FlowReport, 'ladder' | 'ladderOmitted' | 'ladderGaps'>>

/** The one document of `--json`. */
export interface ReportDocument extends Omit<Report, 'flows' | 'linked' | 'overview' | 'carried'> {
  readonly flows: readonly FlowDocument[]
}

/** The last line of `--ndjson`. */
export type SummaryLine = { readonly type: 'summary' } & Report['summary'] &
  Pick<Report, 'schema' | 'version' | 'captures' | 'chain' | 'timers' | 'legs' | 'exposure'>

/** Any line of `--ndjson`. */
export type ReportLine =
  | ({ readonly type: 'flow' } & FlowDocument)
  | ({ readonly type: 'finding' } & Finding)
  | ({ readonly type: 'request' } & FailedRequest)
  | SummaryLine
