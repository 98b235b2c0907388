import type { Report } from '../result.js'
import { drawScene, type DrawOptions } from './draw-scene.js'
import { layoutStory, type LayoutOptions } from './layout.js'
import type { StoryOptions } from './story.js'
import { tellStory } from './tell-story.js'

/** What a caller may choose about a picture. */
export type SequenceDiagramOptions = StoryOptions & LayoutOptions & DrawOptions

/** One flow with its chain as an SVG document. Throws RangeError when the report does not hold the flow. */
export async function drawFlow(
  report: Report,
  stream: number,
  options: SequenceDiagramOptions = {},
): Promise<string> {
  return drawScene(layoutStory(tellStory(report, stream, options), options), options)
}
