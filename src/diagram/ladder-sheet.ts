import { wholeLabel } from './arrow-label.js'
import { cellWidth } from './inert-text.js'
import { NARROWEST_LEG, NARROWEST_TEXT, TEXT_WIDTH, WIDEST_LEG } from './policy.js'
import type { ArrowRow, Story } from './story.js'
import { ASCII_SIGNS, toAscii, UNICODE_SIGNS, type Paint, type Signs } from './text-grid.js'

/** What a caller may choose about text. */
export interface LadderLineOptions {
  /** Cells of a line; default 100. */
  readonly width?: number
  /** false: nothing but ASCII. */
  readonly unicode?: boolean
  /** Colours; default none. */
  readonly paint?: Paint
  /** Only the ladder, without the verdict above and the fix below. */
  readonly ladderOnly?: boolean
}

/** Where things stand on the lines of a terminal. */
export interface Sheet {
  readonly story: Story
  readonly signs: Signs
  readonly width: number
  readonly paint: Paint
  readonly say: (text: string) => string
  readonly clockWidth: number
  readonly frameWidth: number
  /** Column of each lifeline. */
  readonly lifelines: readonly number[]
  /** Column of the timer's bracket; null when there is no room or no timer. */
  readonly bracket: number | null
}

/** Columns for a story in a terminal of this width. */
export function sheetOf(story: Story, options: LadderLineOptions): Sheet {
  const unicode = options.unicode !== false
  const say = unicode ? (text: string) => text : toAscii
  const width = Math.max(options.width ?? TEXT_WIDTH, NARROWEST_TEXT)
  const arrows = story.rows.filter((row): row is ArrowRow => row.kind === 'arrow')
  const clockWidth = Math.max(5, ...arrows.map((row) => row.clock.length))
  const frameWidth = Math.min(14, Math.max(2, ...arrows.map((row) => cellWidth(say(row.frames)))))
  const left = 2 + clockWidth + 2 + frameWidth + 2
  const legs = Math.max(1, story.hosts.length - 1)
  const timerWidth =
    story.timer === null ? 0 : 4 + Math.max(...story.timer.lines.map((line) => cellWidth(say(line))))
  const wanted = Math.max(24, ...arrows.map((row) => cellWidth(say(wholeLabel(row))) + 9))
  const legWidth = (right: number) =>
    Math.min(WIDEST_LEG, wanted, Math.floor((width - left - 1 - right) / legs))
  const withTimer = timerWidth > 0 && legWidth(timerWidth) >= legWidth(0)
  const leg = legWidth(withTimer ? timerWidth : 0)
  const lifelines = leg < NARROWEST_LEG ? [] : story.hosts.map((_, index) => left + index * leg)
  return {
    story,
    signs: unicode ? UNICODE_SIGNS : ASCII_SIGNS,
    width,
    paint: options.paint ?? ((_, text) => text),
    say,
    clockWidth,
    frameWidth,
    lifelines,
    bracket: withTimer && lifelines.length > 0 ? (lifelines.at(-1) as number) + 2 : null,
  }
}
