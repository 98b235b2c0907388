import type { Exchange } from './exchange.js'
import { HeadBuffer } from './head-buffer.js'
import { type HeaderBlock, readHeaderBlock } from './hpack.js'
import { targetOf } from './header-fields.js'
import { HpackTable } from './hpack-table.js'
import {
  blockPiece,
  CONTINUATION,
  END_HEADERS,
  type FrameHeader,
  HEADERS,
  PUSH_PROMISE,
} from './http2-frame.js'
import { requestHead } from './message-heads.js'
import { MAX_TARGET } from './policy.js'

const HEADER_TYPES: ReadonlySet<number> = new Set([HEADERS, PUSH_PROMISE, CONTINUATION])

/** Header blocks of one direction: the one that is coming in, and what its encoder has told of before. */
export class HeaderBlocks {
  private readonly block = new HeadBuffer()
  private readonly table = new HpackTable()
  /** Type of the frame that began it. */
  private type = 0
  /** Not all of it is there. */
  private cut = false

  /** Blocks may have gone by unread. */
  lose(): void {
    this.block.clear()
    this.table.lose()
  }

  /** Takes the content of a frame. Gives the fields of a stream's own block when it has come to its end, else null. */
  read(header: Readonly<FrameHeader>, content: HeadBuffer): HeaderBlock | null {
    if (!HEADER_TYPES.has(header.type)) return null
    if (header.type !== CONTINUATION) {
      this.block.clear()
      this.cut = false
      this.type = header.type
    }
    const { from, to } = blockPiece(header, content)
    const added = this.block.add(content.bytes, Math.min(from, to), to)
    this.cut ||= content.length < header.length || added < to - from
    if (!(header.flags & END_HEADERS)) return null
    const { bytes, length } = this.block
    const fields = readHeaderBlock(bytes, 0, length, this.table, this.cut)
    return this.type === HEADERS ? fields : null
  }
}

/** Fills in the request; trailers say nothing that is asked for. */
export function takeRequest(exchange: Exchange, fields: HeaderBlock): void {
  if (exchange.requestHeadWhole) return
  const text = (name: string): string | null => fields.get(name) ?? null
  const path = text(':path')
  exchange.requestHead = requestHead(
    text(':method'),
    exchange.version,
    text(':authority'),
    text('x-forwarded-for'),
    text('user-agent'),
  )
  exchange.target = path === null ? null : path.slice(0, MAX_TARGET)
  exchange.targetCut = path !== null && path.length > MAX_TARGET
  exchange.requestId = text('x-request-id') ?? text('traceparent')
  const original = text('x-original-uri') ?? text('x-original-url') ?? text('x-forwarded-uri')
  exchange.originalTarget = original === null ? null : targetOf(original.slice(0, MAX_TARGET))
  exchange.requestHeadWhole = exchange.method !== null
}

/** Fills in the response, or what its trailers add. Returns whether it was an interim one: the final one is still to come. */
export function takeResponse(exchange: Exchange, fields: HeaderBlock): boolean {
  const text = (name: string): string | null => fields.get(name) ?? null
  const code = text(':status')
  const status = code !== null && /^\d{3}$/.test(code) ? Number(code) : null
  if (status !== null && status < 200 && exchange.status === null) {
    exchange.continued = true
    exchange.responseStart = exchange.responseLast = null
    exchange.responseBytes = 0
    return true
  }
  const { responseHead } = exchange
  exchange.responseHead = {
    ...responseHead,
    status: responseHead.status ?? status,
    server: responseHead.server ?? text('server'),
    via: responseHead.via ?? text('via'),
  }
  // In the trailers; alone in the only block when the call failed at once.
  const grpc = text('grpc-status')
  if (grpc !== null && /^\d{1,3}$/.test(grpc)) exchange.grpcStatus = Number(grpc)
  return false
}
