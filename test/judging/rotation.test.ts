import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'

function captureOf(name: string): string {
  return new URL(`../../captures/${name}/capture.pcap`, import.meta.url).pathname
}

const INCIDENT = captureOf('incident-502')

/** The capture in so many files that follow each other, as tcpdump -C writes them. */
function rotated(parts: number, bytes = readFileSync(INCIDENT), host = ''): MemorySource[] {
  const records: Buffer[] = []
  for (let at = 24; at + 16 <= bytes.length;) {
    const next = at + 16 + bytes.readUInt32LE(at + 8)
    records.push(bytes.subarray(at, next))
    at = next
  }
  const each = Math.ceil(records.length / parts)
  return Array.from({ length: parts }, (_, n) => {
    const own = records.slice(n * each, (n + 1) * each)
    return new MemorySource(Buffer.concat([bytes.subarray(0, 24), ...own]), `caps/${host}${n}.pcap`)
  })
}

test('files of a rotation are one capture: the same flows, verdicts and findings', async () => {
  const whole = await analyze([new MemorySource(readFileSync(INCIDENT), 'whole.pcap')])
  const parts = await analyze(rotated(3))
  expect(parts.summary).toEqual(whole.summary)
  expect(parts.findings.map(({ class: word, count }) => [word, count])).toEqual(
    whole.findings.map(({ class: word, count }) => [word, count]),
  )
  const frames = (flows: typeof whole.flows): number[][] => flows.map((flow) => [flow.stream, flow.frames])
  expect(frames(parts.flows)).toEqual(frames(whole.flows))
})

test('a flow that goes on in the next file says where its frames are numbered', async () => {
  const { flows, captures } = await analyze(rotated(3))
  const spanning = flows.filter((flow) =>
    flow.verdict.remarks.some((remark) => /are numbered in/.test(remark)),
  )
  expect(spanning.length).toBeGreaterThan(0)
  for (const flow of spanning) {
    const own = captures[flow.capture]
    if (own === undefined) throw new Error('no capture')
    expect(flow.end).toBeGreaterThan(
      (Date.parse(own.start ?? '') - Date.parse(captures[0]?.start ?? '')) / 1000,
    )
    for (const { capture } of flow.verdict.evidence) expect(capture).not.toBe(flow.capture)
  }
  expect(spanning.some((flow) => flow.verdict.evidence.some(({ capture }) => capture === 1))).toBe(true)
})

test('a flow over hundreds of files names those in which it shows a frame, and no more than a few', async () => {
  const { flows } = await analyze(rotated(100, readFileSync(captureOf('websocket-ping'))), { all: true })
  const named = flows.map(({ close, ladder, verdict }) => ({
    shown: new Set([close.first, close.second, close.lastData, ...ladder].map((each) => each?.time)).size,
    remarks: verdict.remarks.filter((remark) => /frames are numbered in/.test(remark)),
  }))
  expect(Math.max(...named.map(({ remarks }) => remarks.length))).toBe(9)
  for (const { shown, remarks } of named) expect(remarks.length).toBeLessThanOrEqual(shown)
  expect(
    named.some(({ remarks }) =>
      remarks.some((remark) => /^later frames are numbered in \d+ more files?$/.test(remark)),
    ),
  ).toBe(true)
})

// Few enough files for their clocks to be compared: one SYN and its SYN-ACK are in file after file.
test.each([3, 9, 16])(
  'SYNs that are sent again in the next of %d files show no two clocks',
  async (parts) => {
    const bytes = readFileSync(captureOf('one-way-path'))
    const whole = await analyze([new MemorySource(bytes, 'whole.pcap')], { all: true })
    const { flows, captures } = await analyze(rotated(parts, bytes), { all: true })
    expect(captures.flatMap(({ notSeen }) => notSeen.filter((words) => /clock/.test(words)))).toEqual([])
    const told = (report: typeof whole.flows): unknown =>
      report.map(({ stream, frames, start, end, verdict }) => [stream, frames, start, end, verdict.class])
    expect(told(flows)).toEqual(told(whole.flows))
  },
)

// Links of TLS legs need both addresses of the proxy, which many connections tell together; a request in two files may have one frame number.
test.each(['tls13', 'tls-early-response', 'chain-api-timeout', 'tls-race-both-legs'])(
  '%s in forty files: the same verdicts, links and causes',
  async (name) => {
    const bytes = readFileSync(captureOf(name))
    const told = async (sources: MemorySource[]): Promise<unknown[]> => {
      const { flows } = await analyze(sources, { all: true })
      return flows.map(({ stream, verdict, links }) => {
        const { class: word, variant, severity, certainty, phase, closer, timer, causeStream } = verdict
        return { stream, word, variant, severity, certainty, phase, closer, timer, causeStream, links }
      })
    }
    expect(await told(rotated(40, bytes))).toEqual(await told([new MemorySource(bytes, 'whole.pcap')]))
  },
)

/** The capture with a clock that is ahead by so many milliseconds (less than a second). */
function ahead(bytes: Buffer, ms: number): Buffer<ArrayBuffer> {
  const moved = Buffer.from(bytes)
  for (let at = 24; at + 16 <= moved.length; at += 16 + moved.readUInt32LE(at + 8)) {
    const us = moved.readUInt32LE(at + 4) + ms * 1000
    moved.writeUInt32LE(moved.readUInt32LE(at) + Math.floor(us / 1e6), at)
    moved.writeUInt32LE(us % 1e6, at + 4)
  }
  return moved
}

test.each([0, 500])(
  'the rotations of two hosts in one folder are two captures, also with a clock %d ms ahead',
  async (ms) => {
    const [client, machine] = ['client-abort-at-client', 'client-abort'].map((name) =>
      readFileSync(captureOf(name)),
    )
    if (client === undefined || machine === undefined) throw new Error('no capture')
    const hosts = [ahead(machine, 0), ahead(client, ms)]
    const told = async (sources: MemorySource[]): Promise<unknown[]> => {
      const { flows, captures } = await analyze(sources, { all: true })
      const clock = captures.flatMap(({ notSeen }) => notSeen.filter((words) => /clock/.test(words)).length)
      expect(clock.reduce((a, b) => a + b)).toBe(ms === 0 ? 0 : 1)
      return flows.map(({ stream, frames, verdict, links }) => {
        const { class: word, certainty, causeStream } = verdict
        return { stream, frames, word, certainty, causeStream, links: links.map((link) => link.stream) }
      })
    }
    const whole = hosts.map((bytes, host) => new MemorySource(bytes, `caps/host${host}.pcap`))
    const cut = hosts.flatMap((bytes, host) => rotated(12, bytes, `host${host}-`))
    expect(await told(cut)).toEqual(await told(whole))
  },
)

test('near miss: connections that two files saw completed are of two hosts, however far apart their clocks', async () => {
  const [client, machine] = ['client-abort-at-client', 'client-abort'].map((name) =>
    readFileSync(captureOf(name)),
  )
  if (client === undefined || machine === undefined) throw new Error('no capture')
  const told = async (ms: number): Promise<{ clock: string[]; flows: unknown }> => {
    const files = [machine, ahead(client, ms)].map((bytes, n) => new MemorySource(bytes, `caps/${n}.pcap`))
    const { flows, captures } = await analyze(files, { all: true })
    const clock = captures.flatMap(({ notSeen }) => notSeen.filter((words) => /clock/.test(words)))
    return { clock, flows: flows.map(({ stream, frames, verdict }) => [stream, frames, verdict.class]) }
  }
  const apart = await told(3_600_000)
  expect(apart.clock.join()).toMatch(/it was 3600\.000 s ahead/)
  expect(apart.flows).toEqual((await told(0)).flows)
})
