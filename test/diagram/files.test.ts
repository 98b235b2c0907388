import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { tellStory } from '../../src/diagram/tell-story.js'

const bytes = readFileSync(new URL('../../captures/nginx-read-timeout/capture.pcap', import.meta.url))

/** A file of every ten packets. */
function rotated(): MemorySource[] {
  const files: Buffer[][] = []
  for (let at = 24, n = 0; at + 16 <= bytes.length; n++) {
    const next = at + 16 + bytes.readUInt32LE(at + 8)
    ;(files[Math.floor(n / 10)] ??= []).push(bytes.subarray(at, next))
    at = next
  }
  return files.map(
    (own, n) =>
      new MemorySource(Buffer.concat([bytes.subarray(0, 24), ...own]), `${String(n).padStart(3, '0')}.pcap`),
  )
}

test('an arrow names the file in which its frame stands, also where the flow began in another', async () => {
  const whole = await analyze([new MemorySource(bytes, 'whole.pcap')])
  const cut = await analyze(rotated())
  const [finding] = whole.findings
  const stream = finding?.example ?? -1
  const rows = (report: typeof whole): string[] =>
    tellStory(report, stream).rows.flatMap((row) => (row.kind === 'arrow' ? [row.frames] : []))
  // Frame n of the whole is frame 1 + (n - 1) % 10 of file 1 + (n - 1) / 10.
  const inFiles = (frames: string): string => {
    const [first = 0, last = first] = frames.replace('#', '').split('–').map(Number)
    const name = (frame: number): string => `${Math.floor((frame - 1) / 10) + 1}:${((frame - 1) % 10) + 1}`
    if (first === last) return `#${name(first)}`
    const same = name(first).split(':')[0] === name(last).split(':')[0]
    return `#${name(first)}–${same ? (name(last).split(':')[1] ?? '') : name(last)}`
  }
  expect(new Set(rows(cut).map((frames) => frames.split(':')[0])).size).toBeGreaterThan(1)
  expect(rows(cut)).toEqual(rows(whole).map(inFiles))
})
