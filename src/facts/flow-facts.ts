import type { Conversation, Exchange, FarewellWords } from '../exchange/exchange.js'
import type { IcmpKind } from '../flow/icmp-errors.js'
import type { ClientBasis, Owed, Phase, RstForm, Side } from '../result.js'

/** A captured moment: number of the frame in the run (`frameName` gives its file's), nanoseconds since the epoch of the run. */
export interface Moment {
  readonly frame: number
  readonly ns: number
}

/** Where the packets of a side were seen on their way through the capturing host, from the copies of them in the capture. */
export interface PathFact {
  /** Sightings of a packet, on average up to the last that was seen again: whole when all were seen equally often. */
  readonly sightings: number
  /** Segments up to then, and the frame of the last of them. */
  readonly segments: number
  readonly lastFrame: number
  /** Interfaces and directions that were told apart; 1: a mirror's copies, which tell no way. */
  readonly places: number
  /** Numbers of the interfaces in the order packets come by. */
  readonly interfaces: readonly number[]
  /** Where the side's first RST was seen: where its packets come first, or only further on; null: no RST, or elsewhere. */
  readonly rstSeen: 'first' | 'further' | null
  /** The only segment that was seen further on and not where the side's packets come first; `otherTtl`: unlike theirs at that place. */
  readonly further: {
    readonly frame: number
    readonly what: 'RST' | 'FIN' | 'data'
    readonly otherTtl: boolean
  } | null
}

/** Where packets of each side were seen on their way through the capturing host; null: none was seen twice. */
export interface PathFacts {
  readonly client: PathFact | null
  readonly server: PathFact | null
  /**
   * A SYN that was sent again, and of which no sending was seen a second time: the interface, and how many other connections to that address have
   * packets that came by there and were seen again further on.
   */
  readonly syn: { readonly interface: number; readonly others: number } | null
}

/** First FIN of a side. */
export interface FinFact extends Moment {
  /** Sequence number of the FIN itself, and the ACK number it carried: what its sender had received. */
  readonly seq: number
  readonly ack: number
  readonly repeats: number
  /** First segment of the other side that acknowledges it; null: none seen. */
  readonly acked: Moment | null
}

/** First RST of a side. */
export interface RstFact extends Moment {
  readonly form: RstForm
  readonly seq: number
  /** Meaningful only for forms with the ACK flag. */
  readonly ack: number
  /** Frame that provoked it, when it is stateless and the frame was found. */
  readonly triggerFrame: number | null
  readonly ttl: number
  /** Window field as it stands in the header, without scaling. */
  readonly window: number
  /** Window field 0; timestamps missing although its side had agreed on them. */
  readonly windowZero: boolean
  readonly unstamped: boolean
  readonly withAck: boolean
  readonly withPayload: boolean
  /** Which way it passed the capturing host; null: the capture does not tell. */
  readonly direction: 'outgoing' | 'incoming' | null
  /** Later RSTs of the side, soon after it, have numbers beyond all that was sent and acknowledged. */
  readonly seqRises: boolean
  /** A later RST, soon after, acknowledges less, or more than was sent, though the other side sent nothing in between. */
  readonly ackMoves: boolean
  /** Its IP ID and that of the side's segment before, when the side counts its packets and this one is out of count; null: nothing shows that. */
  readonly foreignIpId: { readonly own: number; readonly before: number } | null
  /** RSTs of this side in all. */
  readonly count: number
}

/** What a side had sent without any segment of the other side after it. */
export interface Unanswered {
  /** First segment that called for an answer. */
  readonly since: Moment
  /** Copies of it (retransmissions), with the first and the last of them; first is null when there is none. */
  readonly repeats: number
  readonly firstRepeat: Moment | null
  readonly last: Moment
  readonly longestWaitNs: number
}

/** One side of a flow. */
export interface SideFacts {
  readonly segments: number
  readonly payloadBytes: number
  readonly retransmissions: number
  readonly lastSegment: Moment | null
  readonly lastPayload: Moment | null
  /** Last SYN, payload or FIN, sent for the first time or again; null: none. */
  readonly lastAsking: Moment | null
  /** Last payload before the flow's first close (the same as lastPayload without a close). */
  readonly payloadBeforeClose: Moment | null
  /** When the other side's ACK covered that payload; null: it did not before the close. */
  readonly payloadCoveredNs: number | null
  /** Highest ACK number sent before or with the first close (at the end, without one); null: never acknowledged. */
  readonly ackAtClose: number | null
  /** End of the payload sent by then. */
  readonly sentAtClose: number | null
  /** End of all payload it sent, as a sequence number; null: nothing of it was captured. */
  readonly sentTo: number | null
  /** Initial sequence number (or one before the first seen). */
  readonly baseSeq: number
  readonly fin: FinFact | null
  /** Where the other side acknowledges a FIN that the capture lacks; null: nothing shows one. */
  readonly unseenFin: Moment | null
  readonly rst: RstFact | null
  readonly unanswered: Unanswered | null
  readonly probes: { readonly unanswered: number; readonly all: number; readonly first: Moment | null }
  /** Its receive window has been zero since; null: it is open. */
  readonly zeroWindowSince: Moment | null
  /** Sequence number after the latest byte or FIN of it that the capture is known to lack; null: nothing is known to be missing. */
  readonly missingTo: number | null
  /** Highest ACK number it ever sent; null: none. */
  readonly lastAck: number | null
  /** Bytes of it that the other side acknowledged and the capture does not hold. */
  readonly missingBytes: number
  /** Bytes that came late, after a gap: lost on the way to the capture point and sent again. */
  readonly lateBytes: number
  readonly ttl: number
  readonly ttlVaries: boolean
  /** TTL of its SYN or SYN-ACK; 0: none seen. */
  readonly synTtl: number
  /** How far its own clock went from its SYN to its FIN, in ticks of its TCP timestamps; null: one of them has none. */
  readonly stampTicks: number | null
  /** Seen leaving the capturing host. */
  readonly outgoing: boolean
  /** Seen arriving at the capturing host: then it is no address of that host (unless it talks to itself). */
  readonly incoming: boolean
}

/** An ICMP error about segments of a flow. */
export interface IcmpErrorFact extends Moment {
  /** Whose segment it quotes: it was sent to that side. */
  readonly to: Side
  readonly kind: IcmpKind
  /** Address it came from; null: not kept. */
  readonly from: string | null
  /** Largest packet that fits, bytes, where it tells that; null: it does not. */
  readonly mtu: number | null
  readonly count: number
}

/** A time in which a side's window was 0. */
export interface ShutWindow {
  /** Its first segment with window 0. */
  readonly since: Moment
  /** Its first segment that opened the window again. */
  readonly until: Moment
}

/** A FIN or RST that ended a side. */
export interface CloseFact extends Moment {
  readonly by: Side
  readonly flag: 'FIN' | 'RST'
  readonly form: RstForm | null
  /** false: the capture lacks it; frame and time are those of its acknowledgement, so that it came no later. */
  readonly captured: boolean
}

/** What a server said right before it closed. */
export interface Parting {
  /** Its first bytes of that. */
  readonly said: Moment
  /** Last payload before that, of either side. */
  readonly before: Moment & { readonly by: Side }
}

/** Where the conversation stood when it ended. */
export interface Standing {
  readonly owed: Owed
  readonly phase: Phase | null
  /** The exchange that was under way or was the last, as far as the closer knew; null: none. */
  readonly exchange: Exchange | null
  /** Whether message boundaries could be read; without, nothing is certain. */
  readonly framed: boolean
  /** Frame where a goodbye begins (408, 400, TLS alert) that was left out of the judgement; null: none. */
  readonly goodbyeFrame: number | null
  readonly goodbyeStatus: number | null
  /** Words of a protocol that is not read, with which a server says that it gives up waiting; null: none. */
  readonly goodbyeWords: FarewellWords | null
}

/** Everything known of one flow, in nouns and numbers. Times are nanoseconds since the epoch of the run. */
export interface FlowFacts {
  /** Number as Wireshark counts `tcp.stream`. */
  readonly stream: number
  /** Row of its columns, for as long as the flow is held there. */
  readonly row: number
  readonly capture: number
  /** Number of the place that capture was taken at: the files of a rotation share it. */
  readonly vantage: number
  readonly family: 4 | 6
  readonly client: { readonly ip: string; readonly port: number }
  readonly server: { readonly ip: string; readonly port: number }
  readonly clientBasis: ClientBasis
  /** Flow side (0 or 1) of the client. */
  readonly clientIndex: 0 | 1
  readonly startNs: number
  readonly endNs: number
  readonly firstFrame: number
  /** A frame's number as it stands in words: `5`, or `5 of b.pcap` when that is not the file the flow began in. */
  readonly frameName: (frame: number | null | undefined) => string
  readonly frames: number
  readonly paths: PathFacts
  readonly completeness: number
  readonly history: string
  readonly syn: (Moment & { readonly repeats: number; readonly lastNs: number }) | null
  readonly synAck: (Moment & { readonly repeats: number }) | null
  /** When the client acknowledged the SYN-ACK; null: never. */
  readonly establishedNs: number | null
  /** Round trips from the capture point to either end and back, from the handshake; null: not seen. */
  readonly rttNs: { readonly client: number | null; readonly server: number | null }
  readonly sides: { readonly client: SideFacts; readonly server: SideFacts }
  readonly close: { readonly first: CloseFact | null; readonly second: CloseFact | null }
  /** Last payload of either side before the first close, goodbyes left out; null: none. */
  readonly lastData: (Moment & { readonly by: Side }) | null
  /** First close minus last payload (or the handshake, without payload); null without a close. */
  readonly silenceNs: number | null
  /** The same on the closer's own clock; null without a close. */
  readonly timerGapNs: number | null
  /** When the server's decision to close first shows: its first close, or its TLS close_notify before the client's. Null: it did not decide first. */
  readonly serverLeft: Moment | null
  /** That moment minus the end of its last finished response; null: it did not decide first, or finished none. */
  readonly idleBeforeCloseNs: number | null
  /** ACK number of the segment that began the first unanswered request, when the server closed; null: no such request, or not kept. */
  readonly metRequestAck: number | null
  /** Last segment of the side that closed first, before that; null: no close, no such segment, or not kept. */
  readonly lastSignOfCloser: Moment | null
  /** When the side that closed second had last taken nothing, before that close; null: never, still, or not kept. */
  readonly lastShut: ShutWindow | null
  /** What the server said right before its FIN, when it closed first; null: nothing, or not kept. */
  readonly parting: Parting | null
  /** ICMP errors that quote its segments, the first of each kind. */
  readonly icmpErrors: readonly IcmpErrorFact[]
  readonly standing: Standing
  readonly conversation: Conversation | null
  /** The capture does not show the flow's beginning: no SYN, no SYN-ACK. */
  readonly lateStart: boolean
  readonly oneDirection: boolean
  readonly payloadCut: boolean
  readonly reusedPorts: boolean
  /** Last moment of the capture the flow was seen in. */
  readonly captureEndNs: number
  /** The clock of its capture was set back between its frames: how long something lasted cannot be told. */
  readonly clockSetBack: boolean
}

/** The other end. */
export function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
