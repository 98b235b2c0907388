/** Frames that get numbers together: few enough that each of a million files can have a block of its own within 32 bits. */
const BLOCK = 4096

/** A frame as its file numbers it, which is how Wireshark shows it. */
export interface NumberedFrame {
  /** Index into the sources of the run. */
  readonly capture: number
  /** 1-based. */
  readonly frame: number
}

/**
 * Numbers the frames of a run so that no two have the same: every file numbers its own from 1, and a connection goes on from one file of a
 * rotation to the next. A file that follows another gets higher numbers. A run of one capture does without: its numbers are the file's.
 */
export class FrameNumbers {
  /** By block of numbers: whose frames they are, and which block of that file. */
  readonly #captures: number[] = []
  readonly #blocks: number[] = []

  /** Numbers for the frames of one capture. */
  lane(capture: number): FrameLane {
    return new FrameLane((block) => {
      this.#blocks.push(block)
      return (this.#captures.push(capture) - 1) * BLOCK
    })
  }

  /** The frame that has a number. */
  of(number: number): NumberedFrame {
    const at = Math.floor((number - 1) / BLOCK)
    const capture = this.#captures[at]
    if (capture === undefined) return { capture: 0, frame: number }
    return { capture, frame: number + (this.#blocks[at] - at) * BLOCK }
  }
}

/** The numbers of one capture's frames. */
export class FrameLane {
  #block = -1
  /** What a frame's number in the run has more than in its file, within the block. */
  #more = 0

  /** @param begin begins a block of numbers for a block of the file; gives how many come before it */
  constructor(private readonly begin: (block: number) => number) {}

  /** Number in the run of a frame of the file; to be asked in the file's order. */
  numberOf(frame: number): number {
    const block = Math.floor((frame - 1) / BLOCK)
    if (block !== this.#block) {
      this.#block = block
      this.#more = this.begin(block) - block * BLOCK
    }
    return frame + this.#more
  }
}
