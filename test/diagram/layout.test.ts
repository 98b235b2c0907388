import { describe, expect, it } from 'vitest'
import { layoutStory } from '../../src/diagram/layout.js'
import { tellStory } from '../../src/diagram/tell-story.js'
import { outside, overlappingTexts, struckTexts } from './boxes.js'
import { keepaliveRace, idleTimeout, raceWithRetry, SCENARIOS } from './scenarios.js'

describe.each(SCENARIOS)('the picture of %s', (_, make, stream) => {
  const scene = layoutStory(tellStory(make(), stream))

  it('has no text on another', () => expect(overlappingTexts(scene)).toEqual([]))
  it('has no arrow through a text', () => expect(struckTexts(scene)).toEqual([]))
  it('cuts nothing off', () => expect(outside(scene)).toEqual([]))

  it('goes from top to bottom in time', () => {
    const level = scene.arrows.map((arrow) => (arrow.inferred === 'start' ? arrow.y2 : arrow.y1))
    expect(level).toEqual([...level].sort((a, b) => a - b))
  })

  it('lets every arrow begin and end at a lifeline, but what a host between two of them sent', () => {
    const lifelines = new Set(scene.lifelines.map((lifeline) => lifeline.x))
    for (const arrow of scene.arrows)
      expect([arrow.fromBetween || lifelines.has(arrow.x1), lifelines.has(arrow.x2)]).toEqual([true, true])
  })

  it('tints one stretch at most', () => {
    expect(scene.bands.filter((band) => band.kind === 'deciding').length).toBeLessThanOrEqual(1)
  })

  it('is the same each time', () => expect(layoutStory(tellStory(make(), stream))).toEqual(scene))
})

describe('lifelines', () => {
  it('are broken in a silence and whole elsewhere', () => {
    const [first] = layoutStory(tellStory(idleTimeout(), 12)).lifelines
    expect(first?.parts.map((part) => part.kind)).toEqual(['line', 'break', 'line'])
    const ends = first?.parts.flatMap((part) => [part.y1, part.y2]) ?? []
    expect(ends).toEqual([...ends].sort((a, b) => a - b))
  })

  it('stand further apart for long addresses and labels', () => {
    const wide = layoutStory(tellStory(raceWithRetry(), 5)).lifelines.map((lifeline) => lifeline.x)
    expect((wide[1] as number) - (wide[0] as number)).toBeGreaterThan(420)
  })
})

describe('segments that crossed', () => {
  const scene = layoutStory(tellStory(keepaliveRace(), 31))
  const slanted = scene.arrows.filter((arrow) => arrow.inferred !== null)

  it('are drawn crossing, everything else is level', () => {
    expect(slanted.map((arrow) => arrow.inferred)).toEqual(['end', 'start'])
    const [request, fin] = slanted
    expect(request?.y1).toBe(fin?.y1)
    expect(request?.y2).toBe(fin?.y2)
    expect(request?.x1).toBe(fin?.x2)
    for (const arrow of scene.arrows) if (arrow.inferred === null) expect(arrow.y1).toBe(arrow.y2)
  })

  it('lie on the tint together and are explained', () => {
    const band = scene.bands.find((each) => each.kind === 'deciding')
    const inside = slanted.every(
      (arrow) => band !== undefined && arrow.y1 > band.y && arrow.y2 < band.y + band.height,
    )
    expect(inside).toBe(true)
    expect(scene.legend.map((item) => item.key)).toContain('crossing')
  })

  it('may be several: the request arrives after the last that crossed it', () => {
    const several = layoutStory(tellStory(raceWithRetry(), 5)).arrows.filter(
      (arrow) => arrow.inferred !== null,
    )
    expect(several).toHaveLength(3)
    const [request, ...crossers] = several
    for (const arrow of crossers) expect(arrow.y1).toBeLessThan(request?.y2 ?? 0)
  })
})

describe('the timer', () => {
  it('spans from the last byte to the close', () => {
    const scene = layoutStory(tellStory(idleTimeout(), 12))
    const request = scene.arrows.find((arrow) => arrow.texts.some((text) => text.text === '#9'))
    const close = scene.arrows.find((arrow) => arrow.texts.some((text) => text.text === '#77'))
    expect(scene.bracket).toMatchObject({ y1: request?.y1, y2: close?.y1 })
    expect(scene.bracket?.texts.map((text) => text.text)).toEqual([
      'proxy_read_timeout',
      'nginx · 60 s',
      'likely',
    ])
  })

  it('ends where a crossing close left its host', () => {
    const scene = layoutStory(tellStory(keepaliveRace(), 31))
    const fin = scene.arrows.find((arrow) => arrow.inferred === 'start')
    expect(scene.bracket?.y2).toBe(fin?.y1)
  })
})
