import type { NotDecoded } from '../decode/decoder.js'

/** One interface a capture was taken on, as far as the file tells (classic pcap has one, without a name). */
export interface InterfaceFacts {
  /** Number in the file, over all its sections; the `interfaceId` of its segments unless the link type is LINUX_SLL2. */
  readonly id: number
  /** null when the file has none. */
  readonly name: string | null
  readonly linkType: string
  /** Bytes kept of each frame; null: no limit. */
  readonly snaplen: number | null
  /** Frames lost by the interface, or by the system before they could be written; null: the file doesn't say. */
  readonly droppedFrames: number | null
}

/** Where a capture file stops making sense; what came before has been analysed. */
export interface Damage {
  /** Offset in the (uncompressed) file of the record that can't be right. */
  readonly offset: number
  /** Frames before it. */
  readonly frame: number
  /** One sentence without a full stop: what was found there. */
  readonly found: string
}

/** A stretch without any frame. */
export interface CapturePause {
  /** When the frames before and after it were seen. */
  readonly fromNs: number
  readonly toNs: number
  /** The frame after it. */
  readonly frame: number
}

/** Where the clock of the capturing host was set back by a second or more, or a file of another time was joined: how long that took nobody knows. */
export interface ClockStep {
  /** Time goes on from here, as that of the run. */
  readonly atNs: number
  /** First frame with the new clock. */
  readonly frame: number
}

/** What is known of one capture file once it has been read. Times are nanoseconds since the epoch of the run. */
export interface CaptureFacts {
  /** As the user named it; `-` for standard input. */
  readonly path: string
  /** `pcap`, `pcap (nanoseconds)`, `pcap (modified)`, `pcapng`, `snoop`; with `, gzip` when it was compressed. */
  readonly format: string
  /** Distinct link types, in order of appearance: EN10MB, LINUX_SLL2, … */
  readonly linkTypes: readonly string[]
  readonly interfaces: readonly InterfaceFacts[]
  readonly frames: number
  /** Bytes of the file, uncompressed, as far as it was read. */
  readonly fileBytes: number
  /** Bytes of all frames as captured, and as they were on the wire. */
  readonly capturedBytes: number
  readonly wireBytes: number
  /** When the first frame in the file was seen; null when there is none. */
  readonly firstNs: number | null
  /** Earliest and latest frame, which need not be the first and the last; null when there is none. */
  readonly earliestNs: number | null
  readonly latestNs: number | null
  /** Smallest limit on frame length among the interfaces; null: none. */
  readonly snaplen: number | null
  /** Frames of which the file holds less than was sent. */
  readonly cutFrames: number
  /** Frames with a time before the frame ahead of them on the same interface, the largest such step, and the first such frame (null: none). */
  readonly backwardSteps: number
  readonly largestBackwardNs: number
  readonly backwardFrame: number | null
  /** Stretches of a day or more without any frame, the first of them: the capture was interrupted, or captures of other times were joined. */
  readonly pauses: readonly CapturePause[]
  /** Where its clock was set back, the first two times: such a clock is not to be trusted anywhere. */
  readonly clockSteps: readonly ClockStep[]
  /** The file ends in the middle of a record (a capture that was still running, or was killed). */
  readonly truncated: boolean
  /** null: the file is sound up to its end. */
  readonly damage: Damage | null
  /** Frames without a TCP segment, by reason, most frequent first. */
  readonly notDecoded: readonly NotDecoded[]
  /** Frames the capture lost; null: the file doesn't say. */
  readonly droppedFrames: number | null
  /** Blocks of TLS key logs and the like that the capture carries (pcapng decryption secrets); they are not used. */
  readonly secretBlocks: number
  /** pcap files that follow each other in it, as when one after the other was written into a pipe; 1 for all others. */
  readonly files: number
}
