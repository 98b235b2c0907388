import type { TextStyle } from './measure.js'
import type { Head, Ink, LegendKey, Line, Story } from './story.js'

/** A line of text with its baseline at y. */
export interface SceneText {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly style: TextStyle
  readonly ink: Ink | 'pill'
  readonly text: string
}

/** A rectangle by its upper left corner. */
export interface SceneBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One stretch of a lifeline. */
export interface LifelinePart {
  readonly kind: 'line' | 'break' | 'dots'
  readonly y1: number
  readonly y2: number
}

/** A host: its head and its line, broken where time is compressed. */
export interface Lifeline {
  readonly x: number
  readonly box: SceneBox
  readonly parts: readonly LifelinePart[]
  readonly texts: readonly SceneText[]
}

/** Tinted background of rows. */
export interface Band extends SceneBox {
  readonly kind: 'silence' | 'deciding'
  readonly texts: readonly SceneText[]
}

/** One arrow with its texts. */
export interface Arrow {
  readonly row: number
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  readonly ink: Ink
  readonly head: Head
  readonly line: Line
  readonly strong: boolean
  /** Begins halfway, at a host that has no lifeline. */
  readonly fromBetween: boolean
  /** Which end was not seen but follows from acknowledgement numbers; that half is drawn dashed. */
  readonly inferred: 'start' | 'end' | null
  readonly detail: string
  readonly texts: readonly SceneText[]
}

/** The timer: a bracket from one row to another. */
export interface Bracket {
  readonly x: number
  readonly y1: number
  readonly y2: number
  /** Where its arms begin: the lifeline of the leg. */
  readonly armX: number
  readonly texts: readonly SceneText[]
}

/** A sample with its word. */
export interface LegendItem {
  readonly key: LegendKey
  readonly x: number
  readonly y: number
  readonly text: SceneText
}

/** A picture in numbers and strings: nothing left to decide but how to write it down. */
export interface Scene {
  readonly story: Story
  readonly width: number
  readonly height: number
  /** null when only the ladder is wanted. */
  readonly pill: SceneBox | null
  readonly lifelines: readonly Lifeline[]
  readonly bands: readonly Band[]
  readonly arrows: readonly Arrow[]
  readonly bracket: Bracket | null
  readonly legend: readonly LegendItem[]
  /** Header, footer, clocks: every text that belongs to no shape above. */
  readonly texts: readonly SceneText[]
}
