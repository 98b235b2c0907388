import type { SegmentDecoder } from '../decode/decoder.js'
import type { RunClock } from './run-clock.js'

/** Takes the frames that a format reader finds: keeps the capture's account of them and has them decoded. */
export class FrameSink {
  capturedBytes = 0
  wireBytes = 0
  cutFrames = 0
  /** Time of the first and of the last frame taken, and the extremes; all 0 as long as `frames` is 0. */
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

  /** A frame whose record has no time stamp (pcapng simple packets): it is taken to be as late as the one before it. */
  timelessFrame(
    at: number,
    capturedLength: number,
    wireLength: number,
    linkType: number,
    interfaceId: number,
  ): void {
    this.#account(this.frames === 0 ? this.clock.since(0, 0) : this.lastNs)
    this.#take(at, capturedLength, wireLength, linkType, interfaceId)
  }

  #take(at: number, capturedLength: number, wireLength: number, linkType: number, interfaceId: number): void {
    this.capturedBytes += capturedLength
    this.wireBytes += wireLength
    if (capturedLength < wireLength) this.cutFrames++
    this.decoder.decode(at, capturedLength, wireLength, this.lastNs, linkType, interfaceId)
  }

  #account(timeNs: number): void {
    if (this.decoder.frames === 0) {
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
