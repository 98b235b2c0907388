/** Tells the format of a capture from its first bytes. */
import { CaptureError } from '../errors.js'
import type { FormatReader } from './format.js'
import { PcapReader, pcapByteOrder } from './pcap.js'
import { PcapngReader, isPcapng } from './pcapng.js'
import { SnoopReader, isSnoop } from './snoop.js'

/** Bytes that are enough to tell a format (fewer only if the file is that short). */
export const SNIFF_BYTES = 24

/** Formats that are known and not read: their first bytes as text of Latin-1 characters, and what to do. */
const OTHERS: readonly (readonly [magic: string, what: string, hint: string])[] = [
  ['\x28\xb5\x2f\xfd', 'Zstandard-compressed', 'decompress it first: zstd -d'],
  ['\x04\x22\x4d\x18', 'LZ4-compressed', 'decompress it first: lz4 -d'],
  ['\xfd7zXZ', 'xz-compressed', 'decompress it first: xz -d'],
  ['BZh', 'bzip2-compressed', 'decompress it first: bunzip2'],
  ['PK\x03\x04', 'a zip archive', 'unpack it first'],
  ['GMBU', 'a Network Monitor capture', 'convert it first: editcap -F pcap'],
  ['RTSS', 'a Network Monitor capture', 'convert it first: editcap -F pcap'],
  ['XCP\0', 'a NetXRay capture', 'convert it first: editcap -F pcap'],
  ['TRSNIFF data', 'a Sniffer capture', 'convert it first: editcap -F pcap'],
  ['\x7fELF', 'a program', 'name a capture file: tcpdump -w file.pcap'],
]

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

function emptyFile(path: string): CaptureError {
  const hint =
    path === '-'
      ? 'tcpdump -w - writes a header at once: did it start?'
      : 'was the capture started and stopped cleanly?'
  return new CaptureError(`${path}: empty, not even a file header`, { code: 'empty', path, offset: 0, hint })
}

function unknownFormat(start: Uint8Array, path: string): CaptureError {
  const latin = String.fromCharCode(...start)
  const other = OTHERS.find(([magic]) => latin.startsWith(magic))
  const detail = { code: 'unknown-format', path, offset: 0 } as const
  if (other !== undefined)
    return new CaptureError(`${path}: ${other[1]}, not a capture`, { ...detail, hint: other[2] })
  if (isText(start)) {
    const hint = 'tcpdump prints text unless it is told to write packets: tcpdump -w file.pcap'
    return new CaptureError(`${path}: a text file, not a capture`, { ...detail, hint })
  }
  const hex = [...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const hint = 'pcap, pcapng and snoop are read, plain or gzipped; editcap -F pcap converts others'
  return new CaptureError(`${path}: not a capture file (it begins with ${hex})`, { ...detail, hint })
}

/** Printable characters of ASCII or above it, line ends and tabs. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every(
    (byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  )
}
