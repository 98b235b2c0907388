import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import type { ByteSource } from '../../src/capture/source.js'
import type { FlowReport } from '../../src/result.js'

const INCIDENT = new URL('../../captures/incident-502/capture.pcap', import.meta.url).pathname
const read = () => [openSource(INCIDENT)]

test('flows that are handed on as they end are those of the whole run, with the same verdicts', async () => {
  const handed: FlowReport[] = []
  const live = await analyze(read(), { onFlow: (flow) => handed.push(flow), keepFlows: false })
  const whole = await analyze(read())
  const brief = (flows: readonly FlowReport[]): string[] =>
    flows.map((flow) => `${flow.stream} ${flow.verdict.class} ${flow.verdict.variant ?? '-'}`).sort()
  expect(brief(handed)).toEqual(brief(whole.flows))
  expect(live.summary).toMatchObject(whole.summary)
  expect(live.findings.map(({ class: word, count }) => `${count} ${word}`).sort()).toEqual(
    whole.findings.map(({ class: word, count }) => `${count} ${word}`).sort(),
  )
})

test('what was handed on is not kept when nobody wants it kept', async () => {
  const gone = await analyze(read(), { onFlow: () => {}, keepFlows: false })
  expect(gone.flows).toEqual([])
  const handed: number[] = []
  const kept = await analyze(read(), { onFlow: (flow) => handed.push(flow.stream) })
  expect(kept.flows.length).toBe(handed.length)
})

test('flows are handed on while the capture is still being written', async () => {
  const file = openSource(INCIDENT)
  // A pipe brings a little at a time.
  const pipe: ByteSource = {
    path: '-',
    size: null,
    read: (into, at, length) => file.read(into, at, Math.min(length, 4096)),
    close: () => file.close(),
  }
  let bytes = 0
  const at: number[] = []
  await analyze([pipe], { onFlow: () => at.push(bytes), onProgress: (done) => (bytes = done) })
  expect(at[0]).toBeLessThan(bytes * 0.9)
})

test('a silent pipe does not keep what ended before from being told', async () => {
  const file = openSource(INCIDENT)
  let end: (count: number) => void = () => {}
  let tell: (forNs: number) => void = () => {}
  const handed: number[] = []
  const silences: number[] = []
  const pipe: ByteSource = {
    path: '-',
    size: null,
    read: (into, at, length) => {
      const count = file.read(into, at, length)
      if (count !== 0) return count
      // All has been written, nobody has closed the pipe.
      setTimeout(() => {
        for (const seconds of [1, 29, 31, 61, 300]) {
          tell(seconds * 1e9)
          silences.push(handed.length)
        }
        end(0)
      })
      return new Promise((resolve) => (end = resolve))
    },
    close: () => file.close(),
  }
  await analyze([pipe], {
    onFlow: ({ stream }) => handed.push(stream),
    whenQuiet: (listener) => (tell = listener),
  })
  expect(silences[1]).toBeLessThan(silences[2])
  expect(silences[2]).toBeLessThanOrEqual(silences[3])
  expect(new Set(handed).size).toBe(handed.length)
})
