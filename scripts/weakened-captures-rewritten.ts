/** The same capture written in another way: nothing that a verdict rests on is changed. */
import { LINK_HEADER, RECORD_HEADER, type RawCapture } from './weakened-captures.js'

const SLL2 = 276

/** One frame as a file holds it. */
interface Frame {
  readonly seconds: number
  readonly fraction: number
  readonly wire: number
  readonly bytes: Uint8Array
}

function framesOf({ records }: RawCapture): Frame[] {
  return records.map((record) => {
    const view = new DataView(record.buffer, record.byteOffset)
    return {
      seconds: view.getUint32(0, true),
      fraction: view.getUint32(4, true),
      wire: view.getUint32(12, true),
      bytes: record.subarray(RECORD_HEADER),
    }
  })
}

function pcap(raw: RawCapture, frames: readonly Frame[], little = true, linkType = raw.linkType): Uint8Array {
  const size = frames.reduce((sum, { bytes }) => sum + RECORD_HEADER + bytes.length, 24)
  const file = new Uint8Array(size)
  const view = new DataView(file.buffer)
  view.setUint32(0, raw.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little)
  view.setUint16(4, 2, little)
  view.setUint16(6, 4, little)
  view.setUint32(16, 262144, little)
  view.setUint32(20, linkType, little)
  let at = 24
  for (const { seconds, fraction, wire, bytes } of frames) {
    ;[seconds, fraction, bytes.length, wire].forEach((value, i) => view.setUint32(at + 4 * i, value, little))
    file.set(bytes, at + RECORD_HEADER)
    at += RECORD_HEADER + bytes.length
  }
  return file
}

/** One section, one interface, enhanced packet blocks. */
function pcapng(raw: RawCapture, frames: readonly Frame[]): Uint8Array {
  const blocks: Uint8Array[] = []
  const block = (type: number, body: Uint8Array): void => {
    const padded = (body.length + 3) & ~3
    const bytes = new Uint8Array(padded + 12)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, type, true)
    view.setUint32(4, bytes.length, true)
    bytes.set(body, 8)
    view.setUint32(bytes.length - 4, bytes.length, true)
    blocks.push(bytes)
  }
  const section = new Uint8Array(16)
  new DataView(section.buffer).setUint32(0, 0x1a2b3c4d, true)
  new DataView(section.buffer).setUint16(4, 1, true)
  section.fill(0xff, 8)
  block(0x0a0d0d0a, section)
  const description = new Uint8Array(20)
  const view = new DataView(description.buffer)
  view.setUint16(0, raw.linkType, true)
  // if_tsresol: 10^-9
  view.setUint16(8, 9, true)
  view.setUint16(10, 1, true)
  description[12] = 9
  block(1, description)
  for (const { seconds, fraction, wire, bytes } of frames) {
    const body = new Uint8Array(20 + bytes.length)
    const head = new DataView(body.buffer)
    const ns = BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * (raw.nanoseconds ? 1n : 1000n)
    head.setUint32(4, Number(ns >> 32n), true)
    head.setUint32(8, Number(ns & 0xffffffffn), true)
    head.setUint32(12, bytes.length, true)
    head.setUint32(16, wire, true)
    body.set(bytes, 20)
    block(6, body)
  }
  const file = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const each of blocks) {
    file.set(each, at)
    at += each.length
  }
  return file
}

function later(frames: readonly Frame[], by: number): Frame[] {
  return frames.map((frame) => ({ ...frame, seconds: frame.seconds + by }))
}

/** Where TCP begins in an IPv4 frame; null: no such frame. */
function tcpAt(bytes: Uint8Array, link: number): number | null {
  return bytes[link] >> 4 === 4 && bytes[link + 9] === 6 ? link + 4 * (bytes[link] & 15) : null
}

/** Other sequence numbers, chosen per direction so that they pass 2^32 in its middle. */
export function wrapped(raw: RawCapture): Uint8Array {
  const link = LINK_HEADER[raw.linkType] ?? 0
  const frames = framesOf(raw).map((frame) => ({ ...frame, bytes: frame.bytes.slice() }))
  const key = (bytes: Uint8Array, tcp: number, back: boolean): string => {
    const [from, to] = [bytes.subarray(link + 12, link + 16), bytes.subarray(link + 16, link + 20)]
    const [source, target] = [bytes.subarray(tcp, tcp + 2), bytes.subarray(tcp + 2, tcp + 4)]
    return (back ? [...to, ...target, ...from, ...source] : [...from, ...source, ...to, ...target]).join()
  }
  const span = new Map<string, { first: number; length: number }>()
  for (const { bytes } of frames) {
    const tcp = tcpAt(bytes, link)
    if (tcp === null || bytes[tcp + 13] & 4) continue
    const seq = new DataView(bytes.buffer, bytes.byteOffset).getUint32(tcp + 4)
    const known = span.get(key(bytes, tcp, false)) ?? { first: seq, length: 0 }
    span.set(key(bytes, tcp, false), { ...known, length: Math.max(known.length, (seq - known.first) | 0) })
  }
  const add = (view: DataView, at: number, one: { first: number; length: number } | undefined): void => {
    if (one !== undefined) view.setUint32(at, (view.getUint32(at) - one.first - (one.length >> 1)) >>> 0)
  }
  for (const { bytes } of frames) {
    const tcp = tcpAt(bytes, link)
    if (tcp === null) continue
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const refusal = (bytes[tcp + 13] & 20) === 20 && view.getUint32(tcp + 4) === 0
    const mine = span.get(key(bytes, tcp, false))
    const theirs = span.get(key(bytes, tcp, true))
    if (!refusal) {
      const bare = bytes[tcp + 13] & 4 && mine === undefined
      if (!bare) add(view, tcp + 4, mine)
    }
    if (bytes[tcp + 13] & 16) add(view, tcp + 8, theirs)
    const end = Math.min(tcp + 4 * (bytes[tcp + 12] >> 4), bytes.length)
    for (let at = tcp + 20; at + 1 < end;) {
      const length = bytes[at] < 2 ? 1 : Math.max(2, bytes[at + 1])
      if (bytes[at] === 5)
        for (let edge = at + 2; edge + 4 <= Math.min(at + length, end); edge += 4) add(view, edge, theirs)
      at += length
    }
  }
  return pcap(raw, frames)
}

/** A frame of another protocol before every third. */
function noisy(raw: RawCapture): Uint8Array {
  const link = LINK_HEADER[raw.linkType] ?? 0
  const frames = framesOf(raw).flatMap((frame, index) => {
    if (index % 3 !== 0 || frame.bytes[link] >> 4 !== 4) return [frame]
    // The same addresses, but UDP of 8 bytes.
    const bytes = frame.bytes.slice(0, link + 28)
    bytes[link] = 0x45
    bytes[link + 2] = 0
    bytes[link + 3] = 28
    bytes[link + 9] = 17
    return [{ ...frame, bytes, wire: bytes.length }, frame]
  })
  return pcap(raw, frames)
}

/** Every frame is there twice, as behind a port mirror. */
function doubled(raw: RawCapture): Uint8Array {
  return pcap(
    raw,
    framesOf(raw).flatMap((frame) => [frame, frame]),
  )
}

/** Linux cooked, by a host that is no end of any connection; of a capture that tells no direction. */
function cooked(raw: RawCapture): Uint8Array | null {
  if (raw.linkType === SLL2 || raw.linkType === 113) return null
  const link = LINK_HEADER[raw.linkType] ?? 0
  const frames = framesOf(raw).map((frame) => {
    const bytes = new Uint8Array(20 + Math.max(0, frame.bytes.length - link))
    const v6 = frame.bytes[link] >> 4 === 6
    bytes.set([v6 ? 0x86 : 8, v6 ? 0xdd : 0, 0, 0, 0, 0, 0, 2, 0, 1, 3, 6], 0)
    bytes.set(frame.bytes.subarray(link), 20)
    return { ...frame, bytes, wire: frame.wire - link + 20 }
  })
  return pcap(raw, frames, true, SLL2)
}

const Y2040 = 2_208_988_800

/** Ways to write it; null: not of this capture. */
export const REWRITINGS: Readonly<Record<string, (raw: RawCapture) => Uint8Array | null>> = {
  'a clock at 0': (raw) => pcap(raw, later(framesOf(raw), -framesOf(raw)[0].seconds)),
  'a clock in 2040': (raw) => pcap(raw, later(framesOf(raw), Y2040 - framesOf(raw)[0].seconds)),
  'big endian': (raw) => pcap(raw, framesOf(raw), false),
  pcapng: (raw) => pcapng(raw, framesOf(raw)),
  SLL2: cooked,
  'sequence numbers that wrap': wrapped,
  'other protocols in between': noisy,
  'every frame twice': doubled,
}
