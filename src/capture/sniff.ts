/** Tells the format of a capture from its first bytes. */
import { emptyFile, unknownFormat } from './capture-trouble.js'
import type { FormatReader } from './format.js'
import { PcapReader, pcapByteOrder } from './pcap.js'
import { PcapngReader, isPcapng } from './pcapng.js'
import { SnoopReader, isSnoop } from './snoop.js'

/** Bytes that are enough to tell a format (fewer only if the file is that short). */
export const SNIFF_BYTES = 24

/** Whether the bytes begin gzip data (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8
}

/** A reader for the format that `start` (the first bytes of the file, at most SNIFF_BYTES) begins; throws CaptureError for any other. */
export function readerFor(start: Uint8Array, path: string): FormatReader {
  if (start.length === 0) throw emptyFile(path)
  if (start.length >= 4) {
    const order = pcapByteOrder(start)
    if (order !== null) return new PcapReader(order)
    if (isPcapng(start)) return new PcapngReader()
    if (isSnoop(start)) return new SnoopReader()
  }
  throw unknownFormat(start, path)
}
