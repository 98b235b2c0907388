/** Hostile texts from packets in pictures: captures made here, through the whole analysis. */
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { drawFlow, ladderText } from '../../src/diagram/sequence-diagram.js'
import { hostileCapture } from '../helpers/hostile.js'
import { elementsOf } from './xml.js'

const analysed = analyze([new MemorySource(hostileCapture(), '<script>alert(1)</script>.pcap')], {
  all: true,
  showSecrets: true,
})

it('come out as texts of valid XML, without marks that a reader obeys', async () => {
  const report = await analysed
  expect(report.flows.length).toBeGreaterThan(7)
  for (const { stream } of report.flows) {
    const svg = await drawFlow(report, stream)
    const names = new Set(elementsOf(svg).map((each) => each.name))
    expect([...names].sort()).toEqual(['desc', 'g', 'path', 'rect', 'style', 'svg', 'text', 'title'])
    expect(svg.replaceAll('\n', '')).not.toMatch(
      /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u,
    )
    expect(svg.length).toBeLessThan(60_000)
    const text = ladderText(report, stream, { width: 120, unicode: true })
    expect(text.replaceAll('\n', '')).not.toMatch(
      /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u,
    )
  }
})

it('are in the pictures at all', async () => {
  const report = await analysed
  const svgs = await Promise.all(report.flows.map(({ stream }) => drawFlow(report, stream)))
  expect(svgs.some((svg) => svg.includes('&lt;/script&gt;'))).toBe(true)
  expect(svgs.some((svg) => svg.includes('\ufffd'))).toBe(true)
})
