import type { CaptureFacts, ClockStep } from '../capture/capture-facts.js'
import { PAUSE_NS } from '../capture/policy.js'
import { append } from '../chain/lists.js'
import type { FrameNumbers } from '../decode/frame-numbers.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Clocks } from './clocks.js'
import { judgingPolicy } from './policy.js'
import type { FlowReport } from '../result.js'

const NO_PAUSES: readonly number[] = []

interface Span {
  readonly vantage: number
  readonly firstNs: number
  latestNs: number
}

/** When each capture of a run was taken, and where: files of a rotation follow each other at one place, and flows go on in the next. */
export class CaptureSpans {
  private readonly spans: (Span | undefined)[] = []
  private readonly steps: (readonly ClockStep[])[] = []
  /** Places where the clock was set back. */
  private readonly stepped = new Set<number>()
  /** Latest moment by place. */
  private readonly vantageEnds = new Map<number, number>()
  /** By place, the last moments before stretches in which nothing was captured there. */
  private readonly pauses = new Map<number, number[]>()

  /** @param paths names of the captures */
  constructor(
    private readonly paths: readonly string[],
    private readonly clocks: Clocks,
    private readonly numbers: FrameNumbers,
  ) {}

  /**
   * Whether the clock was set back between the frames of a flow, so that what lay between them cannot be measured. A clock that was set
   * back more than once was set forward, too, or captures of other times were joined: nothing can be measured there. Known at the end only.
   */
  setBackWithin({ capture, firstFrame, endNs, sides }: FlowFacts): boolean {
    const own = this.spans[capture]
    const [step, another] = this.steps[capture] ?? []
    if (another !== undefined) return true
    const last = this.numbers.of(
      Math.max(sides.client.lastSegment?.frame ?? 0, sides.server.lastSegment?.frame ?? 0),
    )
    // Of a flow that goes on in later files, any step there may lie within it.
    const goesOn = own !== undefined && endNs > own.latestNs
    const within =
      step !== undefined &&
      this.numbers.of(firstFrame).frame < step.frame &&
      (last.capture !== capture || last.frame >= step.frame)
    return within || (goesOn && this.stepped.has(own.vantage))
  }

  /** Until when a flow of this capture that was last seen at `ns` could have gone on: its place was watched so long without a pause. */
  captureEndOf(capture: number, ns: number): number {
    const vantage = this.spans[capture]?.vantage
    if (vantage === undefined) return ns
    let endNs = this.vantageEnds.get(vantage) ?? ns
    for (const fromNs of this.pauses.get(vantage) ?? NO_PAUSES)
      if (fromNs >= ns && fromNs < endNs) endNs = fromNs
    return endNs
  }

  /** Captures with the same number have clocks that agree, or whose difference is reckoned with. */
  clockOf(capture: number): number {
    return this.clocks.groupOf(capture, this.vantageOf)
  }

  /** What is to be known of a capture's clock; null: nothing. */
  clockWords(capture: number): string | null {
    return this.clocks.wordsOf(capture, this.vantageOf)
  }

  private readonly vantageOf = (capture: number): number | null => this.spans[capture]?.vantage ?? null

  /** Segments of a capture, or its last frame. */
  note(capture: number, vantage: number, fromNs: number, toNs: number): void {
    const ended = this.vantageEnds.get(vantage)
    if (this.spans[capture] === undefined && ended !== undefined && fromNs - ended >= PAUSE_NS)
      this.notePause(vantage, ended)
    const span = (this.spans[capture] ??= { vantage, firstNs: fromNs, latestNs: toNs })
    span.latestNs = Math.max(span.latestNs, toNs)
    this.vantageEnds.set(vantage, Math.max(this.vantageEnds.get(vantage) ?? toNs, toNs))
  }

  /** The capture ends here, as its frames that hold no segment tell. */
  noteEnd(capture: number, read: Pick<CaptureFacts, 'latestNs' | 'clockSteps' | 'pauses'>): void {
    this.steps[capture] = read.clockSteps
    const latestNs = read.latestNs ?? -Infinity
    const span = this.spans[capture]
    if (span !== undefined) {
      if (read.clockSteps.length > 0) this.stepped.add(span.vantage)
      for (const { fromNs, toNs } of read.pauses)
        if (!this.sawElse(span, fromNs, toNs)) this.notePause(span.vantage, fromNs)
      // What was open then could be watched up to there.
      if (read.clockSteps.length === 1) this.notePause(span.vantage, read.clockSteps[0].atNs)
      this.note(capture, span.vantage, span.firstNs, latestNs)
    } else if (this.vantageEnds.size === 1)
      // A file of a rotation without any segment: nothing happened there for so long.
      for (const [vantage, endNs] of this.vantageEnds)
        this.vantageEnds.set(vantage, Math.max(endNs, latestNs))
  }

  /** Whether another capture of its place has frames of that time. */
  private sawElse(span: Span, fromNs: number, toNs: number): boolean {
    return this.spans.some(
      (other) =>
        other !== undefined &&
        other !== span &&
        other.vantage === span.vantage &&
        other.firstNs < toNs &&
        other.latestNs > fromNs,
    )
  }

  private notePause(vantage: number, fromNs: number): void {
    append(this.pauses, vantage, fromNs)
  }

  /**
   * A report that says from when on its frames are numbered in another file than the one the flow began in.
   * @param startNs time that counts as 0
   */
  named(report: FlowReport, startNs: number): FlowReport {
    const own = this.spans[report.capture]
    if (own === undefined || this.spans.length < 2) return report
    const { close, ladder } = report
    const told = new Set(
      [close.first, close.second, close.lastData, ...ladder].flatMap((place) => place?.capture ?? []),
    )
    for (const { lastCapture } of ladder) if (lastCapture !== undefined) told.add(lastCapture)
    const files = [...told]
      .map((capture) => ({ capture, from: ((this.spans[capture]?.firstNs ?? startNs) - startNs) / 1e9 }))
      .sort((a, b) => a.from - b.from)
    if (files.length === 0) return report
    const remarks = files
      .slice(0, judgingPolicy.filesNamed)
      .map(
        ({ capture, from }) =>
          `from ${from.toFixed(3)} s on its frames are numbered in ${this.paths[capture]}`,
      )
    const more = files.length - remarks.length
    if (more > 0) remarks.push(`later frames are numbered in ${more} more ${more === 1 ? 'file' : 'files'}`)
    const { verdict } = report
    return { ...report, later: files, verdict: { ...verdict, remarks: [...verdict.remarks, ...remarks] } }
  }
}
