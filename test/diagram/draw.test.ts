import { describe, expect, it } from 'vitest'
import { drawFlow } from '../../src/diagram/sequence-diagram.js'
import { hostile, idleTimeout, keepaliveRace, SCENARIOS } from './scenarios.js'
import { elementsOf } from './xml.js'

describe.each(SCENARIOS)('the SVG of %s', (_, make, stream) => {
  it('is well-formed, inert and the same each time', async () => {
    const svg = await drawFlow(make(), stream)
    const elements = elementsOf(svg)
    const known = ['svg', 'title', 'desc', 'style', 'g', 'rect', 'path', 'text']
    expect([...new Set(elements.map((each) => each.name))].filter((name) => !known.includes(name))).toEqual(
      [],
    )
    for (const { attributes } of elements) {
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).not.toMatch(/^on|href$|^src$|^style$/)
        expect(value).not.toMatch(/url\(|javascript:|NaN|undefined|Infinity/)
      }
    }
    expect(svg.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u)
    expect(await drawFlow(make(), stream)).toBe(svg)
  })
})

describe('an SVG', () => {
  it('has a title and a description that its root points to', async () => {
    const elements = elementsOf(await drawFlow(idleTimeout(), 12))
    const [root] = elements
    expect(root?.attributes).toMatchObject({
      role: 'img',
      'aria-labelledby': 'pcap-why-12-title pcap-why-12-desc',
    })
    const titled = elements.find((each) => each.attributes['id'] === 'pcap-why-12-title')
    expect(titled?.text).toBe(
      'nginx gave up on the proxy after 60.000 s of waiting and sent the client a 504.',
    )
    const described = elements.find((each) => each.attributes['id'] === 'pcap-why-12-desc')
    expect(described?.text).toContain(
      '60.01348 s, nginx to proxy · uvicorn: FIN nginx closes first, frame #77. This decides.',
    )
  })

  it('keeps its ids and colours to itself', async () => {
    const one = await drawFlow(idleTimeout(), 12, { idPrefix: 'finding-1' })
    const two = await drawFlow(idleTimeout(), 12, { idPrefix: 'finding-2' })
    const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
    expect(ids(one)).toEqual(['finding-1', 'finding-1-title', 'finding-1-desc'])
    expect(ids(one).filter((id) => ids(two).includes(id))).toEqual([])
    const style = elementsOf(one).find((each) => each.name === 'style')?.text ?? ''
    const selectors = [...style.matchAll(/(?:^|[{}])([^{}@]+)\{/g)].map((match) => match[1] ?? '')
    expect(selectors.length).toBeGreaterThan(5)
    for (const selector of selectors) expect(selector).toMatch(/^#finding-1 \.pw-/)
  })

  it('makes an id of any prefix', async () => {
    const svg = await drawFlow(idleTimeout(), 12, { idPrefix: '1"><script>' })
    expect(svg).toContain('id="p-1---script-"')
  })

  it('has light colours as attributes and dark ones for those who ask', async () => {
    const auto = await drawFlow(idleTimeout(), 12)
    expect(auto).toContain('fill="#ffffff"')
    expect(auto).toContain('prefers-color-scheme:dark')
    const dark = await drawFlow(idleTimeout(), 12, { theme: 'dark' })
    expect(dark).toContain('fill="#0d1117"')
    expect(dark).not.toContain('<style')
    expect(await drawFlow(idleTimeout(), 12, { theme: 'light' })).not.toContain('<style')
  })

  it('can be the ladder alone, for pages that say the rest themselves', async () => {
    const svg = await drawFlow(idleTimeout(), 12, { ladderOnly: true })
    const texts = elementsOf(svg).filter((each) => each.name === 'text')
    expect(texts[0]?.text).toBe('client')
    expect(texts.some((each) => each.text.includes('Wireshark'))).toBe(false)
    expect(svg).toContain('<title')
  })

  it('tells roles apart without colour', async () => {
    const svg = await drawFlow(keepaliveRace(), 31)
    const grey = svg.replace(/#[0-9a-f]{6}/g, '#777777')
    // Full heads, open heads, the bar of a FIN, the cross of a RST and the dashes of what was inferred.
    for (const shape of [
      'M0 0L-10 -4.5L-10 4.5Z',
      'M-8 -4L-0.8 0L-8 4',
      'M-2.5 -6V6',
      'M-24 -5L-14 5',
      'stroke-dasharray="3 3"',
    ])
      expect(grey).toContain(shape)
  })

  it('stays small for labels of 10 KB', async () => {
    expect((await drawFlow(hostile(), 7)).length).toBeLessThan(80_000)
  })
})
