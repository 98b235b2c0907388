import { Conversations } from '../../src/exchange/conversations.js'
import type { Conversation, Exchange } from '../../src/exchange/exchange.js'

/** Text, one byte per character, as it stands in a segment. */
export type Payload = string | Uint8Array

/** Feeds one flow's payload, segment by segment, 1 ms apart. Client = side 0 unless told otherwise. */
export class Dialogue {
  readonly conversations = new Conversations()
  /** What `payload` returned, segment by segment. */
  readonly begins: boolean[] = []
  frame = 0
  timeNs = 0
  private readonly next = [1000, 5000]

  constructor(private readonly clientSide: 0 | 1 = 0) {}

  client(payload: Payload, captured?: number): this {
    return this.say(this.clientSide, payload, captured)
  }

  server(payload: Payload, captured?: number): this {
    return this.say(this.clientSide === 0 ? 1 : 0, payload, captured)
  }

  clientGap(length: number): this {
    return this.lose(this.clientSide, length)
  }

  serverGap(length: number): this {
    return this.lose(this.clientSide === 0 ? 1 : 0, length)
  }

  /** Lets time pass before the next segment. */
  after(ms: number): this {
    this.timeNs += ms * 1e6
    return this
  }

  say(side: 0 | 1, payload: Payload, captured?: number, length?: number): this {
    const bytes = typeof payload === 'string' ? latin1Bytes(payload) : payload
    const wire = length ?? bytes.length
    /* somewhere in a larger buffer, with other bytes around it */
    const buffer = new Uint8Array(bytes.length + 32).fill(0x47)
    buffer.set(bytes, 16)
    const seen = Math.min(captured ?? bytes.length, bytes.length)
    if (seen < bytes.length) buffer.fill(0x47, 16 + seen)
    this.frame++
    this.timeNs += 1e6
    this.begins.push(
      this.conversations.payload(0, side, buffer, 16, seen, wire, this.next[side], this.frame, this.timeNs),
    )
    this.next[side] = (this.next[side] + wire) >>> 0
    return this
  }

  lose(side: 0 | 1, length: number): this {
    this.conversations.gap(0, side, length)
    this.next[side] = (this.next[side] + length) >>> 0
    return this
  }

  /** What has been understood. */
  get heard(): Conversation {
    const conversation = this.conversations.of(0)
    if (conversation === null) throw new Error('nothing was said')
    return conversation
  }

  get exchanges(): Exchange[] {
    return this.heard.exchanges
  }

  /** The only exchange. */
  get exchange(): Exchange {
    const { exchanges } = this.heard
    if (exchanges.length !== 1) throw new Error(`${exchanges.length} exchanges`)
    return exchanges[0]
  }
}

/** A new dialogue in which the client sent the first segment. */
export function dialogue(): Dialogue {
  return new Dialogue()
}

/** One line per exchange: what was asked, what came back, and how complete both were. */
export function told(heard: Conversation): string[] {
  return heard.exchanges.map((e) => {
    const request = `${e.method ?? '?'} ${e.target ?? '?'}${e.targetCut ? '…' : ''} ${complete(e.requestComplete)}`
    if (e.responseStart === null && e.responseComplete !== null) return `${request} -> nothing`
    return `${request} -> ${e.status ?? '?'} ${e.responseFraming} ${complete(e.responseComplete)}`
  })
}

/** The bytes of a string, one per character. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

function complete(value: boolean | null): string {
  return value === null ? 'unknown' : value ? 'whole' : 'part'
}
