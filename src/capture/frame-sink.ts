import type { SegmentDecoder } from '../decode/decoder.js'
import type { RunClock } from './run-clock.js'

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

  constructor(
    readonly decoder: SegmentDecoder,
    readonly clock: RunClock,
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
    this.#account(this.clock.since(seconds, nanoseconds))
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
    this.decoder.decode(at, capturedLength, wireLength, this.lastNs, linkType, interfaceId)
  }

  #account(timeNs: number): void {
    if (!this.timed) {
      this.timed = true
      this.firstNs = this.earliestNs = this.latestNs = timeNs
    } else if (timeNs < this.lastNs) {
      this.backwardSteps++
      if (this.lastNs - timeNs > this.largestBackwardNs) this.largestBackwardNs = this.lastNs - timeNs
      if (timeNs < this.earliestNs) this.earliestNs = timeNs
    } else if (timeNs > this.latestNs) {
      this.latestNs = timeNs
    }
    this.lastNs = timeNs
  }
}
