import type { Report } from '../result.js'
import { ladderLines } from './ladder-lines.js'
import type { LadderLineOptions } from './ladder-sheet.js'
import type { StoryOptions } from './story.js'
import { tellStory } from './tell-story.js'

/** What a caller may choose about the ladder in a terminal. */
export type LadderTextOptions = StoryOptions & LadderLineOptions

/**
 * The ladder of a flow and its chain as monospace text, without a final line break.
 * Throws RangeError when the report does not hold the flow.
 */
export function ladderText(report: Report, stream: number, options: LadderTextOptions = {}): string {
  return ladderLines(tellStory(report, stream, options), options).join('\n')
}
