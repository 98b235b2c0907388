import { CaptureReader } from '../capture/capture-reader.js'
import { WRITTEN_LATE_NS } from '../capture/policy.js'
import { append } from '../chain/lists.js'
import type { BufferPool } from '../capture/read-buffers.js'
import type { RunClock } from '../capture/run-clock.js'
import type { ByteSource } from '../capture/source.js'
import { AddressTable } from '../decode/addresses.js'
import { Conversations } from '../exchange/conversations.js'
import type { Exchange } from '../exchange/exchange.js'
import { flowFacts } from '../facts/build.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { FlowTracker } from '../flow/tracker.js'
import { AddressTexts } from './address-texts.js'
import { clockPolicy } from './clock-policy.js'

/** When something was seen to begin and to be answered, nanoseconds of the run. */
export interface Sighting {
  readonly beganNs: number
  readonly answeredNs: number
  /** It was not answered: the connection was closed then. */
  readonly unanswered: boolean
  /** Who sent it, and whom it was sent for (X-Forwarded-For); empty: nobody is named. */
  readonly sender: string
  readonly sentFor: string
}

/** What a capture saw that another one may have seen, too: by what tells it from others of its kind, in order of time. */
export type Sightings = ReadonlyMap<string, readonly Sighting[]>

/** What can be compared between two captures. */
export interface Seen {
  /** Its clock was set back. */
  readonly setBack: boolean
  /** First and last segment that was looked at; empty captures have none. */
  readonly fromNs: number
  readonly toNs: number
  /** SYN and SYN-ACK by both initial sequence numbers, whatever a NAT made of the addresses. */
  readonly handshakes: Sightings
  /** Those of them that the client completed, after which no host sends a SYN of theirs again. */
  readonly completed: ReadonlySet<string>
  /** Requests on any leg by their id. */
  readonly ids: Sightings
  /** The same by method, target and length of the body. */
  readonly contents: Sightings
}

/** Reads the beginning of a capture that can be begun anew. Null: it cannot be read. */
export async function whatWasSeen(
  source: ByteSource,
  pool: BufferPool,
  clock: RunClock,
  seed: number,
  signal?: { readonly aborted: boolean },
): Promise<Seen | null> {
  let bytes = 0
  const addresses = new AddressTable()
  let fromNs = Infinity
  let toNs = -Infinity
  const reader = new CaptureReader(source, {
    pool,
    addresses,
    clock,
    onBytes: (count) => (bytes += count),
    signal,
  })
  const conversations = new Conversations()
  const tracker = new FlowTracker(conversations, seed, { withoutLadder: true })
  try {
    while (bytes < clockPolicy.bytes && signal?.aborted !== true && (await reader.next())) {
      const { batch } = reader
      fromNs = Math.min(fromNs, batch.timeNs[0])
      toNs = Math.max(toNs, batch.timeNs[batch.length - 1])
      tracker.process(batch, 0, batch.length, 0)
    }
  } catch {
    // Whoever reads it to its end will say what is wrong.
    return null
  } finally {
    reader.close()
    source.rewind?.()
  }
  const setBack = reader.facts().largestBackwardNs > WRITTEN_LATE_NS
  return { setBack, fromNs, toNs, ...gathered(new AddressTexts(addresses), tracker, conversations) }
}

function gathered(
  texts: AddressTexts,

  { store }: FlowTracker,
  conversations: Conversations,
): Pick<Seen, 'handshakes' | 'completed' | 'ids' | 'contents'> {
  const [handshakes, ids, contents] = [new Gathering(), new Gathering(), new Gathering()]
  const completed = new Set<string>()
  const sources = {
    store,
    conversationOf: (row: number) => conversations.of(row),
    addressText: (family: number, address: number) => texts.of(family, address),
    captureEndOf: (_capture: number, ns: number) => ns,
  }
  for (let row = 0; row < store.flows.count; row++) {
    const facts = flowFacts(sources, row)
    const { syn, synAck, establishedNs } = facts
    if (syn !== null && synAck !== null && syn.repeats === 0 && synAck.repeats === 0) {
      const { baseSeq } = store.sides
      const synSide = store.flows.synSide[row]
      const key = `${baseSeq[row * 2 + synSide]} ${baseSeq[row * 2 + 1 - synSide]}`
      if (establishedNs !== null) completed.add(key)
      handshakes.add(key, {
        beganNs: syn.ns,
        answeredNs: synAck.ns,
        unanswered: false,
        sender: '',
        sentFor: '',
      })
    }
    for (const exchange of facts.conversation?.exchanges ?? []) {
      const sighting = requestSeen(facts, exchange)
      if (sighting === null) continue
      if (exchange.requestId !== null) ids.add(exchange.requestId, sighting)
      else if (exchange.method !== null && exchange.target !== null)
        contents.add(`${exchange.method} ${exchange.target} ${exchange.requestBody ?? '-'}`, sighting)
    }
  }
  return { handshakes: handshakes.byKey, completed, ids: ids.byKey, contents: contents.byKey }
}

/** Null: its beginning, or whatever ended the wait for an answer, was not seen. */
function requestSeen({ client, close, conversation }: FlowFacts, exchange: Exchange): Sighting | null {
  const { requestStart, responseStart, reset } = exchange
  const closedNs = exchange === conversation?.exchanges.at(-1) ? close.first?.ns : null
  const answeredNs = responseStart?.timeNs ?? reset?.point.timeNs ?? closedNs ?? null
  if (requestStart === null || answeredNs === null || answeredNs < requestStart.timeNs) return null
  const sentFor = exchange.forwardedFor ?? ''
  const unanswered = responseStart === null
  return { beganNs: requestStart.timeNs, answeredNs, unanswered, sender: client.ip, sentFor }
}

class Gathering {
  readonly byKey = new Map<string, Sighting[]>()

  add(key: string, sighting: Sighting): void {
    append(this.byKey, key, sighting)
  }
}
