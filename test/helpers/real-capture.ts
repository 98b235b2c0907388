import { readFileSync } from 'node:fs'
import type { CaptureRecord } from './capture-bytes.js'

/** A real capture as records that can be changed and written again. */
export interface RealCapture {
  readonly records: readonly CaptureRecord[]
  readonly linkType: number
}

/** Length of the link-layer header in front of IP. */
const LINK_HEADER: Readonly<Record<number, number>> = { 1: 14, 101: 0, 113: 16, 276: 20 }

/** Reads a classic little-endian pcap file of the corpus. */
export function realCapture(scenario: string): RealCapture {
  const bytes = new Uint8Array(
    readFileSync(new URL(`../../captures/${scenario}/capture.pcap`, import.meta.url)),
  )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const fraction = view.getUint32(0, true) === 0xa1b23c4d ? 1n : 1000n
  const records: CaptureRecord[] = []
  for (let at = 24; at + 16 <= bytes.length;) {
    const length = view.getUint32(at + 8, true)
    records.push({
      timeNs:
        BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, true)) * fraction,
      bytes: bytes.slice(at + 16, at + 16 + length),
      wireLength: view.getUint32(at + 12, true),
    })
    at += 16 + length
  }
  return { records, linkType: view.getUint32(20, true) }
}

/** Where IP and TCP of a frame begin; null: not TCP. */
function headers(
  { bytes }: CaptureRecord,
  linkType: number,
): { ip: number; tcp: number; v6: boolean } | null {
  const ip = LINK_HEADER[linkType] ?? 0
  const first = bytes[ip] ?? 0
  if (first >> 4 === 6) return bytes[ip + 6] === 6 ? { ip, tcp: ip + 40, v6: true } : null
  return bytes[ip + 9] === 6 ? { ip, tcp: ip + 4 * (first & 15), v6: false } : null
}

function changed(
  capture: RealCapture,
  change: (view: DataView, at: { ip: number; tcp: number; v6: boolean }) => void,
): RealCapture {
  const records = capture.records.map((record) => {
    const at = headers(record, capture.linkType)
    if (at === null) return record
    const bytes = record.bytes.slice()
    change(new DataView(bytes.buffer), at)
    return { ...record, bytes }
  })
  return { ...capture, records }
}

/** Other addresses and ports, one to one. */
export function renamed(capture: RealCapture): RealCapture {
  return changed(capture, (view, { ip, tcp, v6 }) => {
    for (const at of v6 ? [ip + 12, ip + 28] : [ip + 13, ip + 17]) view.setUint8(at, view.getUint8(at) ^ 0x15)
    for (const at of [tcp, tcp + 2]) view.setUint16(at, view.getUint16(at) ^ 6)
  })
}

/** Other initial sequence numbers, each direction its own. */
export function withOtherIsns(capture: RealCapture): RealCapture {
  return changed(capture, (view, { tcp }) => {
    const upwards = view.getUint16(tcp) < view.getUint16(tcp + 2)
    const [mine, theirs] = upwards ? [3_000_000_000, 77] : [77, 3_000_000_000]
    const flags = view.getUint8(tcp + 13)
    const refusal = (flags & 20) === 20 && view.getUint32(tcp + 4) === 0
    const add = (at: number, offset: number): void =>
      view.setUint32(at, (view.getUint32(at) + offset) % 2 ** 32)
    if (!refusal) add(tcp + 4, mine)
    if (flags & 16) add(tcp + 8, theirs)
    const end = Math.min(tcp + 4 * (view.getUint8(tcp + 12) >> 4), view.byteLength)
    for (let at = tcp + 20; at + 1 < end;) {
      const kind = view.getUint8(at)
      const length = kind < 2 ? 1 : Math.max(2, view.getUint8(at + 1))
      if (kind === 5)
        for (let edge = at + 2; edge + 4 <= at + length && edge + 4 <= end; edge += 4) add(edge, theirs)
      at += length
    }
  })
}
