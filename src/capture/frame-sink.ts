import type { SegmentDecoder } from '../decode/decoder.js'
import type { RunClock } from './run-clock.js'
import type { CapturePause, ClockStep } from './capture-facts.js'
import { CLOCK_STEP_NS, CLOCK_STEPS_KEPT, PAUSE_NS, PAUSES_KEPT } from './policy.js'
import type { SteadyClock } from './steady-clock.js'

/** Takes the frames that a format reader finds: keeps the capture's account of them and has them decoded. */
export class FrameSink {
  capturedBytes = 0
  wireBytes = 0
  cutFrames = 0
  /** A frame with a time stamp has been taken; until then the times are 0. */
  timed = false
  /** Time of the first and of the last frame taken, and the extremes. */
  firstNs = 0
  lastNs = 0
  earliestNs = 0
  latestNs = 0
  backwardSteps = 0
  largestBackwardNs = 0
  /** Frame of the first such step; 0: none. */
  backwardFrame = 0
  readonly pauses: CapturePause[] = []
  readonly clockSteps: ClockStep[] = []
  /** Time of the last frame of each interface as the file has it: their buffers may be written in turns, each with a time of its own. */
  readonly #recordedNs: number[] = []

  /** Without a `steadyClock` frames have the times of the file, even where those run backwards. */
  constructor(
    readonly decoder: SegmentDecoder,
    readonly clock: RunClock,
    private readonly steadyClock: SteadyClock | null = null,
  ) {}

  get frames(): number {
    return this.decoder.frames
  }

  /** The reader has to stop: the batch is full. */
  get full(): boolean {
    return this.decoder.full
  }

  /** A frame with a time stamp. */
  frame(
    at: number,
    capturedLength: number,
    wireLength: number,
    seconds: number,
    nanoseconds: number,
    linkType: number,
    interfaceId: number,
  ): void {
    this.clock.ask(seconds, nanoseconds)
    this.#account(interfaceId)
    this.#take(at, capturedLength, wireLength, linkType, interfaceId)
  }

  /** A frame whose record has no time stamp (pcapng simple packets): it counts as seen with the one before it, or at time 0. */
  timelessFrame(
    at: number,
    capturedLength: number,
    wireLength: number,
    linkType: number,
    interfaceId: number,
  ): void {
    this.#take(at, capturedLength, wireLength, linkType, interfaceId)
  }

  /** A record that takes a frame number and is no packet. */
  otherRecord(): void {
    this.decoder.passOver()
  }

  #take(at: number, capturedLength: number, wireLength: number, linkType: number, interfaceId: number): void {
    this.capturedBytes += capturedLength
    this.wireBytes += wireLength
    if (capturedLength < wireLength) this.cutFrames++
    this.decoder.timeNs = this.lastNs
    this.decoder.decode(at, capturedLength, wireLength, linkType, interfaceId)
  }

  #account(interfaceId: number): void {
    const { steadyClock } = this
    const recordedNs = this.clock.lastNs
    const before = this.#recordedNs
    // What is asked for stands there: a look beyond the end would make a number on the heap of every time.
    while (before.length <= interfaceId) before.push(-Infinity)
    steadyClock?.note(recordedNs, interfaceId)
    const timeNs = steadyClock === null ? recordedNs : steadyClock.timeNs
    if (!this.timed) {
      this.timed = true
      this.firstNs = this.earliestNs = this.latestNs = timeNs
    } else if (recordedNs < before[interfaceId]) {
      const back = before[interfaceId] - recordedNs
      // Its frame is the one after those decoded.
      if (this.backwardSteps++ === 0) this.backwardFrame = this.frames + 1
      if (back > this.largestBackwardNs) this.largestBackwardNs = back
      if (back >= CLOCK_STEP_NS && this.clockSteps.length < CLOCK_STEPS_KEPT)
        this.clockSteps.push({ atNs: timeNs, frame: this.frames + 1 })
    }
    if (timeNs < this.earliestNs) this.earliestNs = timeNs
    if (timeNs > this.latestNs) this.#passTo(timeNs)
    before[interfaceId] = recordedNs
    this.lastNs = timeNs
  }

  #passTo(timeNs: number): void {
    if (timeNs - this.latestNs >= PAUSE_NS && this.pauses.length < PAUSES_KEPT)
      this.pauses.push({ fromNs: this.latestNs, toNs: timeNs, frame: this.frames + 1 })
    this.latestNs = timeNs
  }
}
