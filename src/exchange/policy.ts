/** Bounds and thresholds of reading payload, with unit and reason. What a protocol itself fixes (lengths, codes) stands where it is read. */

/** Bytes of a message head that is followed; servers allow 8 to 64 KiB. */
export const MAX_HEAD_BYTES = 65_536
/** Bytes taken with the first byte of a head that is spread over segments. */
export const FIRST_HEAD_ROOM = 512
/** Bytes of a chunk's size line with its extensions, and of all trailers; longer ones are not followed. */
export const MAX_CHUNK_LINE_BYTES = 4096
export const MAX_TRAILER_BYTES = 65_536
/** Bytes collected of a header block or a GOAWAY: the largest HTTP/2 frame that everybody has to accept. */
export const MAX_COLLECTED_BYTES = 16_384
/** Segments kept until their protocol can be told. */
export const MAX_HELD_SEGMENTS = 256

/** Bytes of a first line that show a message where the snaplen cut the rest off: `GET /`, `POST `, `HTTP/`. */
export const FEWEST_OF_LINE = 5

/** Characters kept of a method (the longest registered one has 17, and a longer word than this begins no request), of a target and of a reason. */
export const MAX_METHOD = 32
export const MAX_TARGET = 512
export const MAX_REASON = 64
/** Characters kept of a host or of X-Forwarded-For, and of any other field that is asked for. */
export const MAX_HOST = 256
export const MAX_FIELD = 128
/** Characters kept of a header name that HPACK spells out: longer than any that is asked for. */
export const MAX_NAME = 64
/** Characters read of a reply line that is looked at for words (RFC 5321 4.5.3.1.5: 512 octets). */
export const MAX_REPLY_LINE = 512
/** Characters of a target that are shown. */
export const MAX_SHOWN = 120

/** Of a very long conversation the first and the latest exchanges are kept. */
export const FIRST_EXCHANGES = 8
export const LATEST_EXCHANGES = 192
/** Heads of requests, and of responses, that are kept once for all that follow each other with the same. */
export const HEADS_REMEMBERED = 256
/** Responses without a request kept of one flow. */
export const MAX_ORPHANS = 16
/** TLS alerts kept of one flow. */
export const MAX_ALERTS = 8
/** HTTP/2 streams followed at a time; servers allow 100 to 250. */
export const MAX_OPEN_STREAMS = 1024
/** Bytes of the largest HTTP/2 frame that is believed where framing was lost: the default limit, and what servers raise it to. */
export const MAX_FRAME_BELIEVED = 1 << 20
/** More settings than this are not sent in one frame. */
export const MAX_SETTINGS = 20
/** Bytes of a HPACK table that is kept (RFC 7541, 4.1); what a larger one would hold is unknown then. */
export const MAX_HPACK_BYTES = 65_536

/** Segments this close together are pieces of one event, or the head and the first one; nanoseconds. */
export const SAME_EVENT_NS = 1e6
/** Pauses of an event stream kept to find the middle one; of longer streams every second, fourth, eighth … is kept. */
export const MAX_PAUSES = 256

/** What the lengths of TLS records are taken for where nothing else tells. Lengths in bytes; those of HTTP/2 without what encryption adds. */
export const tlsPolicy = {
  /** HTTP/2's window updates follow the data that they make room for this soon; what comes later may be a short request of the same length. Nanoseconds. */
  updateWithinNs: 1e9,
  /** A server's first record, when it asks and answers nothing, is no longer (seen of gRPC: settings 33, window update 13, acknowledged settings 9, ping 17). */
  serverPreface: 72,
  /** What a client opens with, when no request is with it, is no longer: preface 24, settings 9 to 57, window update 13, priorities 14 each. */
  clientPreface: 160,
  /** Records of a TLS 1.3 client up to its Finished at most: end of early data, certificate, its proof, Finished. */
  beforeFinished: 4,
  /** Session tickets as servers send them: two of the same length right after the client's Finished. */
  tickets: { count: 2, shortest: 200, longest: 320 },
  /** A client's key exchange in the clear, with elliptic curves up to 384 bits; a second ClientHello, which TLS 1.3 may want, is longer. */
  keyExchange: 102,
} as const
