import type { Severity, VerdictClass } from '../result.js'

/** What a line or a text stands for; colour, weight and shape follow from it. */
export type Ink = 'ink' | 'muted' | 'request' | 'response' | 'control' | 'fin' | 'reset'

/** Shape at the point of an arrow, so that grey prints tell roles apart. */
export type Head = 'data' | 'control' | 'fin' | 'rst' | 'bar'

/** `dashed`: sent again. `dotted`: a probe. */
export type Line = 'solid' | 'dashed' | 'dotted'

/** One host of the picture, left to right along the chain. */
export interface StoryHost {
  readonly name: string
  /** One or two lines of addresses. */
  readonly addresses: readonly string[]
}

/** A segment, a handshake or a run of like segments. */
export interface ArrowRow {
  readonly kind: 'arrow'
  readonly stream: number
  readonly time: number
  readonly lastTime: number
  /** Time as shown, relative to the first row. */
  readonly clock: string
  /** Indexes of lifelines. */
  readonly from: number
  readonly to: number
  readonly ink: Ink
  readonly head: Head
  readonly line: Line
  readonly strong: boolean
  /** Sent by a host between the two ends of the leg: it begins halfway. */
  readonly fromBetween: boolean
  /** What is sent, in the words of the protocol. */
  readonly label: string
  /** How much; stays when the label has to be cut. */
  readonly size: string
  /** When a run ended, if that is worth a second clock. */
  readonly untilClock: string | null
  /** `#4`, `#7–22`. */
  readonly frames: string
  /** The same as numbers to compare: those of `withOwnFrames`. */
  readonly frame: number
  readonly lastFrame: number
  /** Details for the tooltip: flags, sequence numbers, marks. */
  readonly detail: string
  readonly part: 'deciding' | 'evidence' | null
  /** Index of an earlier row that this one crossed on its way; null: horizontal. */
  readonly crosses: number | null
}

/** Time in which nothing shown was captured. */
export interface SilenceRow {
  readonly kind: 'silence'
  readonly seconds: number
  readonly label: string
  /** The same without its noun, for places with little room. */
  readonly shortLabel: string
  /** `long`: one of the silences that matter; `short`: a pause. */
  readonly size: 'long' | 'short'
  /** Lifelines between which the label stands. */
  readonly from: number
  readonly to: number
}

/** Rows that are not shown. */
export interface OmittedRow {
  readonly kind: 'omitted'
  readonly rows: number
  readonly label: string
}

/** One row of the ladder. */
export type StoryRow = ArrowRow | SilenceRow | OmittedRow

/** The timer that explains the close: from the last byte to the close. */
export interface StoryTimer {
  readonly fromRow: number
  readonly toRow: number
  /** Lifeline of the right end of the leg on which it ran. */
  readonly lifeline: number
  /** Setting, value, how sure. */
  readonly lines: readonly string[]
}

/** What the legend has to explain. */
export type LegendKey =
  | 'request'
  | 'response'
  | 'control'
  | 'fin'
  | 'reset'
  | 'error'
  | 'icmp'
  | 'retransmission'
  | 'probe'
  | 'zero-window'
  | 'crossing'
  | 'deciding'

/** One line of proof; `frames` is empty when it rests on more than this flow. */
export interface Reason {
  readonly frames: string
  readonly text: string
}

/** Everything that a picture of one flow says, before any geometry: what the SVG and the terminal show alike. */
export interface Story {
  readonly stream: number
  readonly class: VerdictClass
  readonly severity: Severity
  readonly pill: string
  /** Beside the pill: how sure, which phase, how many alike. */
  readonly aside: string
  readonly title: string
  /** File, flows, moment, vantage point. */
  readonly where: string
  /** Why we believe it: pattern first, then frames. */
  readonly why: readonly Reason[]
  readonly hosts: readonly StoryHost[]
  readonly rows: readonly StoryRow[]
  readonly timer: StoryTimer | null
  readonly fix: readonly string[]
  readonly filter: string
  /** What the picture does not show. */
  readonly notes: readonly string[]
  readonly legend: readonly LegendKey[]
}

/** What a caller may choose about the story. */
export interface StoryOptions {
  /** Most rows of the ladder; default 40. */
  readonly maxRows?: number
  /** Write relative sequence and acknowledgement numbers on the arrows. */
  readonly sequenceNumbers?: boolean
}
