/** Puts IP fragments together again: a small, bounded table (RFC 791 section 3.2, RFC 8200 section 4.5). */
import type { Annex } from './annex.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'
import { MOST_DATAGRAMS, MOST_FRAGMENTS } from './policy.js'

/** Largest datagram that fragments can make. */
const LARGEST = 65_535

/** A datagram whose fragments have come in part. */
interface Datagram {
  readonly family: number
  readonly addresses: Uint8Array
  readonly id: number
  readonly protocol: number
  /** IP header of the fragment with offset 0 (of the first to come, until that is here). */
  header: Uint8Array
  body: Uint8Array
  /** Offset of the fragment that each byte of the body is from. */
  origins: Uint16Array
  /** Covered ranges, start and end by turns, sorted, not touching. */
  ranges: number[]
  /** Length of the whole body; null until the last fragment is here. */
  length: number | null
  fragments: number
}

/** The fragmented datagrams of one capture that are not whole yet. */
export class FragmentTable {
  readonly #datagrams: Datagram[] = []

  /** @param annex where whole datagrams are put, so that the batch's offsets can point at them */
  constructor(readonly annex: Annex) {}

  /**
   * Takes the fragment `bytes[at, at + length)`. While the datagram has holes: FRAGMENT. When it is whole: it is copied to the annex, the
   * frame's notes point there, and IP_PROTOCOL is returned.
   */
  add(
    bytes: Uint8Array,
    frame: Frame,
    at: number,
    length: number,
    offset: number,
    more: boolean,
    id: number,
    protocol: number,
  ): number {
    if (length <= 0 || offset + length > LARGEST) return layer.MALFORMED
    const datagram = this.#find(bytes, frame, id, protocol)
    if (offset === 0) datagram.header = bytes.slice(frame.ipAt, at)
    store(datagram, bytes.subarray(at, at + length), offset)
    // Where two say that they are the last, the first to come is believed.
    if (!more) datagram.length ??= offset + length
    if (++datagram.fragments > MOST_FRAGMENTS) {
      this.#forget(datagram)
      return layer.MALFORMED
    }
    const { ranges } = datagram
    if (datagram.length === null || ranges.length !== 2 || ranges[0] !== 0 || ranges[1] < datagram.length) {
      return layer.FRAGMENT
    }
    this.#forget(datagram)
    return this.#unfold(bytes, frame, datagram, datagram.length)
  }

  #find(bytes: Uint8Array, frame: Frame, id: number, protocol: number): Datagram {
    const addresses = bytes.subarray(frame.sourceAt, frame.sourceAt + (frame.family === 4 ? 8 : 32))
    for (const known of this.#datagrams) {
      if (known.id === id && known.family === frame.family && known.protocol === protocol) {
        if (known.addresses.every((byte, i) => byte === addresses[i])) return known
      }
    }
    const datagram: Datagram = {
      family: frame.family,
      addresses: addresses.slice(),
      id,
      protocol,
      header: bytes.slice(frame.ipAt, frame.at),
      body: new Uint8Array(2048),
      origins: new Uint16Array(2048),
      ranges: [],
      length: null,
      fragments: 0,
    }
    if (this.#datagrams.length === MOST_DATAGRAMS) this.#datagrams.shift()
    this.#datagrams.push(datagram)
    return datagram
  }

  #forget(datagram: Datagram): void {
    this.#datagrams.splice(this.#datagrams.indexOf(datagram), 1)
  }

  #unfold(bytes: Uint8Array, frame: Frame, datagram: Datagram, length: number): number {
    const { header, body } = datagram
    const ipAt = this.annex.take(bytes, header.length + length)
    if (ipAt < 0) return layer.FRAGMENT
    bytes.set(header, ipAt)
    bytes.set(body.subarray(0, length), ipAt + header.length)
    const addressesAt = datagram.family === 4 ? 12 : 8
    frame.ipAt = ipAt
    frame.sourceAt = ipAt + addressesAt
    frame.destinationAt = ipAt + addressesAt + (datagram.family === 4 ? 4 : 16)
    frame.at = ipAt + header.length
    frame.end = frame.wireEnd = frame.at + length
    return layer.IP_PROTOCOL
  }
}

/**
 * Copies a fragment into the body and joins its range to those that are covered. Where fragments overlap, the one that begins earlier
 * holds, or the one that came first: as in Wireshark, whose streams we want to have.
 */
function store(datagram: Datagram, fragment: Uint8Array, offset: number): void {
  const end = offset + fragment.length
  if (end > datagram.body.length) {
    const larger = new Uint8Array(Math.min(LARGEST, Math.max(end, datagram.body.length * 2)))
    larger.set(datagram.body)
    datagram.body = larger
    const origins = new Uint16Array(larger.length)
    origins.set(datagram.origins)
    datagram.origins = origins
  }
  if (overlaps(datagram.ranges, offset, end)) overlay(datagram, fragment, offset)
  else {
    datagram.body.set(fragment, offset)
    datagram.origins.fill(offset, offset, end)
  }
  let from = offset
  let to = end
  const joined: number[] = []
  for (let i = 0; i < datagram.ranges.length; i += 2) {
    const start = datagram.ranges[i]
    const stop = datagram.ranges[i + 1]
    if (stop < from || start > to) joined.push(start, stop)
    else {
      from = Math.min(from, start)
      to = Math.max(to, stop)
    }
  }
  joined.push(from, to)
  datagram.ranges = joined.length === 2 ? joined : sortRanges(joined)
}

function overlaps(ranges: readonly number[], from: number, to: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (ranges[i] < to && from < ranges[i + 1]) return true
  return false
}

function overlay({ body, origins, ranges }: Datagram, fragment: Uint8Array, offset: number): void {
  let i = 0
  for (let n = 0; n < fragment.length; n++) {
    const at = offset + n
    while (i < ranges.length && ranges[i + 1] <= at) i += 2
    const covered = i < ranges.length && ranges[i] <= at
    if (covered && origins[at] <= offset) continue
    body[at] = fragment[n]
    origins[at] = offset
  }
}

function sortRanges(ranges: readonly number[]): number[] {
  const pairs: [number, number][] = []
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i], ranges[i + 1]])
  return pairs.sort((a, b) => a[0] - b[0]).flat()
}
