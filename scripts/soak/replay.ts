/** A capture that can be written again and again: each time later, with other sequence numbers, as if the day went on. */

const FILE_HEADER = 24
const RECORD_HEADER = 16
const LITTLE_MICRO = 0xa1b2c3d4
/** Bytes before the IP header, by link type. */
const LINK_BYTES: Readonly<Record<number, number>> = { 1: 14, 276: 20 }
const ACK = 16
/** Far enough that no sequence number of one round is near one of the next. */
const SEQ_STEP = 0x10000001
/** Pause between two rounds, so that what ended has ended. */
const PAUSE_SECONDS = 5

export class Replay {
  readonly header: Uint8Array
  readonly frames: number
  /** From one round to the next, in seconds. */
  readonly seconds: number
  private readonly body: Buffer
  private readonly records: number[] = []
  private readonly linkBytes: number

  /** Throws when the capture is of another format. */
  constructor(capture: Buffer) {
    const link = LINK_BYTES[capture.readUInt32LE(20)] as number | undefined
    if (capture.readUInt32LE(0) !== LITTLE_MICRO || link === undefined)
      throw new Error('a little-endian microsecond pcap with SLL2 or Ethernet frames is needed')
    this.linkBytes = link
    this.header = capture.subarray(0, FILE_HEADER)
    this.body = Buffer.from(capture.subarray(FILE_HEADER))
    let at = 0
    while (at + RECORD_HEADER <= this.body.length) {
      const next = at + RECORD_HEADER + this.body.readUInt32LE(at + 8)
      if (next > this.body.length) break
      this.records.push(at)
      at = next
    }
    this.frames = this.records.length
    const time = (record: number): number => this.body.readUInt32LE(record)
    this.seconds = time(this.records[this.frames - 1]) - time(this.records[0]) + PAUSE_SECONDS
  }

  /** The records of round `n`, counted from 0. */
  round(n: number): Uint8Array {
    const bytes = Buffer.from(this.body)
    const shift = Math.imul(n, SEQ_STEP) >>> 0
    for (const record of this.records) {
      bytes.writeUInt32LE((bytes.readUInt32LE(record) + n * this.seconds) >>> 0, record)
      this.shiftTcp(bytes, record + RECORD_HEADER + this.linkBytes, shift)
    }
    return bytes
  }

  private shiftTcp(bytes: Buffer, ip: number, shift: number): void {
    const isTcp = ip + 40 <= bytes.length && bytes[ip] >> 4 === 4 && bytes[ip + 9] === 6
    if (!isTcp) return
    const tcp = ip + (bytes[ip] & 15) * 4
    if (tcp + 20 > bytes.length) return
    bytes.writeUInt32BE((bytes.readUInt32BE(tcp + 4) + shift) >>> 0, tcp + 4)
    if (bytes[tcp + 13] & ACK) bytes.writeUInt32BE((bytes.readUInt32BE(tcp + 8) + shift) >>> 0, tcp + 8)
  }
}
