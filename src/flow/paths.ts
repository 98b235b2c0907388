import { FIN, RST, type SegmentBatch } from '../decode/segments.js'
import type { FlowColumns } from './flow-columns.js'
import { MOST_PATHS_REMEMBERED, MOST_PLACES } from './policy.js'

/** Where one side's packets were seen on their way through the capturing host. */
interface SidePath {
  /** Sightings beyond the first, over all segments of the side. */
  copies: number
  /** `place` numbers in the order a packet comes by, each once; at most MOST_PLACES. */
  readonly places: number[]
  /** TTL that copies had at each of them. */
  readonly ttls: number[]
  /** Segments of the side, and the frame of its latest one, when its latest copy was seen; `furtherThen` of them not at the first place. */
  segmentsThen: number
  frameThen: number
  furtherThen: number
  /** Where its first RST was seen first; null: none since the first copy. */
  rstPlace: number | null
  /** Segments that were not seen at the first place, and the first of them that says something. */
  further: number
  firstFurther: FurtherSeen | null
}

/** A segment that was seen only further on than where its side's packets come first. */
interface FurtherSeen {
  readonly frame: number
  readonly what: 'RST' | 'FIN' | 'data'
  /** Its TTL is not that of the side's other packets at that place. */
  readonly otherTtl: boolean
}

/** An interface and the direction a packet has there (packet type of cooked captures), in one number. */
export function placeOf(batch: SegmentBatch, row: number): number {
  return (batch.interfaceId[row] << 8) | batch.packetType[row]
}

/** The interface of a place: the number in the pcapng file, or the index that LINUX_SLL2 records. */
function interfaceOf(place: number): number {
  return place >>> 8
}

/** Paths of the sides of which a packet was seen more than once; captures without copies cost next to nothing. */
export class Paths {
  private readonly bySide = new Map<number, SidePath>()
  /** Connections to an address whose packets come first at a place and were seen again, by both. */
  private readonly passed = new Map<string, number>()
  /** Where a SYN that was sent again was seen, by flow. */
  private readonly lonelySyns = new Map<number, number>()

  constructor(private readonly flows: FlowColumns) {}

  /**
   * A copy was seen of a packet of side `i` that was first seen at `first`; `segments` and `frame` are those of the side so far, `ttl`
   * is the copy's.
   */
  noteCopy(i: number, first: number, place: number, segments: number, frame: number, ttl: number): void {
    let path = this.bySide.get(i)
    if (path === undefined) {
      path = {
        ...{ copies: 0, places: [first], ttls: [0], segmentsThen: 0, frameThen: 0, furtherThen: 0 },
        ...{ rstPlace: null, further: 0, firstFurther: null },
      }
      this.bySide.set(i, path)
      const key = this.wayTo(i ^ 1, first)
      const passed = this.passed.get(key)
      if (passed !== undefined || this.passed.size < MOST_PATHS_REMEMBERED)
        this.passed.set(key, (passed ?? 0) + 1)
    }
    path.copies++
    // It was recorded out of turn, not missing at the first place.
    if (path.places.indexOf(first) > 0 && path.further > 0) {
      path.further--
      if (path.firstFurther?.frame === frame) path.firstFurther = null
    }
    path.segmentsThen = segments
    path.frameThen = frame
    path.furtherThen = path.further
    const at = path.places.indexOf(place)
    if (at >= 0) path.ttls[at] = ttl
    else if (path.places.length < MOST_PLACES) {
      path.places.push(place)
      path.ttls.push(ttl)
    }
  }

  /** A segment of side `i` was seen for the first time. Only for flows with copies. */
  noteFirst(i: number, batch: SegmentBatch, row: number): void {
    const path = this.bySide.get(i)
    if (path === undefined) return
    const flags = batch.flags[row]
    const place = placeOf(batch, row)
    if (flags & RST) path.rstPlace ??= place
    const at = path.places.indexOf(place)
    if (at <= 0) return
    path.further++
    const what = flags & RST ? 'RST' : flags & FIN ? 'FIN' : batch.payloadLength[row] > 0 ? 'data' : null
    if (what === null || path.firstFurther !== null) return
    path.firstFurther = { frame: batch.frame[row], what, otherTtl: batch.ttl[row] !== path.ttls[at] }
  }

  /** A SYN of a flow without copies was sent again. */
  noteLonelySyn(flow: number, place: number): void {
    if (this.lonelySyns.size < MOST_PATHS_REMEMBERED) this.lonelySyns.set(flow, place)
  }

  /** The address of side `i`, and the place where packets for it come first. */
  private wayTo(i: number, first: number): string {
    const { family, address0, address1 } = this.flows
    const flow = i >> 1
    return `${family[flow]} ${i & 1 ? address1[flow] : address0[flow]} ${first}`
  }

  /** The paths of both sides of a flow, as facts tell them; `client` is the client's row. Null: no packet was seen twice. */
  ofBoth(client: number): {
    readonly client: PathSeen | null
    readonly server: PathSeen | null
    readonly syn: SynSeen | null
  } {
    const at = this.lonelySyns.get(client >> 1)
    return {
      client: seen(this.bySide.get(client)),
      server: seen(this.bySide.get(client ^ 1)),
      syn:
        at === undefined
          ? null
          : { interface: interfaceOf(at), others: this.passed.get(this.wayTo(client ^ 1, at)) ?? 0 },
    }
  }

  release(flow: number): void {
    this.bySide.delete(flow * 2)
    this.bySide.delete(flow * 2 + 1)
    this.lonelySyns.delete(flow)
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
  readonly further: FurtherSeen | null
}

/** An unanswered SYN that was never seen again, unlike packets of other connections: `PathFacts.syn` of the facts. */
interface SynSeen {
  readonly interface: number
  readonly others: number
}

function seen(path: SidePath | undefined): PathSeen | null {
  if (path === undefined) return null
  const { places, rstPlace } = path
  const at = rstPlace === null ? -1 : places.indexOf(rstPlace)
  // What was not at the first place is missing there, or was made on the way: it takes no part in the count.
  const whole = Math.max(1, path.segmentsThen - path.furtherThen)
  return {
    sightings: path.copies / whole + 1,
    segments: whole,
    lastFrame: path.frameThen,
    places: places.length,
    interfaces: places.map(interfaceOf).filter((face, n, all) => all.indexOf(face) === n),
    rstSeen: at < 0 ? null : at === 0 ? 'first' : 'further',
    further: path.further === 1 ? path.firstFurther : null,
  }
}
