import type { FrameNumbers } from '../decode/frame-numbers.js'
import type { FramePlace } from '../result.js'

/** Where the frames of a run stand: in the run each has a number of its own, in a report it has its file's. */
export class FramePlaces {
  /** @param paths names of the captures */
  constructor(
    private readonly numbers: FrameNumbers,
    private readonly paths: readonly string[],
  ) {}

  /** A frame as a report on a flow of the capture `own` names it. */
  readonly of = (own: number, number: number): FramePlace => {
    // Nothing was captured that could be shown.
    if (number === 0) return { frame: 0 }
    const { capture, frame } = this.numbers.of(number)
    return capture === own ? { frame } : { frame, capture }
  }

  /** The same as words that follow `frame`: `5`, or `5 of b.pcap` when it stands in another file. */
  readonly name = (own: number, number: number): string => {
    const { frame, capture } = this.of(own, number)
    return capture === undefined ? String(frame) : `${frame} of ${this.paths[capture]}`
  }
}
