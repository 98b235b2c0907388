import { MemorySource } from '../../src/capture/memory-source.js'
import type { CapturesRead } from '../../src/capture/read-captures.js'
import { readCaptures } from '../../src/capture/read-captures.js'
import type { ByteSource } from '../../src/capture/source.js'

/** One row of a batch as a plain object, for tests to compare. */
export interface Row {
  readonly capture: number
  readonly frame: number
  readonly timeNs: number
  readonly interfaceId: number
  readonly packetType: number
  /** `10.0.0.2:40122 > 10.0.0.3:8000` */
  readonly ends: string
  readonly ttl: number
  readonly ipId: number
  readonly headerLength: number
  readonly seq: number
  readonly ack: number
  readonly flags: number
  readonly window: number
  readonly payloadLength: number
  /** The captured payload, a character a byte. */
  readonly payload: string
  readonly odd: number
}

/** Reads captures and keeps every row. */
export async function readRows(
  ...captures: readonly (Uint8Array | ByteSource)[]
): Promise<{ rows: Row[]; read: CapturesRead }> {
  const sources = captures.map((capture) =>
    capture instanceof Uint8Array ? new MemorySource(capture) : capture,
  )
  const pending: ((text: (family: number, id: number) => string) => Row)[] = []
  const read = await readCaptures(sources, (batch, from, to, capture) => {
    for (let i = from; i < to; i++) {
      const family = batch.family[i]
      const [source, destination] = [batch.source[i], batch.destination[i]]
      const ports = [batch.sourcePort[i], batch.destinationPort[i]]
      const at = batch.payloadAt[i]
      const row = {
        capture,
        frame: batch.frame[i],
        timeNs: batch.timeNs[i],
        interfaceId: batch.interfaceId[i],
        packetType: batch.packetType[i],
        ttl: batch.ttl[i],
        ipId: batch.ipId[i],
        headerLength: batch.headerLength[i],
        seq: batch.seq[i],
        ack: batch.ack[i],
        flags: batch.flags[i],
        window: batch.window[i],
        payloadLength: batch.payloadLength[i],
        payload: latin(batch.bytes.subarray(at, at + batch.payloadCaptured[i])),
        odd: batch.odd[i],
      }
      const end = (host: string, port: number): string =>
        family === 6 ? `[${host}]:${port}` : `${host}:${port}`
      pending.push((text) => ({
        ...row,
        ends: `${end(text(family, source), ports[0])} > ${end(text(family, destination), ports[1])}`,
      }))
    }
  })
  const text = read.addresses.text.bind(read.addresses)
  return { rows: pending.map((make) => make(text)), read }
}

/** Rows in short, as tcpdump would: `1 S 1000 0 len 0`. */
export function brief(rows: readonly Row[]): string[] {
  return rows.map(
    (row) => `${row.frame} ${flagText(row.flags)} ${row.seq} ${row.ack} len ${row.payloadLength}`,
  )
}

function flagText(flags: number): string {
  const letters = [...'FSRP.UEW'].filter((_, bit) => flags & (1 << bit))
  return letters.join('') || '-'
}

function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}
