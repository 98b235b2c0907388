/** Captures made poorer: cut short by the snaplen, begun late, stopped early, one direction only, with holes, unreadable. */
import { readFileSync } from 'node:fs'

/** One way to see less of the same traffic. */
export interface Weakening {
  readonly name: string
  /** Bytes kept of each frame. */
  readonly snaplen?: number
  /** Share of the frames that came before the capture began. */
  readonly from?: number
  /** Share of the frames after which the capture was stopped. */
  readonly until?: number
  /**
   * Payload of the legs of end clients, or of all, means nothing, as when it is encrypted; `tls`: the end clients' connections that are
   * older than the capture speak TLS, a record in each segment. (Younger ones would show a handshake: those are in the real captures.)
   */
  readonly unreadable?: 'client leg' | 'all' | 'tls'
  /** Only what one of the sides sent is in the capture. */
  readonly only?: 'client' | 'server'
  /** Every frame was lost with a chance of 1 %; the seed says which. */
  readonly lossSeed?: number
}

export const WEAKENINGS: readonly Weakening[] = [
  { name: 'as it is' },
  { name: 'snaplen 96', snaplen: 96 },
  { name: 'snaplen 68', snaplen: 68 },
  { name: 'unreadable towards the client', unreadable: 'client leg' },
  { name: 'all unreadable', unreadable: 'all' },
  ...[0.1, 0.25, 0.5, 0.75, 0.9].map((from) => ({ name: `from ${100 * from} %`, from })),
  ...[0.25, 0.5, 0.75, 0.9].map((until) => ({ name: `until ${100 * until} %`, until })),
  { name: 'only what clients sent', only: 'client' },
  { name: 'only what servers sent', only: 'server' },
  ...[1, 2, 3].map((lossSeed) => ({ name: `1 % lost, seed ${lossSeed}`, lossSeed })),
  { name: 'snaplen 96 from 30 %', snaplen: 96, from: 0.3 },
  { name: 'snaplen 96, 1 % lost', snaplen: 96, lossSeed: 4 },
  { name: 'TLS towards the client from 40 %', unreadable: 'tls', from: 0.4 },
  { name: 'unreadable towards the client from 40 %', unreadable: 'client leg', from: 0.4 },
]

/** Who is who in a capture, as `address:port`. */
export interface Ends {
  /** Clients of all connections. */
  readonly clients: ReadonlySet<string>
  /** Those of them that are end clients: no proxy's connections. */
  readonly endClients: ReadonlySet<string>
}

/** The ends of labelled connections; the leg nearest to the client is named so, or not at all. */
export function endsOf(connections: readonly { readonly client: string; readonly leg?: string }[]): Ends {
  const outermost = connections.filter(({ leg }) => leg === undefined || leg.startsWith('client'))
  return {
    clients: new Set(connections.map(({ client }) => client)),
    endClients: new Set(outermost.map(({ client }) => client)),
  }
}

/** Bytes before the IP header, by link type. */
export const LINK_HEADER: Readonly<Record<number, number>> = { 1: 14, 101: 0, 113: 16, 276: 20 }
export const RECORD_HEADER = 16
export const FILE_HEADER = 24
const LOSS = 0.01

/** The records of a classic pcap file, each with its header of 16 bytes. */
export interface RawCapture {
  readonly header: Uint8Array
  readonly records: readonly Uint8Array[]
  readonly linkType: number
  readonly nanoseconds: boolean
}

/** Reads a capture; null when it is no little-endian pcap file. */
export function recordsOf(bytes: Uint8Array): RawCapture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const magic = view.getUint32(0, true)
  if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) return null
  const records: Uint8Array[] = []
  for (let at = FILE_HEADER; at + RECORD_HEADER <= bytes.length;) {
    const length = view.getUint32(at + 8, true)
    records.push(bytes.slice(at, Math.min(bytes.length, at + RECORD_HEADER + length)))
    at += RECORD_HEADER + length
  }
  const header = bytes.subarray(0, FILE_HEADER)
  return { header, records, linkType: view.getUint32(20, true), nanoseconds: magic === 0xa1b23c4d }
}

/** The capture, weakened; null when it is no little-endian pcap file. */
export function weakened(path: string, how: Weakening, ends: Ends): Uint8Array | null {
  const raw = recordsOf(new Uint8Array(readFileSync(path)))
  if (raw === null) return null
  const { records } = raw
  const linkHeader = LINK_HEADER[raw.linkType] ?? 0
  const next = numbers(how.lossSeed ?? 0)
  const inTime = records
    .slice(Math.floor((how.from ?? 0) * records.length), Math.ceil((how.until ?? 1) * records.length))
    .filter(() => how.lossSeed === undefined || next() >= LOSS)
    .filter((record) => isKept(record, linkHeader, how, ends))
  const clients = hidden(inTime, linkHeader, how, ends)
  const kept = inTime.map((record) => poorer(record, linkHeader, how, clients))
  return joined(raw.header, kept)
}

/** The end clients whose legs are to be unreadable; null: all legs are. */
function hidden(
  records: readonly Uint8Array[],
  linkHeader: number,
  how: Weakening,
  ends: Ends,
): ReadonlySet<string> | null {
  if (how.unreadable === 'all') return null
  const left = new Set(ends.endClients)
  if (how.unreadable !== 'tls') return left
  for (const record of records) {
    const tcp = tcpOf(record, linkHeader)
    if (tcp === null || (!tcp.syn && !TLS_PORTS.test(tcp.to) && !TLS_PORTS.test(tcp.from))) continue
    left.delete(tcp.from)
    left.delete(tcp.to)
  }
  return left
}

function isKept(record: Uint8Array, linkHeader: number, { only }: Weakening, { clients }: Ends): boolean {
  const tcp = only === undefined ? null : tcpOf(record, linkHeader)
  return tcp === null || clients.has(tcp.from) === (only === 'client')
}

function poorer(
  record: Uint8Array,
  linkHeader: number,
  how: Weakening,
  clients: ReadonlySet<string> | null,
): Uint8Array {
  if (how.unreadable !== undefined) scramble(record, linkHeader, how.unreadable === 'tls', clients)
  if (how.snaplen === undefined || record.length <= RECORD_HEADER + how.snaplen) return record
  const cut = record.slice(0, RECORD_HEADER + how.snaplen)
  new DataView(cut.buffer).setUint32(8, how.snaplen, true)
  return cut
}

interface TcpFrame {
  readonly from: string
  readonly to: string
  readonly syn: boolean
  /** Where its payload begins and ends in the record. */
  readonly payload: number
  readonly end: number
}

/** The segment in a frame; null: no TCP over IPv4. */
function tcpOf(record: Uint8Array, linkHeader: number): TcpFrame | null {
  const ip = RECORD_HEADER + linkHeader
  if (record[ip] >> 4 !== 4 || record[ip + 9] !== 6) return null
  const tcp = ip + 4 * (record[ip] & 15)
  const end = (at: number, port: number): string =>
    `${record.slice(at, at + 4).join('.')}:${(record[port] << 8) | record[port + 1]}`
  return {
    from: end(ip + 12, tcp),
    to: end(ip + 16, tcp + 2),
    syn: (record[tcp + 13] & 2) !== 0,
    payload: tcp + 4 * (record[tcp + 12] >> 4),
    end: Math.min(record.length, ip + ((record[ip + 2] << 8) | record[ip + 3])),
  }
}

/** Overwrites the payload of a segment of the legs that cannot be read. */
function scramble(
  record: Uint8Array,
  linkHeader: number,
  asTls: boolean,
  clients: ReadonlySet<string> | null,
): void {
  const tcp = tcpOf(record, linkHeader)
  if (tcp === null || (clients !== null && !clients.has(tcp.from) && !clients.has(tcp.to))) return
  const length = tcp.end - tcp.payload
  // A probe of one byte stays one.
  if (length <= 1) return
  record.fill(0xa7, tcp.payload, tcp.end)
  const inside = length - TLS_HEADER
  if (asTls && inside >= SHORTEST_RECORD) record.set([23, 3, 3, inside >> 8, inside & 255], tcp.payload)
}

const TLS_HEADER = 5
const TLS_PORTS = /:(443|8443)$/
/** A TLS record with nothing in it but its tag. */
const SHORTEST_RECORD = 17

function joined(header: Uint8Array, records: readonly Uint8Array[]): Uint8Array {
  const file = new Uint8Array(header.length + records.reduce((sum, record) => sum + record.length, 0))
  file.set(header)
  let at = header.length
  for (const record of records) {
    file.set(record, at)
    at += record.length
  }
  return file
}

/** Numbers from 0 to 1, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
