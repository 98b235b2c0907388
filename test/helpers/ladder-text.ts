/** Reads the text of a ladder (see ladder.ts for the language) into flows and lines. */

export type LadderSideName = 'client' | 'server'

/** What a side sent that took sequence numbers; `again` repeats it. */
export interface SentRange {
  readonly seq: number
  readonly flags: number
  readonly payload: Uint8Array
}

/** One end of a ladder's flow with what it has sent so far. */
export interface LadderSide {
  readonly ip: string
  readonly port: number
  readonly isn: number
  readonly ttl: number
  readonly window: number
  readonly mss: number
  /** Window scale shift offered in the SYN; null: none. */
  readonly wscale: number | null
  /** Next relative sequence number; 0: nothing sent yet. */
  next: number
  /** `next` after each segment; what a reader of n segments may acknowledge. */
  readonly reached: number[]
  readonly sent: SentRange[]
  /** Relative acknowledgement number it sent last; null: none yet. */
  lastAck: number | null
  ipId: number
  /** The side's last IP packet; null: none yet. */
  lastPacket: Uint8Array | null
  /** Its last time stamp value. */
  lastTsval: number
}

export interface LadderFlow {
  readonly sides: { readonly client: LadderSide; readonly server: LadderSide }
  readonly timestamps: boolean
  readonly sack: boolean
}

/** One segment (or a series of like ones). Null: not said, so it follows from the flow. */
export interface LadderLine {
  readonly text: string
  readonly flow: string
  readonly from: LadderSideName
  readonly seconds: number
  readonly flags: number
  payload: Uint8Array
  seq: number | null
  ack: number | null
  unseen: number
  again: number | null
  probe: boolean
  window: number | null
  ttl: number | null
  ipId: number | null
  mss: number | null
  noTimestamps: boolean
  sack: readonly number[]
  options: readonly number[] | null
  times: number
  every: number
  packetType: number | null
  interfaceId: number
  zeroLength: boolean
  icmp: { readonly type: number; readonly code: number; from: string | null; quotes: number } | null
}

const FLAGS: Readonly<Record<string, number>> = {
  F: 1,
  S: 2,
  R: 4,
  P: 8,
  '.': 16,
  U: 32,
  E: 64,
  W: 128,
  '-': 0,
}
const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t' }

/** Parses a ladder; throws an Error that names the line when a word is not known. */
export function parseLadder(text: string): { flows: Map<string, LadderFlow>; lines: LadderLine[] } {
  const flows = new Map<string, LadderFlow>()
  const lines: LadderLine[] = []
  let seconds = -0.0001
  for (const raw of text.split('\n')) {
    const words =
      raw.match(/'(?:\\.|[^'\\])*'|\/\/.*|#.*|[^\s']+/g)?.filter((w) => !/^(\/\/|#)/.test(w)) ?? []
    if (words.length === 0) continue
    if (words[0] === 'flow') {
      flows.set(words[1]!, parseFlow(words, flows.size))
      continue
    }
    const timed = /^\+?\d/.test(words[0]!)
    const stamp = timed ? words.shift()! : '+0.0001'
    seconds = stamp.startsWith('+') ? seconds + Number(stamp) : Number(stamp)
    lines.push(parseLine(words, seconds, raw.trim()))
    const last = lines.at(-1)!
    seconds += (last.times - 1) * last.every
  }
  return { flows, lines }
}

function parseFlow(words: readonly string[], index: number): LadderFlow {
  const after = (word: string): string | undefined =>
    words.includes(word) ? words[words.indexOf(word) + 1] : undefined
  const pair = (word: string, client: number, server: number): [number, number] => {
    const [x, y] = after(word)?.split('/').map(Number) ?? [client, server]
    return [x!, y ?? x!]
  }
  const isn = pair('isn', 1000 + index * 100_000, 5000 + index * 100_000)
  const ttl = pair('ttl', 64, 64)
  const window = pair('win', 502, 509)
  const mss = pair('mss', 1460, 1460)
  const wscale = after('wscale') === undefined ? null : pair('wscale', 7, 7)
  const side = (endpoint: string, i: 0 | 1): LadderSide => ({
    ip: endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/[[\]]/g, ''),
    port: Number(endpoint.slice(endpoint.lastIndexOf(':') + 1)),
    isn: isn[i],
    ttl: ttl[i],
    window: window[i],
    mss: mss[i],
    wscale: wscale === null ? null : wscale[i],
    next: 0,
    reached: [0],
    sent: [],
    lastAck: null,
    ipId: i === 0 ? 0x1000 : 0x2000,
    lastPacket: null,
    lastTsval: 0,
  })
  if (words[3] !== '>')
    throw new Error(`ladder: a flow reads "flow a ip:port > ip:port", not: ${words.join(' ')}`)
  return {
    sides: { client: side(words[2]!, 0), server: side(words[4]!, 1) },
    timestamps: words.includes('ts'),
    sack: !words.includes('no-sack'),
  }
}

function parseLine(words: readonly string[], seconds: number, text: string): LadderLine {
  const [flow, direction, flags] = words
  if (flags === undefined || (direction !== '>' && direction !== '<')) {
    throw new Error(`ladder: a line reads "time flow > flags …", not: ${text}`)
  }
  const line = plainLine(text, flow!, direction === '>' ? 'client' : 'server', seconds, flags)
  const rest = words.slice(3)
  if (flags === 'icmp') {
    const [type = 3, code = 1] = rest.shift()?.split('/').map(Number) ?? []
    line.icmp = { type, code, from: null, quotes: 48 }
  }
  const number = (fallback?: number): number => {
    if (rest.length > 0 && /^\d/.test(rest[0]!)) return Number(rest.shift())
    if (fallback === undefined) throw new Error(`ladder: a number is missing in: ${text}`)
    return fallback
  }
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith("'")) line.payload = textBytes(word.slice(1, -1))
    else if (!readWord(line, word, number, () => rest.shift() ?? '')) {
      throw new Error(`ladder: unknown word ${word} in: ${text}`)
    }
  }
  return line
}

function readWord(
  line: LadderLine,
  word: string,
  number: (n?: number) => number,
  next: () => string,
): boolean {
  if (word === 'len') line.payload = new Uint8Array(number()).fill(0x78)
  else if (word === 'seq') line.seq = number()
  else if (word === 'ack') line.ack = number()
  else if (word === 'unseen') line.unseen = number(1)
  else if (word === 'again') line.again = number(1)
  else if (word === 'probe') line.probe = true
  else if (word === 'win') line.window = number()
  else if (word === 'ttl') line.ttl = number()
  else if (word === 'id') line.ipId = number()
  else if (word === 'mss') line.mss = number()
  else if (word === 'no-ts') line.noTimestamps = true
  else if (word === 'sack') line.sack = next().split(/[-,]/).map(Number)
  else if (word === 'options') line.options = (next().match(/../g) ?? []).map((hex) => parseInt(hex, 16))
  else if (word === 'times') line.times = number()
  else if (word === 'every') line.every = number()
  else if (word === 'out') line.packetType = 4
  else if (word === 'in') line.packetType = 0
  else if (word === 'if') line.interfaceId = number()
  else if (word === 'bad-length') line.zeroLength = true
  else if (word === 'from' && line.icmp !== null) line.icmp.from = next()
  else if (word === 'quotes' && line.icmp !== null) line.icmp.quotes = Number(next())
  else return false
  return true
}

function plainLine(
  text: string,
  flow: string,
  from: LadderSideName,
  seconds: number,
  flags: string,
): LadderLine {
  const unset = { seq: null, ack: null, again: null, window: null, ttl: null, ipId: null, mss: null }
  const letters = flags === 'icmp' ? [] : [...flags]
  if (letters.some((letter) => FLAGS[letter] === undefined))
    throw new Error(`ladder: flags ${flags} in: ${text}`)
  return {
    ...unset,
    text,
    flow,
    from,
    seconds,
    flags: letters.reduce((bits, letter) => bits | FLAGS[letter]!, 0),
    payload: new Uint8Array(0),
    unseen: 0,
    probe: false,
    noTimestamps: false,
    sack: [],
    options: null,
    times: 1,
    every: 0.0001,
    packetType: null,
    interfaceId: 0,
    zeroLength: false,
    icmp: null,
  }
}

function textBytes(text: string): Uint8Array {
  const plain = text.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code),
  )
  return Uint8Array.from(plain, (char) => char.charCodeAt(0) & 255)
}
