/** What each row of a TLS connection is, as far as the records tell it without keys. */
import type { Conversation, TlsFrames } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { alertName, FATAL_ALERT } from '../knowledge/tls-alerts.js'
import type { FlowReport, LadderRow, Side } from '../result.js'

type Words = Pick<LadderRow, 'label' | 'message' | 'tls'>

/** The connection's TLS in short; null: it is not TLS. */
export function tlsOf({ conversation }: FlowFacts): NonNullable<FlowReport['tls']> | null {
  if (conversation?.protocol !== 'tls') return null
  const { tlsVersion, serverName, tlsEstablished } = conversation
  return { version: tlsVersion, serverName, established: tlsEstablished }
}

/** Frames in which the messages of each side begin that cannot be read. */
type Turns = Readonly<Record<Side, ReadonlySet<number>>>

/** The rows with the words of TLS; as they are where it is none. */
export function withTlsWords(rows: readonly LadderRow[], facts: FlowFacts): readonly LadderRow[] {
  const { conversation } = facts
  const frames = conversation?.tlsFrames ?? null
  if (conversation?.protocol !== 'tls' || frames === null) return rows
  const turns = turnsOf(conversation)
  return rows.map((row) =>
    row.payloadBytes === 0 || row.label !== null || row.marks.length > 0
      ? row
      : { ...row, ...wordsOf(row, conversation, frames, turns, facts.clientIndex) },
  )
}

function turnsOf({ exchanges }: Conversation): Turns {
  const turns = { client: new Set<number>(), server: new Set<number>() }
  for (const { requestStart, responseStart, method, status } of exchanges) {
    if (requestStart !== null && method === null) turns.client.add(requestStart.frame)
    if (responseStart !== null && status === null) turns.server.add(responseStart.frame)
  }
  return turns
}

function wordsOf(
  row: LadderRow,
  conversation: Conversation,
  frames: TlsFrames,
  turns: Turns,
  clientIndex: 0 | 1,
): Partial<Words> {
  const { from } = row
  const side = from === 'client' ? clientIndex : 1 - clientIndex
  const holds = (frame: number | null): boolean =>
    frame !== null && row.frame <= frame && frame <= row.lastFrame
  const { clientHello, serverHello, tickets, data } = frames
  if (from === 'client' && holds(clientHello)) return { label: 'ClientHello', tls: 'handshake' }
  if (from === 'server' && holds(serverHello)) return { label: 'ServerHello', tls: 'handshake' }
  const begun = clientHello ?? serverHello
  // What came before is in the clear (STARTTLS).
  if (begun !== null && row.frame < begun) return {}
  if (turns[from].has(row.frame)) {
    const message = from === 'client' ? 'request' : 'response'
    return { label: `encrypted ${message}`, message, tls: 'data' }
  }
  const isBeforeData = data === null || row.lastFrame < data
  const alert = conversation.tlsAlerts.find((one) => one.side === side && holds(one.start.frame))
  // Behind the rest of a message, in one segment with it, it is not what the row is about.
  const isAlone = row.segments === 1 && (isBeforeData || alert?.after?.frame !== row.frame)
  if (alert !== undefined && isAlone) return { label: alertLabel(alert), tls: 'alert' }
  // Where records are missing, application data may have begun among them, or more of the handshake come behind them.
  if (conversation.framingLost) return {}
  if (begun !== null && isBeforeData) return { tls: 'handshake' }
  if (from === 'server' && tickets === row.frame) return { label: 'TLS tickets', tls: 'handshake' }
  // A client may speak before the server's Finished has come: only behind its first message is it known to be data.
  const [first = Infinity] = turns[from]
  return row.frame >= first ? { tls: 'data' } : {}
}

function alertLabel({ certain, plain }: Conversation['tlsAlerts'][number]): string {
  if (plain !== null)
    return `${plain.level === FATAL_ALERT ? 'fatal alert' : 'alert'} ${alertName(plain.description)}`
  return certain ? 'encrypted alert' : 'encrypted alert, by its length'
}
