import { tlsPolicy } from './policy.js'
import {
  ALERT,
  ALERT_LENGTH_13,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  PLAIN_ALERT,
} from './tls-record.js'

/** What a record is to a reader without keys. */
export type RecordMeaning =
  | 'handshake'
  | 'data'
  | 'ticket'
  | 'unsure' /* from a client that began with a certificate: more of its handshake, or a request after it */

/** Length of a TLS 1.3 record with a Finished message in it: 4 + hash + 1 + tag, for SHA-256 and SHA-384. */
const FINISHED_LENGTHS = [53, 69]
/** The same of an EndOfEarlyData (4), and of a Certificate in which there is none (8). */
const END_OF_EARLY_DATA = 21
const NO_CERTIFICATE = 25
const { tickets: TICKETS } = tlsPolicy

/** How far a handshake has come, told from types and lengths of the records alone. */
export class TlsPhase {
  /** Finished on both sides, as far as the records tell. */
  established = false
  /** What the client gave when it was asked for a certificate; null: it was not, or that cannot be told. */
  certificate: 'none' | 'some' | null = null
  private helloSeen = false
  private serverHelloSeen = false
  /** null: the ServerHello was cut before it could say so; then it is taken for 1.3 until something shows that it is not. */
  private version13: boolean | null = false
  private readonly cipherChanged = [false, false]
  private readonly finished = [false, false]
  private beforeFinished = 0
  private tickets = 0
  private ticketLength = 0

  /** A hello was read; `version13` of a ServerHello that chooses TLS 1.3, null where that was cut off. */
  hello(fromClient: boolean, version13: boolean | null): void {
    this.helloSeen = true
    if (fromClient) return
    this.serverHelloSeen = true
    this.version13 = version13
  }

  /** What follows may be encrypted as in TLS 1.3: the handshake from the ServerHello on, too. */
  get encrypts(): boolean {
    return this.established || (this.serverHelloSeen && this.version13 !== false)
  }

  /** What a record of this type and length means, coming from the client or from the server. */
  meaning(type: number, length: number, side: 0 | 1, fromClient: boolean): RecordMeaning {
    if (this.version13 === null && isOlder(type, length, fromClient && this.serverHelloSeen))
      this.version13 = false
    if (type === CHANGE_CIPHER_SPEC) this.cipherChanged[side] = true
    else if (type === HANDSHAKE && this.cipherChanged[side] && this.version13 !== true) this.finish(side)
    if (type !== APPLICATION_DATA) return 'handshake'
    if (!this.helloSeen) {
      /* the capture began after the handshake */
      this.established = true
      return 'data'
    }
    if (this.established) return fromClient || !this.isTicket(length) ? 'data' : 'ticket'
    if (length === ALERT_LENGTH_13 && this.encrypts) return 'handshake'
    if (fromClient) return this.clientFinish(length)
    if (this.version13 === false) return 'data'
    if (this.beforeFinished === 0) return 'handshake'
    /* the server would not have gone on without a Finished: it was in one record with the certificate */
    this.established = true
    return this.isTicket(length) ? 'ticket' : 'data'
  }

  /** Up to TLS 1.2 each side's Finished is the handshake record after its ChangeCipherSpec. */
  private finish(side: 0 | 1): void {
    this.finished[side] = true
    if (this.finished[0] && this.finished[1] && !this.established) {
      this.established = true
      this.tickets = TICKETS.count
    }
  }

  /** TLS 1.3: the client's first encrypted record is its Finished, unless its length says that a certificate comes first. */
  private clientFinish(length: number): RecordMeaning {
    if (!this.serverHelloSeen && !FINISHED_LENGTHS.includes(length)) return 'data' /* early data */
    if (this.serverHelloSeen && this.version13 === false) {
      /* the records before it were cut off */
      this.established = true
      return 'data'
    }
    this.beforeFinished++
    if (this.serverHelloSeen && !FINISHED_LENGTHS.includes(length) && length !== END_OF_EARLY_DATA)
      this.certificate ??= length === NO_CERTIFICATE ? 'none' : 'some'
    if (FINISHED_LENGTHS.includes(length)) this.established = true
    else if (this.beforeFinished > tlsPolicy.beforeFinished) {
      this.established = true
      return 'data'
    } else if (this.beforeFinished > 1) return 'unsure'
    return 'handshake'
  }

  private isTicket(length: number): boolean {
    if (this.version13 === false || this.tickets >= TICKETS.count) return false
    if (length < TICKETS.shortest || length > TICKETS.longest) this.tickets = TICKETS.count
    else if (this.tickets > 0 && length !== this.ticketLength) this.tickets = TICKETS.count
    else {
      this.tickets++
      this.ticketLength = length
      return true
    }
    return false
  }
}

/** Whether a record is one of TLS 1.2 or before: an alert that is encrypted and yet called one, a client's key exchange in the clear. */
function isOlder(type: number, length: number, afterServerHello: boolean): boolean {
  if (type === ALERT) return length > PLAIN_ALERT
  return type === HANDSHAKE && afterServerHello && length <= tlsPolicy.keyExchange
}
