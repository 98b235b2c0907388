import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'

function captureOf(name: string): string {
  return new URL(`../../captures/${name}/capture.pcap`, import.meta.url).pathname
}

const INCIDENT = captureOf('incident-502')

/** The capture in so many files that follow each other, as tcpdump -C writes them. */
function rotated(parts: number, path = INCIDENT, host = ''): MemorySource[] {
  const bytes = readFileSync(path)
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
    const first = flow.close.first
    const proof = flow.verdict.evidence.find((one) => one.frame === first?.frame)
    if (proof !== undefined && / \(frame of /.test(proof.text)) expect(proof.text).not.toContain(own.file)
  }
  expect(
    spanning.some((flow) => flow.verdict.evidence.some((one) => /frame of caps\/1/.test(one.text))),
  ).toBe(true)
})

// Links of TLS legs need both addresses of the proxy, which many connections tell together; a request in two files may have one frame number.
test.each(['tls13', 'tls-early-response', 'chain-api-timeout', 'tls-race-both-legs'])(
  '%s in forty files: the same verdicts, links and causes',
  async (name) => {
    const path = captureOf(name)
    const told = async (sources: MemorySource[]): Promise<unknown[]> => {
      const { flows } = await analyze(sources, { all: true })
      return flows.map(({ stream, verdict, links }) => {
        const { class: word, variant, severity, certainty, phase, closer, timer, causeStream } = verdict
        return { stream, word, variant, severity, certainty, phase, closer, timer, causeStream, links }
      })
    }
    expect(await told(rotated(40, path))).toEqual(
      await told([new MemorySource(readFileSync(path), 'whole.pcap')]),
    )
  },
)

test('the rotations of two hosts in one folder are two captures', async () => {
  const paths = ['client-abort', 'client-abort-at-client'].map(captureOf)
  const told = async (sources: MemorySource[]): Promise<unknown[]> => {
    const { flows } = await analyze(sources, { all: true })
    return flows.map(({ stream, frames, verdict }) => [stream, frames, verdict.class, verdict.certainty])
  }
  const whole = paths.map((path, host) => new MemorySource(readFileSync(path), `caps/host${host}.pcap`))
  const cut = paths.flatMap((path, host) => rotated(12, path, `host${host}-`))
  expect(await told(cut)).toEqual(await told(whole))
})
