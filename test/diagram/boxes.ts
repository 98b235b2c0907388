import { textBox } from '../../src/diagram/layout.js'
import type { Scene, SceneBox, SceneText } from '../../src/diagram/scene.js'

/** A text with the room it takes. */
export interface Placed {
  readonly text: SceneText
  readonly box: SceneBox
}

/** Every text of a scene. */
function placedTexts(scene: Scene): Placed[] {
  const texts = [
    ...scene.texts,
    ...scene.lifelines.flatMap((lifeline) => lifeline.texts),
    ...scene.bands.flatMap((band) => band.texts),
    ...scene.arrows.flatMap((arrow) => arrow.texts),
    ...(scene.bracket?.texts ?? []),
    ...scene.legend.map((item) => item.text),
  ]
  return texts.filter((text) => text.text !== '').map((text) => ({ text, box: textBox(text) }))
}

/** Pairs of texts that lie on each other. */
export function overlappingTexts(scene: Scene): string[] {
  const placed = placedTexts(scene)
  return placed.flatMap((a, i) =>
    placed
      .slice(i + 1)
      .filter((b) => overlap(a.box, b.box))
      .map((b) => `“${a.text.text}” and “${b.text.text}”`),
  )
}

/** Texts that an arrow runs through. */
export function struckTexts(scene: Scene): string[] {
  const placed = placedTexts(scene)
  return scene.arrows.flatMap((arrow) =>
    placed
      .filter(({ box }) => crossesBox(arrow, box))
      .map(({ text }) => `row ${arrow.row} through “${text.text}”`),
  )
}

/** Texts, boxes and lines that leave the picture. */
export function outside(scene: Scene): string[] {
  return placedTexts(scene)
    .filter(
      ({ box }) =>
        box.x < 0 || box.y < 0 || box.x + box.width > scene.width || box.y + box.height > scene.height,
    )
    .map(({ text }) => text.text)
}

function overlap(a: SceneBox, b: SceneBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** Whether a straight arrow passes through a box, by the height it has at points along the box. */
function crossesBox(arrow: { x1: number; y1: number; x2: number; y2: number }, box: SceneBox): boolean {
  const left = Math.max(Math.min(arrow.x1, arrow.x2), box.x)
  const right = Math.min(Math.max(arrow.x1, arrow.x2), box.x + box.width)
  if (left >= right) return false
  const heightAt = (x: number) => arrow.y1 + ((x - arrow.x1) / (arrow.x2 - arrow.x1)) * (arrow.y2 - arrow.y1)
  const low = Math.min(heightAt(left), heightAt(right))
  const high = Math.max(heightAt(left), heightAt(right))
  return high > box.y && low < box.y + box.height
}
