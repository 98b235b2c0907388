/** Thousands of rotated files: only those that overlap in time are open and in memory, and cutting a capture up changes no verdict. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { readCaptures } from '../../src/capture/read-captures.js'
import type { ByteSource } from '../../src/capture/source.js'
import type { FlowReport, Report } from '../../src/result.js'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'
import { readRows } from '../helpers/rows.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pcap-why-many-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A little-endian pcap cut into files of so many records. */
function cut(capture: Buffer, records: number): Buffer[] {
  const parts: Buffer[] = []
  for (let at = 24; at < capture.length;) {
    const from = at
    for (let n = 0; n < records && at < capture.length; n++) at += 16 + capture.readUInt32LE(at + 8)
    parts.push(Buffer.concat([capture.subarray(0, 24), capture.subarray(from, at)]))
  }
  return parts
}

const captureOf = (scenario: string): Buffer => readFileSync(`${root}captures/${scenario}/capture.pcap`)

/** A file that counts how many like it are held. */
class HeldSource implements ByteSource {
  static held = 0
  static most = 0
  readonly size: number
  #memory: MemorySource
  #open = false
  constructor(
    readonly bytes: Uint8Array,
    readonly path: string,
  ) {
    this.size = bytes.length
    this.#memory = new MemorySource(bytes, path)
  }
  read(into: Uint8Array, at: number, length: number): number {
    if (!this.#open) HeldSource.most = Math.max(HeldSource.most, ++HeldSource.held)
    this.#open = true
    return this.#memory.read(into, at, length)
  }
  close(): void {
    if (this.#open) HeldSource.held--
    this.#open = false
  }
  rewind = (): void => {
    this.close()
    this.#memory = new MemorySource(this.bytes, this.path)
  }
}

const PACKETS = ladderPackets(`
  flow a 10.0.0.2:1 > 10.0.0.3:2
  0 a > S
  1 a < S.
  2 a > .
  3 a > P. len 10 times 600 every 0.001
  9 a < F.`)
const files = (step: number): HeldSource[] => {
  const all: HeldSource[] = []
  for (let at = 0; at < PACKETS.length; at += step)
    all.push(new HeldSource(ladderFile(PACKETS.slice(at, at + step)), `part ${all.length}`))
  return all
}

describe('what is held of many files', () => {
  it('is one of a rotation at a time, whatever their order', async () => {
    HeldSource.most = 0
    const { rows } = await readRows(...files(4).reverse())
    expect(rows.map(({ timeNs }) => timeNs)).toEqual(
      PACKETS.map((_, i) => rows[i].timeNs).sort((a, b) => a - b),
    )
    expect(rows).toHaveLength(PACKETS.length)
    expect(HeldSource.most).toBeLessThanOrEqual(2)
    expect(HeldSource.held).toBe(0)
  })

  it('is all that overlap: in order of time all the same', async () => {
    const sources = [0, 1, 2].map(
      (rest) => new HeldSource(ladderFile(PACKETS.filter((_, i) => i % 3 === rest)), `host ${rest}`),
    )
    const { rows } = await readRows(...sources)
    expect(rows.map(({ capture }) => capture)).toEqual(PACKETS.map((_, i) => i % 3))
  })
})

describe('files on disk', () => {
  const parts = PACKETS.slice(0, 200).map((packet, i) => {
    const path = join(folder, `${i}.pcap`)
    writeFileSync(path, ladderFile([packet]))
    return path
  })

  test.skipIf(process.platform !== 'linux')(
    'stay within few descriptors, also when all are read in turns',
    async () => {
      const open = (): number => readdirSync('/proc/self/fd').length
      const before = open()
      const sources = parts.map((path) => openSource(path))
      expect(open() - before).toBeLessThanOrEqual(64)
      const byte = new Uint8Array(1)
      const texts = sources.map(() => '')
      for (let round = 0; round < 30; round++)
        for (const [i, source] of sources.entries()) {
          await source.read(byte, 0, 1)
          texts[i] += String.fromCharCode(byte[0])
        }
      expect(open() - before).toBeLessThanOrEqual(64)
      for (const [i, path] of parts.entries())
        expect(texts[i]).toBe(readFileSync(path, 'latin1').slice(0, 30))
      for (const source of sources) source.close()
      expect(open()).toBe(before)
    },
  )

  it('that are replaced meanwhile are not mixed up', () => {
    const path = join(folder, 'rotating.pcap')
    writeFileSync(path, ladderFile(PACKETS.slice(0, 9)))
    writeFileSync(join(folder, 'next'), ladderFile(PACKETS.slice(9, 18)))
    const source = openSource(path)
    expect(source.read(new Uint8Array(30), 0, 30)).toBe(30)
    source.rewind?.()
    renameSync(join(folder, 'next'), path)
    expect(() => source.read(new Uint8Array(30), 0, 30)).toThrow('replaced by another file while it was read')
  })

  it('600 of a rotation, gzipped ones among them, are read with 100 file descriptors', () => {
    const many = join(folder, 'many')
    mkdirSync(many)
    const pieces = cut(Buffer.from(ladderFile(PACKETS)), 1)
    for (const [i, part] of pieces.entries()) {
      const gzipped = i % 50 === 7
      writeFileSync(join(many, `x.pcap${i}${gzipped ? '.gz' : ''}`), gzipped ? gzipSync(part) : part)
    }
    expect(pieces.length).toBeGreaterThan(600)
    const script = `ulimit -n 100; "$0" "$@"`
    const args = ['-c', script, process.execPath, 'bin/pcap-why.js', '--json', '--all', many]
    const report = JSON.parse(execFileSync('bash', args, { cwd: root, encoding: 'utf8' })) as Report
    expect(report.captures).toHaveLength(pieces.length)
    expect(report.captures.reduce((sum, { frames }) => sum + frames, 0)).toBe(PACKETS.length)
    expect(report.summary.flows).toBe(1)
    expect(report.flows[0].frames).toBe(PACKETS.length)
  })
})

describe('a rotation every few packets', () => {
  const told = ({ verdict, close }: FlowReport): unknown => [
    ...[
      verdict.class,
      verdict.severity,
      verdict.phase,
      verdict.closer,
      verdict.certainty,
      verdict.causeStream,
    ],
    close.owed,
  ]

  it.each([
    'keepalive-race',
    'nginx-read-timeout',
    'h2c-nginx',
    'half-closed',
    'forged-rst-both',
    'race-in-buffer',
  ])('changes no verdict: %s', async (scenario) => {
    const capture = captureOf(scenario)
    const whole = await analyze([new MemorySource(capture)], { all: true })
    for (const records of [1, 7]) {
      const sources = cut(capture, records).map((part, i) => new MemorySource(part, `part ${i}`))
      const parts = await analyze(sources, { all: true })
      expect(parts.flows.map(told)).toEqual(whole.flows.map(told))
    }
  })
})

test('a run that is stopped at once complains of no file', async () => {
  const signal = { aborted: true }
  const sources = files(100)
  const { captures } = await readCaptures(sources, () => {}, { signal })
  expect(captures).toHaveLength(sources.length)
  expect(captures.every(({ frames, damage }) => frames === 0 && damage === null)).toBe(true)
})
