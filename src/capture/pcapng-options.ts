/** Options of pcapng blocks that matter here: an interface's name, clock and drop counts. */
import type { CaptureInterface } from './format.js'

const IF_NAME = 2
const IF_TSRESOL = 9
const IF_TSOFFSET = 14
const ISB_IFDROP = 5
const ISB_OSDROP = 7

/** A pcapng interface: its clock ticks `ticksPerSecond` times a second and counts from `offsetSeconds` after 1970. */
export interface PcapngInterface extends CaptureInterface {
  readonly ticksPerSecond: number
  readonly offsetSeconds: number
}

/** Reads an interface description block's body. */
export function readInterface(view: DataView, body: number, end: number, little: boolean): PcapngInterface {
  let name: string | null = null
  let ticksPerSecond = 1e6
  let offsetSeconds = 0
  eachOption(view, body + 8, end, little, (code, at, length) => {
    if (code === IF_NAME) {
      name = new TextDecoder()
        .decode(new Uint8Array(view.buffer, view.byteOffset + at, length))
        .replace(/\0+$/, '')
    } else if (code === IF_TSRESOL && length >= 1) {
      const resolution = view.getUint8(at)
      ticksPerSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution
    } else if (code === IF_TSOFFSET && length >= 8) {
      offsetSeconds = Number(view.getBigInt64(at, little))
    }
  })
  return {
    name,
    linkType: view.getUint16(body, little),
    snaplen: view.getUint32(body + 4, little),
    dropped: null,
    ticksPerSecond,
    offsetSeconds,
  }
}

/** Reads an interface statistics block's body into its interface; the last such block has the final counts. */
export function readStatistics(
  view: DataView,
  body: number,
  end: number,
  little: boolean,
  interfaces: readonly CaptureInterface[],
  sectionStart: number,
): void {
  const face = interfaces[sectionStart + view.getUint32(body, little)] as CaptureInterface | undefined
  if (face === undefined) return
  let dropped: number | null = null
  eachOption(view, body + 12, end, little, (code, at, length) => {
    if ((code === ISB_IFDROP || code === ISB_OSDROP) && length >= 8) {
      dropped = (dropped ?? 0) + Number(view.getBigUint64(at, little))
    }
  })
  face.dropped = dropped ?? face.dropped
}

function eachOption(
  view: DataView,
  start: number,
  end: number,
  little: boolean,
  visit: (code: number, at: number, length: number) => void,
): void {
  for (let at = start; at + 4 <= end;) {
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    if (code === 0 || at + 4 + length > end) return
    visit(code, at + 4, length)
    at += 4 + ((length + 3) & ~3)
  }
}
