/** The ladder of one flow for the terminal: the diagram room draws it, the report's palette colours it. */
import type { TextRole } from '../diagram/sequence-diagram.js'
import { ladderText } from '../diagram/sequence-diagram.js'
import type { Look, Palette } from '../report/style.js'
import { styleOf } from '../report/style.js'
import type { FlowReport, Report } from '../result.js'
import { PIPED_LADDER, WIDEST_LADDER } from './policy.js'

/** Cells that the flow view indents its sections by. */
const MARGIN = 2

const BRUSHES: Readonly<Record<TextRole, keyof Palette | null>> = {
  ink: null,
  strong: 'strong',
  muted: 'quiet',
  life: 'quiet',
  control: 'quiet',
  request: 'request',
  response: 'response',
  fin: 'latent',
  reset: 'problem',
}

/** The ladder as text, null when no segment of the flow was kept; on wish with sequence and acknowledgement numbers. */
export function ladderFor(
  report: Report,
  flow: FlowReport,
  look: Look,
  sequenceNumbers = false,
): string | null {
  if (flow.ladder.length === 0) return null
  const { paint } = styleOf(look)
  return ladderText(report, flow.stream, {
    width: Math.min(WIDEST_LADDER, (look.width ?? PIPED_LADDER) - MARGIN),
    unicode: look.utf8,
    ladderOnly: true,
    sequenceNumbers,
    paint: (role, text) => {
      const brush = BRUSHES[role]
      return brush === null ? text : paint[brush](text)
    },
  })
}
