import type { EventPauses, Exchange, RequestHead, ResponseHead } from './exchange.js'
import { ExchangeFlags } from './exchange-flags.js'
import { NO_REQUEST_HEAD, NO_RESPONSE_HEAD } from './message-heads.js'

/** What few exchanges have. */
interface Rare {
  originalTarget: string | null
  grpcStatus: number | null
  eventPauses: EventPauses | null
  reset: Exchange['reset']
}

const NOTHING_RARE: Readonly<Rare> = {
  originalTarget: null,
  grpcStatus: null,
  eventPauses: null,
  reset: null,
}

/** What the heads of an exchange say, kept in objects that many exchanges share, and what few exchanges have, in one that the others lack. */
export class ExchangeHeads extends ExchangeFlags {
  requestHead: RequestHead = NO_REQUEST_HEAD
  responseHead: ResponseHead = NO_RESPONSE_HEAD
  private rare: Rare | null = null

  get method(): string | null {
    return this.requestHead.method
  }
  get version(): number | null {
    return this.requestHead.version
  }
  get host(): string | null {
    return this.requestHead.host
  }
  get forwardedFor(): string | null {
    return this.requestHead.forwardedFor
  }
  get userAgent(): string | null {
    return this.requestHead.userAgent
  }
  get status(): number | null {
    return this.responseHead.status
  }
  get reason(): string | null {
    return this.responseHead.reason
  }
  get server(): string | null {
    return this.responseHead.server
  }
  get via(): string | null {
    return this.responseHead.via
  }
  get writer(): Exchange['writer'] {
    return this.responseHead.writer
  }
  get keepAliveSeconds(): number | null {
    return this.responseHead.keepAliveSeconds
  }

  get originalTarget(): string | null {
    return (this.rare ?? NOTHING_RARE).originalTarget
  }
  set originalTarget(originalTarget: string | null) {
    if (originalTarget !== this.originalTarget) this.rare = { ...(this.rare ?? NOTHING_RARE), originalTarget }
  }

  get grpcStatus(): number | null {
    return (this.rare ?? NOTHING_RARE).grpcStatus
  }
  set grpcStatus(grpcStatus: number | null) {
    this.rare = { ...(this.rare ?? NOTHING_RARE), grpcStatus }
  }

  get eventPauses(): EventPauses | null {
    return (this.rare ?? NOTHING_RARE).eventPauses
  }
  set eventPauses(eventPauses: EventPauses | null) {
    if (eventPauses !== this.eventPauses) this.rare = { ...(this.rare ?? NOTHING_RARE), eventPauses }
  }

  get reset(): Exchange['reset'] {
    return (this.rare ?? NOTHING_RARE).reset
  }
  set reset(reset: Exchange['reset']) {
    this.rare = { ...(this.rare ?? NOTHING_RARE), reset }
  }
}
