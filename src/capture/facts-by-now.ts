import { linkTypeName } from '../decode/link-types.js'
import type { CaptureFacts, Damage } from './capture-facts.js'
import type { FormatReader } from './format.js'
import type { FrameSink } from './frame-sink.js'

/** What is known of a capture while it is read. */
export interface ReadingState {
  readonly path: string
  readonly sink: FrameSink
  /** null: it cannot be told yet what the file is. */
  readonly format: FormatReader | null
  readonly gzipped: boolean
  /** Uncompressed, as far as they were read. */
  readonly fileBytes: number
  readonly truncated: boolean
  readonly damage: Damage | null
}

/** What can be told of a capture by now. */
export function factsByNow(state: ReadingState): CaptureFacts {
  const { path, sink, format, gzipped, fileBytes, truncated, damage } = state
  const interfaces = format?.interfaces ?? []
  const limits = interfaces.map((face) => face.snaplen).filter((snaplen) => snaplen > 0)
  const drops = interfaces.map((face) => face.dropped).filter((dropped) => dropped !== null)
  const { timed } = sink
  return {
    path,
    format: `${format?.format ?? ''}${gzipped ? ', gzip' : ''}`,
    linkTypes: [...new Set(interfaces.map((face) => linkTypeName(face.linkType)))],
    interfaces: interfaces.map((face, id) => ({
      id,
      name: face.name,
      linkType: linkTypeName(face.linkType),
      snaplen: face.snaplen === 0 ? null : face.snaplen,
      droppedFrames: face.dropped,
    })),
    frames: sink.frames,
    fileBytes,
    capturedBytes: sink.capturedBytes,
    wireBytes: sink.wireBytes,
    firstNs: timed ? sink.firstNs : null,
    earliestNs: timed ? sink.earliestNs : null,
    latestNs: timed ? sink.latestNs : null,
    snaplen: limits.length > 0 ? Math.min(...limits) : null,
    cutFrames: sink.cutFrames,
    backwardSteps: sink.backwardSteps,
    largestBackwardNs: sink.largestBackwardNs,
    backwardFrame: sink.backwardSteps > 0 ? sink.backwardFrame : null,
    ...{ pauses: sink.pauses, clockSteps: sink.clockSteps },
    truncated,
    damage,
    notDecoded: sink.decoder.notDecoded(),
    droppedFrames:
      drops.length > 0 ? drops.reduce((sum, dropped) => sum + dropped, 0) : (format?.dropped ?? null),
    secretBlocks: format?.secretBlocks ?? 0,
    files: format?.files ?? 1,
  }
}
