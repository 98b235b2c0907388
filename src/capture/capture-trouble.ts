/** What is said of files that can't be read at all. */
import { CaptureError } from '../errors.js'
import type { FormatReader } from './format.js'

/** What to do with what was made of a capture. */
const OF_CAPTURE = 'name the capture that it was made of'
const SAVED = `${OF_CAPTURE}; verify compares with a report that --json saved: pcap-why verify fresh.pcap --before saved.json`

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
  ['{\n  "schema": "pcap-why/', 'a saved report of pcap-why', SAVED],
  ['{\n "schema": "pcap-why/', 'a saved answer of pcap-why', SAVED],
  ['{"type":"flow",', 'a saved report of pcap-why, as lines', SAVED],
  ['{"type":"summary",', 'a saved report of pcap-why, as lines', SAVED],
  ['{', 'a JSON document', OF_CAPTURE],
  ['<!doctype html', 'a web page', OF_CAPTURE],
  ['<svg ', 'a picture', OF_CAPTURE],
  ['# Why connections ended', 'a report of pcap-why', OF_CAPTURE],
]

/** Its magic stands behind more bytes than are looked at: the name has to tell. */
const TAR = ['', 'a tar archive', 'unpack it first: tar xf'] as const

/** A source's name as messages begin with it. */
export function shown(path: string): string {
  return path === '-' ? 'standard input' : path
}

/** Not one byte. */
export function emptyFile(path: string): CaptureError {
  const hint =
    path === '-'
      ? 'tcpdump -w - writes a header at once: did it start?'
      : 'was the capture started and stopped cleanly?'
  return new CaptureError(`${shown(path)}: empty, not even a file header`, {
    code: 'empty',
    path,
    offset: 0,
    hint,
  })
}

/** First bytes of no format that is read. */
export function unknownFormat(start: Uint8Array, path: string): CaptureError {
  const latin = String.fromCharCode(...start)
  const other = /\.(tar(\.gz)?|tgz)$/i.test(path) ? TAR : OTHERS.find(([magic]) => latin.startsWith(magic))
  const detail = { code: 'unknown-format', path, offset: 0 } as const
  if (other !== undefined)
    return new CaptureError(`${shown(path)}: ${other[1]}, not a capture`, { ...detail, hint: other[2] })
  if (isText(start)) {
    const hint = 'tcpdump prints text unless it is told to write packets: tcpdump -w file.pcap'
    return new CaptureError(`${shown(path)}: a text file, not a capture`, { ...detail, hint })
  }
  const hex = [...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const hint = 'pcap, pcapng and snoop are read, plain or gzipped; editcap -F pcap converts others'
  return new CaptureError(`${shown(path)}: not a capture file (it begins with ${hex})`, { ...detail, hint })
}

/** Link types people do capture and that hold no IP. */
const NO_IP: ReadonlyMap<number, string> = new Map([
  [165, 'BACnet'],
  [187, 'Bluetooth'],
  [189, 'USB'],
  [195, 'IEEE 802.15.4'],
  [201, 'Bluetooth'],
  [220, 'USB'],
  [227, 'CAN bus'],
  [230, 'IEEE 802.15.4'],
  [231, 'D-Bus'],
  [249, 'USB'],
  [251, 'Bluetooth'],
  [253, 'netlink'],
  [255, 'Bluetooth'],
  [271, 'virtual sockets'],
])

/** A link type that holds no IP, or not so that we could find it. */
export function unknownLinkType(path: string, linkType: number): CaptureError {
  const name = NO_IP.get(linkType)
  const what = name === undefined ? `${linkType}` : `${linkType} (${name})`
  return new CaptureError(`${shown(path)}: link type ${what} is not one that pcap-why reads IP from`, {
    code: 'unknown-link-type',
    path,
    offset: null,
    hint: 'capture on an IP interface, or with tcpdump -i any',
  })
}

/** A file of a known format whose header is cut or contradicts itself. */
export function corruptHeader(path: string, format: FormatReader, offset: number): CaptureError {
  const found = format.damage ?? 'it ends before its header does'
  return new CaptureError(`${shown(path)}: a ${format.format} file without a usable header: ${found}`, {
    code: 'corrupt',
    path,
    offset,
    hint: null,
  })
}

/** Printable characters of ASCII or above it, line ends and tabs. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every(
    (byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  )
}
