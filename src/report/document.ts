/**
 * The machine output as types: what `--json` and the lines of `--ndjson` hold. `npm run schema` makes the JSON Schema of the package
 * from them. Types only, called as in the result, without what that keeps for findings and pictures.
 */
import type * as result from '../result.js'

/** Why a flow ended. */
export interface Verdict extends Omit<result.Verdict, 'told'> {}

/** A flow as printed: its ladder only where it was asked for or the flow is a finding's example. */
export type FlowDocument = Omit<
  result.FlowReport,
  'ladder' | 'ladderOmitted' | 'ladderGaps' | 'consequence' | 'unansweredSince' | 'verdict'
> &
  Partial<Pick<result.FlowReport, 'ladder' | 'ladderOmitted' | 'ladderGaps'>> & { readonly verdict: Verdict }

/** Like flows with one cause. */
export interface Finding extends Omit<result.Finding, 'timerLine'> {}

/** Whether the side of a leg that reuses connections gives up idle ones before the other side does. */
export interface LegOrder extends Omit<result.LegOrder, 'fixInWords'> {}

/** The one document of `--json`. */
export interface ReportDocument extends Omit<
  result.Report,
  'findings' | 'flows' | 'legs' | 'linked' | 'overview' | 'carried'
> {
  readonly findings: readonly Finding[]
  readonly flows: readonly FlowDocument[]
  /** Each reused leg with the order of its keep-alive timers; absent: not reckoned. */
  readonly legs?: readonly LegOrder[]
}

/** The last line of `--ndjson`. */
export type SummaryLine = { readonly type: 'summary' } & result.Report['summary'] &
  Pick<result.Report, 'schema' | 'version' | 'captures' | 'chain' | 'timers' | 'exposure'> &
  Pick<ReportDocument, 'legs'>

/** Any line of `--ndjson`. */
export type ReportLine =
  | ({ readonly type: 'flow' } & FlowDocument)
  | ({ readonly type: 'finding' } & Finding)
  | ({ readonly type: 'request' } & result.FailedRequest)
  | SummaryLine
