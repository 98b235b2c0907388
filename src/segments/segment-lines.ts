import type { RunClock } from '../capture/run-clock.js'
import { MARK_BITS, marksText } from '../flow/marks.js'
import { SegmentMarks } from '../flow/segment-marks.js'
import { SegmentSides } from '../flow/segment-sides.js'
import type { SegmentWatcher } from '../flow/segment-watcher.js'
import type { WiresharkRules } from '../flow/wireshark-rules.js'
import { field, LineWriter, plain } from './line-writer.js'

/** tcpdump's letters for the flag bits, from the lowest on; the ninth is the accurate-ECN bit. */
const FLAG_LETTERS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W', 'e']
const FLAGS = Array.from({ length: 512 }, (_, bits) =>
  field(FLAG_LETTERS.filter((_letter, bit) => bits & (1 << bit)).join('') || 'none'),
)
const CLIENT = field('client')
const SERVER = field('server')
/** All fields of a line but the marks at their longest. */
const LONGEST_NUMBERS = 128

/** Writes a line for each segment that the tracker sees. */
export class SegmentLines implements SegmentWatcher {
  private readonly marks: SegmentMarks
  private readonly sides = new SegmentSides()
  private readonly writer = new LineWriter()
  /** Fields of marks by their bits. */
  private readonly markFields = new Map<number, Uint8Array>()
  /** The run's epoch: whole seconds since 1970, and nanoseconds. */
  private epochSeconds: number | null = null
  private epochNs = 0
  /** The second that was written last, and its digits. */
  private second = NaN
  private secondText: Uint8Array = new Uint8Array(0)

  /** The last field of the lines that follow; null: marks are the last. */
  private file: Uint8Array | null = null

  constructor(
    private readonly clock: RunClock,
    rules: WiresharkRules | undefined,
  ) {
    this.marks = new SegmentMarks(rules)
  }

  /** The segments that follow are of this file, counted from 1, and every line says so. Once told, it has to be told of all. */
  fileIs(number: number): void {
    this.file = field(String(number), true)
  }

  segment(...[batch, row, flow, side, reused, copy]: Parameters<SegmentWatcher['segment']>): void {
    const { writer } = this
    const marks = this.markField(
      copy ? MARK_BITS.duplicate_capture : this.marks.mark(batch, row, flow, side, reused),
    )
    writer.reserve(LONGEST_NUMBERS + marks.length)
    writer.number(batch.frame[row])
    this.time(batch.timeNs[row])
    writer.number(flow)
    writer.text(this.sides.isClient(batch, row, flow, side) ? CLIENT : SERVER)
    writer.text(FLAGS[batch.flags[row] & 0x1ff])
    writer.number(batch.seq[row])
    writer.number(batch.ack[row])
    writer.number(batch.payloadLength[row])
    writer.number(batch.window[row])
    writer.text(marks)
    if (this.file !== null) writer.text(this.file)
  }

  /** The lines since the last call. */
  take(): string {
    return this.writer.take()
  }

  private markField(marks: number): Uint8Array {
    let bytes = this.markFields.get(marks)
    if (bytes === undefined) {
      bytes = field(marksText(marks), this.file === null)
      this.markFields.set(marks, bytes)
    }
    return bytes
  }

  /** Seconds since 1970 with nine decimals; more than 104 days from the run's first frame they are exact to the microsecond only. */
  private time(timeNs: number): void {
    if (this.epochSeconds === null) {
      this.epochSeconds = Number(this.clock.epochNs / 1_000_000_000n)
      this.epochNs = Number(this.clock.epochNs % 1_000_000_000n)
    }
    const sinceEpochSecond = this.epochNs + timeNs
    const seconds = Math.floor(sinceEpochSecond / 1e9)
    let rest = Math.round(sinceEpochSecond - seconds * 1e9)
    if (Math.abs(timeNs) > Number.MAX_SAFE_INTEGER) {
      rest = Math.min(Math.round(rest / 1000) * 1000, 999_999_000)
    }
    if (seconds !== this.second) {
      this.second = seconds
      this.secondText = plain(String(this.epochSeconds + seconds))
    }
    this.writer.text(this.secondText)
    this.writer.nanoseconds(rest)
  }
}
