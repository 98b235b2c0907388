import type { SegmentBatch } from '../decode/segments.js'

/** More places than this on one host are not listed. */
const MOST_PLACES = 4

/** Where one side's packets were seen on their way through the capturing host. */
interface SidePath {
  /** Sightings beyond the first, over all segments of the side. */
  copies: number
  /** `place` numbers in the order a packet comes by, each once; at most MOST_PLACES. */
  readonly places: number[]
  /** Segments of the side, and the frame of its latest one, when its latest copy was seen. */
  segmentsThen: number
  frameThen: number
  /** Where its first RST was seen first; null: none since the first copy. */
  rstPlace: number | null
}

/** An interface and the direction a packet has there (packet type of cooked captures), in one number. */
export function placeOf(batch: SegmentBatch, row: number): number {
  return (batch.interfaceId[row] << 8) | batch.packetType[row]
}

/** The interface of a place: the number in the pcapng file, or the index that LINUX_SLL2 records. */
function interfaceOf(place: number): number {
  return place >>> 8
}

/** Paths of the sides of which a packet was seen more than once; captures without copies cost nothing. */
export class Paths {
  private readonly bySide = new Map<number, SidePath>()

  /** A copy was seen of a packet of side `i` that was first seen at `first`; `segments` and `frame` are those of the side so far. */
  noteCopy(i: number, first: number, place: number, segments: number, frame: number): void {
    let path = this.bySide.get(i)
    if (path === undefined) {
      path = { copies: 0, places: [first], segmentsThen: 0, frameThen: 0, rstPlace: null }
      this.bySide.set(i, path)
    }
    path.copies++
    path.segmentsThen = segments
    path.frameThen = frame
    if (path.places.length < MOST_PLACES && !path.places.includes(place)) path.places.push(place)
  }

  /** Side `i` sent a RST, seen first at `place`. */
  noteRst(i: number, place: number): void {
    const path = this.bySide.get(i)
    if (path !== undefined) path.rstPlace ??= place
  }

  /** The paths of both sides of a flow, as facts tell them; `client` is the client's row. Null: no packet was seen twice. */
  ofBoth(client: number): { readonly client: PathSeen | null; readonly server: PathSeen | null } {
    return { client: seen(this.bySide.get(client)), server: seen(this.bySide.get(client ^ 1)) }
  }

  release(flow: number): void {
    this.bySide.delete(flow * 2)
    this.bySide.delete(flow * 2 + 1)
  }
}

/** What is known of a path once the flow is over: `PathFact` of the facts. */
interface PathSeen {
  readonly sightings: number
  readonly segments: number
  readonly lastFrame: number
  readonly places: number
  readonly interfaces: readonly number[]
  readonly rstSeen: 'first' | 'further' | null
}

function seen(path: SidePath | undefined): PathSeen | null {
  if (path === undefined) return null
  const { places, rstPlace } = path
  const at = rstPlace === null ? -1 : places.indexOf(rstPlace)
  return {
    sightings: path.copies / Math.max(1, path.segmentsThen) + 1,
    segments: path.segmentsThen,
    lastFrame: path.frameThen,
    places: places.length,
    interfaces: places.map(interfaceOf).filter((face, n, all) => all.indexOf(face) === n),
    rstSeen: at < 0 ? null : at === 0 ? 'first' : 'further',
  }
}
