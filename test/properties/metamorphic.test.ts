import { describe, expect, test } from 'vitest'
import { numbers } from '../../scripts/weakened-captures.js'
import { analyze, type AnalyzeOptions } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { CaptureError } from '../../src/errors.js'
import type { FlowReport } from '../../src/result.js'
import { pcapFile, pcapngFile, type CaptureFileOptions } from '../helpers/capture-bytes.js'
import { ladderFile, ladderPackets, type LadderOptions, type LadderPacket } from '../helpers/ladder.js'
import { realCapture, renamed, withOtherIsns, type RealCapture } from '../helpers/real-capture.js'
import { brief, byName, type VerdictCase } from '../helpers/verdict-of.js'
import { allCases } from '../verdicts/cases/all.js'

/** Small captures of real servers, one of each kind. */
const REAL = [
  'refused',
  'race-rst-crossing-at-app',
  'race-in-buffer-at-app',
  'race-stale-reuse-at-client',
  'forgotten-nat-at-app',
  'vanished-app-upstream-only',
  'half-closed',
  'client-abort',
  'chain-lb-first',
  'nginx-read-timeout',
  'gunicorn-keepalive',
  'forged-rst-one-end',
  'probed-dead',
  'port-reuse',
]

async function flowsIn(file: Uint8Array, options: AnalyzeOptions = {}): Promise<readonly FlowReport[]> {
  return (await analyze([new MemorySource(file)], { ...options, all: true })).flows
}

/** What a ladder's flows are called, by their names in it. */
async function named(
  one: VerdictCase,
  text: string,
  capture: LadderOptions,
  change: (packets: LadderPacket[]) => LadderPacket[] = (packets) => packets,
): Promise<Record<string, string>> {
  const options = { ...one.options?.capture, ...capture }
  const file = ladderFile(change(ladderPackets(text, options)), options)
  const flows = byName(text, await analyze([new MemorySource(file)], { ...one.options, all: true }))
  return Object.fromEntries(Object.entries(flows).map(([name, flow]) => [name, brief(flow)]))
}

const known = new Map<VerdictCase, Promise<Record<string, string>>>()

/** What the flows of a case are called when nothing is changed. */
function asIs(one: VerdictCase): Promise<Record<string, string>> {
  const found = known.get(one) ?? named(one, one.ladder, {})
  known.set(one, found)
  return found
}

/** The same thing captured or written in another way: every verdict must stay as it is. */
const LAWS: Readonly<Record<string, { text?: (text: string) => string; capture?: LadderOptions }>> = {
  'other times': { capture: { epochNs: 1_234_567_890_123_456_000n } },
  'other sequence numbers': { text: (text) => withIsns(text, 77_000_000, 3_000_000_000) },
  'sequence numbers that wrap around': { text: (text) => withIsns(text, 2 ** 32 - 20, 2 ** 32 - 90) },
  'sequence numbers around the sign bit': { text: (text) => withIsns(text, 2 ** 31 - 30, 2 ** 31 - 60) },
  'other addresses': { text: (text) => text.replace(/\b10\.(0|9)\.(\d)\.(\d+):/g, '172.2$1.9.20$3:') },
  'addresses in the opposite order': {
    text: (text) => text.replace(/\b10\.0\.0\.(\d):/g, (_, n) => `10.0.0.${90 - Number(n)}:`),
  },
  IPv6: { text: (text) => text.replace(/\b10\.(\d)\.(\d)\.(\d+):/g, '[2001:db8:5$1::$3]:') },
  'other ports': { text: withOtherPorts },
  'other flows in between': { text: withOthers },
  pcapng: { capture: { format: 'pcapng' } },
  'big-endian pcap': { capture: { bigEndian: true } },
  'pcapng with nanoseconds': { capture: { format: 'pcapng', nanoseconds: true } },
  'raw IP': { capture: { link: 'RAW' } },
  'SLL2, taken by a host that is no end of any flow': { capture: { link: 'LINUX_SLL2' } },
  'a VLAN tag': { capture: { vlans: [7] } },
}

function withIsns(text: string, client: number, server: number): string {
  let flow = 0
  return text.replace(/^(\s*flow [^\n]*?)( isn \S+)?$/gm, (_, line: string) => {
    const step = 500_000 * flow++
    return `${line} isn ${(client + step) % 2 ** 32}/${(server + step) % 2 ** 32}`
  })
}

function withOtherPorts(text: string): string {
  return text.replace(
    /^(\s*flow \S+ \S+?):(\d+) > (\S+?):(\d+)/gm,
    (_, from: string, port: string, to: string, service: string) => {
      return `${from}:${Number(port) + 1111} > ${to}:${Number(service) + 10}`
    },
  )
}

/** Two clean exchanges of hosts that have nothing to do with the others, at the beginning of the capture. */
function withOthers(text: string): string {
  const other = (name: string, at: string): string => `
    ${at} ${name} > S
    ${name} < S.
    ${name} > .
    ${name} > P. 'GET /other HTTP/1.1\\r\\nHost: o\\r\\n\\r\\n'
    ${name} < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n'
    ${name} > F.
    ${name} < F.
    ${name} > .`
  return `${text}
    flow x 10.5.5.1:50555 > 10.5.5.2:8055 ts
    flow y 10.5.5.1:50556 > 10.5.5.2:8055 ts
    ${other('x', '0.00003')}
    ${other('y', '0.00015')}`
}

describe('every ladder of the verdict tests', () => {
  test.each(Object.entries(LAWS))('%s', async (law, { text = (same: string) => same, capture = {} }) => {
    for (const one of allCases) {
      if (one.options?.capture?.link !== undefined && capture.link !== undefined) continue
      // ICMP and ICMPv6 have other numbers for the same errors.
      if (law === 'IPv6' && one.ladder.includes(' icmp ')) continue
      const expected = await asIs(one)
      // The same snaplen shows more of a message behind a shorter link header.
      if (one.options?.capture?.snaplen !== undefined && 'link' in capture) continue
      const got = await named(one, text(one.ladder), capture)
      for (const name of Object.keys(expected))
        expect(got[name], `${one.name}, flow ${name}`).toBe(expected[name])
    }
  })
})

type Less = (packets: LadderPacket[], next: () => number) => LadderPacket[]

/** Flags of the TCP segment in a packet. */
const flagsOf = ({ bytes }: LadderPacket): number => bytes[(bytes[0] ?? 0) >> 4 === 6 ? 53 : 33] ?? 0
const SYN = 2

async function briefs(file: Uint8Array): Promise<string[]> {
  return (await flowsIn(file)).map((flow) => `${flow.stream} ${brief(flow)}`)
}

const REAL_LAWS: Readonly<Record<string, (capture: RealCapture) => Uint8Array>> = {
  'other times': (capture) => write(capture, {}, (ns) => ns - 987_654_321_000_000_000n),
  'other sequence numbers': (capture) => write(withOtherIsns(capture)),
  'other addresses and ports': (capture) => write(renamed(capture)),
  'pcapng with nanoseconds': ({ records, linkType }) => pcapngFile(records, { linkType, nanoseconds: true }),
  'big endian': (capture) => write(capture, { bigEndian: true }),
}

function write(
  { records, linkType }: RealCapture,
  options: CaptureFileOptions = {},
  time: (ns: bigint) => bigint = (ns) => ns,
): Uint8Array {
  return pcapFile(
    records.map((record) => ({ ...record, timeNs: time(record.timeNs) })),
    { nanoseconds: true, ...options, linkType },
  )
}

describe.each(REAL)('real servers: %s', (scenario) => {
  const capture = realCapture(scenario)
  let unchanged: Promise<string[]> | null = null
  test.each(Object.entries(REAL_LAWS))('%s', async (_, change) => {
    unchanged ??= briefs(write(capture))
    expect(await briefs(change(capture))).toEqual(await unchanged)
  })
})

describe('sequence numbers say as little in a capture that began late', () => {
  const LATE: Readonly<Record<string, Less>> = {
    'without SYN and SYN-ACK': (packets) => packets.filter((packet) => !(flagsOf(packet) & SYN)),
    'started after the handshake': (packets) => packets.slice(3),
    'only the end': (packets) => packets.slice(-2),
    'only the last frame': (packets) => packets.slice(-1),
  }
  test.each(Object.entries(LATE))('%s', async (_, less) => {
    const seen = async (one: VerdictCase, text: string): Promise<Record<string, string>> => {
      const part = less(ladderPackets(text, one.options?.capture), () => 0)
      if (part.length === 0) return {}
      const flows = await ladderFlows(one, part)
      return Object.fromEntries(Object.entries(flows).map(([name, flow]) => [name, brief(flow)]))
    }
    for (const one of allCases) {
      const plain = await seen(one, one.ladder)
      expect(await seen(one, withIsns(one.ladder, 2 ** 32 - 20, 2 ** 32 - 90)), one.name).toEqual(plain)
    }
  })
})

/**
 * Whether a part of the capture claims to know for certain what the whole of it does not say. Three things cannot be known: where the only
 * answer is missing, nobody has answered; of a segment that was never captured only the RST tells that answers it; and where one end has
 * closed and the other has not, only the RST tells that it was given up at all.
 */
function claimsMore(whole: FlowReport, part: FlowReport): boolean {
  const { verdict } = part
  if (whole.verdict.class === 'open' && verdict.phase !== null && verdict.closer === 'none') return false
  if (whole.verdict.summary.includes('a RST of the server answers a segment that the capture lacks'))
    return false
  if (verdict.variant === 'half-closed' && hasReset(whole) && !hasReset(part)) return false
  const same = verdict.class === whole.verdict.class && verdict.variant === whole.verdict.variant
  return !same && verdict.certainty === 'certain'
}

function hasReset({ history }: FlowReport): boolean {
  return /r/i.test(history)
}

async function ladderFlows(one: VerdictCase, packets: readonly LadderPacket[], capture: LadderOptions = {}) {
  const options = { ...one.options?.capture, ...capture }
  return byName(
    one.ladder,
    await analyze([new MemorySource(ladderFile(packets, options))], { ...one.options, all: true }),
  )
}

const packets = new Map<VerdictCase, LadderPacket[]>()

/** The packets of a case, read once. */
function packetsOf(one: VerdictCase): LadderPacket[] {
  const found = packets.get(one) ?? ladderPackets(one.ladder, one.options?.capture)
  packets.set(one, found)
  return found
}

const wholes = new Map<VerdictCase, Promise<readonly FlowReport[]>>()

/** The flows of a case as the whole capture shows them. */
function wholeOf(one: VerdictCase): Promise<readonly FlowReport[]> {
  const found = wholes.get(one) ?? flowsIn(ladderFile(packetsOf(one), one.options?.capture), one.options)
  wholes.set(one, found)
  return found
}

const SYN_ACK = 18

/** Parts of a capture, each tried on every ladder. */
const PARTS: Readonly<Record<string, { less?: Less; capture?: LadderOptions }>> = {
  'a snaplen of 96 bytes': { capture: { snaplen: 96 } },
  'without SYN and SYN-ACK': { less: (packets) => packets.filter((packet) => !(flagsOf(packet) & SYN)) },
  'without SYN': { less: (packets) => packets.filter((packet) => (flagsOf(packet) & SYN_ACK) !== SYN) },
  'stopped before the last frame': { less: (packets) => packets.slice(0, -1) },
  'stopped before the last two': { less: (packets) => packets.slice(0, -2) },
  'stopped before the last three': { less: (packets) => packets.slice(0, -3) },
  'stopped before the last six': { less: (packets) => packets.slice(0, -6) },
  'stopped halfway': { less: (packets) => packets.slice(0, packets.length >> 1) },
  'stopped anywhere': { less: (packets, next) => packets.slice(0, 1 + Math.floor(next() * packets.length)) },
  'started after the handshake': { less: (packets) => packets.slice(3) },
  'started after five frames': { less: (packets) => packets.slice(5) },
  'started anywhere': { less: (packets, next) => packets.slice(Math.floor(next() * packets.length)) },
  'one frame in a hundred missing': { less: (packets, next) => packets.filter(() => next() >= 0.01) },
}

const key = ({ client, server }: FlowReport): string =>
  `${client.ip}:${client.port} > ${server.ip}:${server.port}`

describe('less of the capture makes no other class certain', () => {
  test.each(Object.entries(PARTS))('%s', async (_, { less = (all: LadderPacket[]) => all, capture = {} }) => {
    const next = numbers(7)
    for (const one of allCases) {
      const part = less(packetsOf(one), next)
      if (part.length === 0) continue
      const whole = await wholeOf(one)
      for (const [name, rest] of Object.entries(await ladderFlows(one, part, capture))) {
        // Of several connections with the same ports a part may hold only a later one.
        const before = whole.filter((flow) => key(flow) === key(rest))
        const worse = before.length > 0 && before.every((flow) => claimsMore(flow, rest))
        expect(
          worse,
          `${one.name}, flow ${name}: ${before.map(brief).join(' or ')} became ${brief(rest)}`,
        ).toBe(false)
      }
    }
  })

  test.each(REAL)('one frame in a hundred missing of %s', async (scenario) => {
    const { records, linkType } = realCapture(scenario)
    const whole = await flowsIn(pcapFile(records, { linkType, nanoseconds: true }))
    for (let seed = 1; seed <= 8; seed++) {
      const next = numbers(seed)
      const part = records.filter(() => next() >= 0.01)
      for (const flow of await flowsIn(pcapFile(part, { linkType, nanoseconds: true }))) {
        const before = whole.filter((one) => key(one) === key(flow))
        const worse = before.length > 0 && before.every((one) => claimsMore(one, flow))
        expect(worse, `seed ${seed}, ${key(flow)}: ${brief(flow)}: ${flow.verdict.summary}`).toBe(false)
      }
    }
  })
})

/** Analyses whatever it is; nothing but CaptureError may come out, and that within a second. */
async function survives(file: Uint8Array, what: string): Promise<void> {
  const started = Date.now()
  try {
    await flowsIn(file)
  } catch (error) {
    if (!(error instanceof CaptureError)) throw new Error(`${what}: ${String(error)}`, { cause: error })
  }
  expect(Date.now() - started, what).toBeLessThan(1000)
}

describe('damage never hangs and throws nothing but CaptureError', () => {
  const files = REAL.slice(0, 8).map((scenario) => ({ scenario, file: write(realCapture(scenario)) }))

  test('cut off anywhere', async () => {
    const next = numbers(1)
    for (let i = 0; i < 150; i++) {
      const { scenario, file } = files[i % files.length] ?? files[0]!
      const length = Math.floor(next() * file.length)
      await survives(file.subarray(0, length), `${scenario} cut to ${length} bytes`)
    }
  })

  test('bytes changed anywhere', async () => {
    const next = numbers(2)
    for (let i = 0; i < 400; i++) {
      const { scenario, file } = files[i % files.length] ?? files[0]!
      const damaged = file.slice()
      const changes = 1 + Math.floor(next() * 6)
      for (let n = 0; n < changes; n++) damaged[Math.floor(next() * file.length)] = Math.floor(next() * 256)
      await survives(damaged, `${scenario}, damage ${i}`)
    }
  })

  test('frames in any order', async () => {
    const next = numbers(3)
    for (const scenario of REAL) {
      const { records, linkType } = realCapture(scenario)
      const order = records.map((record) => ({ record, at: next() })).sort((a, b) => a.at - b.at)
      const times = records.map((record) => record.timeNs)
      const shuffled = order.map(({ record }, i) => ({ ...record, timeNs: times[i] ?? 0n }))
      await survives(pcapFile(shuffled, { linkType }), `${scenario}, shuffled`)
    }
  })
})
