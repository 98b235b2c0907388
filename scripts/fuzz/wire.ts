/**
 * Bytes read as a script of TCP segments, so that fuzzing gets past checksums and lengths to what comes after: reassembly with gaps
 * and overlaps, closes in any order, and the parsers of payload.
 */

const HEADER = 24
const RECORD = 16
const IP = 20
const TCP = 20
const ISN = [1000, 0xffff_fff0] as const
/** Ports of the servers of the four connections: two speak SOCKS and TLS. */
const PORTS = [80, 1080, 80, 443]
/** LINKTYPE_RAW: the packet begins with its IP header. */
const LINK_RAW = 101

/** What the control byte of a step says, from its low bits: sender, connection, kind of sequence number, flags. */
const FLAGS = [0x10, 0x18, 0x18, 0x18, 0x02, 0x12, 0x11, 0x04, 0x14, 0x19, 0x00, 0x29]

interface Sender {
  next: number
}

/** A capture file (pcap, raw IP) in which each step of the script is one packet. A step is 3 bytes and its payload. */
export function wireCapture(script: Uint8Array): Uint8Array {
  const packets: Uint8Array[] = []
  const sides: Sender[] = Array.from({ length: 8 }, (_, i) => ({ next: ISN[i & 1] ?? 0 }))
  for (let at = 0; at + 2 < script.length;) {
    const [control = 0, kind = 0, size = 0] = script.subarray(at, at + 3)
    const payload = script.subarray(at + 3, at + 3 + (size & 0x7f))
    packets.push(packet(sides, control, kind, payload))
    at += 3 + payload.length
  }
  return capture(packets)
}

function packet(sides: readonly Sender[], control: number, kind: number, payload: Uint8Array): Uint8Array {
  const from = control & 1
  const flow = (control >> 1) & 3
  const own = sides[flow * 2 + from] ?? { next: 0 }
  const peer = sides[flow * 2 + 1 - from] ?? { next: 0 }
  const flags = FLAGS[(control >> 3) % FLAGS.length] ?? 0x10
  // Mostly in order; else repeated, overlapping, beyond a gap, or anywhere.
  const shift =
    [0, 0, 0, 0, -payload.length, -(kind >> 3), kind >> 3, (kind >> 3) * 0x0800_0000][kind & 7] ?? 0
  const seq = (own.next + shift) >>> 0
  const bytes = new Uint8Array(IP + TCP + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0x4500)
  view.setUint16(2, bytes.length)
  view.setUint16(8, 0x4006)
  view.setUint32(12, 0x0a00_0002 + from)
  view.setUint32(16, 0x0a00_0003 - from)
  const [client, server] = [40_000 + flow, PORTS[flow] ?? 80]
  view.setUint16(20, from === 0 ? client : server)
  view.setUint16(22, from === 0 ? server : client)
  view.setUint32(24, seq)
  view.setUint32(28, flags & 0x10 ? peer.next : 0)
  view.setUint16(32, 0x5000 | flags)
  view.setUint16(34, (kind & 0xf8) === 0xf8 ? 0 : 64_000)
  bytes.set(payload, IP + TCP)
  if ((kind & 7) < 4) own.next = (own.next + payload.length + (flags & 2) / 2 + (flags & 1)) >>> 0
  return bytes
}

function capture(packets: readonly Uint8Array[]): Uint8Array {
  const size = packets.reduce((sum, each) => sum + RECORD + each.length, HEADER)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0xa1b2_c3d4)
  view.setUint32(4, 0x0002_0004)
  view.setUint32(16, 65_535)
  view.setUint32(20, LINK_RAW)
  let at = HEADER
  packets.forEach((packet, index) => {
    view.setUint32(at, 1_700_000_000 + Math.floor(index / 3) * (index % 7 === 0 ? 61 : 1))
    view.setUint32(at + 4, (index * 1000) % 1_000_000)
    view.setUint32(at + 8, packet.length)
    view.setUint32(at + 12, packet.length)
    bytes.set(packet, at + RECORD)
    at += RECORD + packet.length
  })
  return bytes
}

/** The script of a conversation: handshake, then each message of either side, then the close. For seeds. */
export function scriptOf(
  said: readonly { readonly by: 0 | 1; readonly text: string }[],
  flow = 0,
): Uint8Array {
  const step = (by: 0 | 1, flag: number, text: string): number[] => [
    by | (flow << 1) | (flag << 3),
    ...[0, text.length],
    ...Array.from(text, (char) => char.charCodeAt(0) & 255),
  ]
  const steps: number[] = [...step(0, 4, ''), ...step(1, 5, ''), ...step(0, 0, '')]
  for (const { by, text } of said) {
    for (let at = 0; at < text.length; at += 120) steps.push(...step(by, 1, text.slice(at, at + 120)))
  }
  return Uint8Array.from([...steps, ...step(0, 6, ''), ...step(1, 6, ''), ...step(0, 0, '')])
}
