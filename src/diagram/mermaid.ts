/** The ladder as a Mermaid sequence diagram, for wikis that draw it. */
import type { Report } from '../result.js'
import { inertText, shorten } from './inert-text.js'
import { MERMAID_LABEL } from './policy.js'
import type { ArrowRow, StoryOptions, StoryRow } from './story.js'
import { tellStory } from './tell-story.js'

/** Mermaid's arrow heads: what ends a connection gets a cross, an acknowledgement or a probe a dotted line. */
const ARROW: Readonly<Record<ArrowRow['head'], string>> = {
  data: '->>',
  control: '-->>',
  fin: '-x',
  rst: '-x',
  bar: '-x',
}

/**
 * Characters that Mermaid reads as syntax or that end a statement, and what a renderer could take for HTML. Mermaid knows `#35;`
 * for a character by its number; everything outside letters, digits and plain punctuation is written so.
 */
function inert(text: string): string {
  const shown = shorten(inertText(text), MERMAID_LABEL)
  return (
    shown
      .replace(/[^\p{L}\p{N} .,:/()×·→–…=+-]/gu, (character) => `#${character.codePointAt(0) ?? 63};`)
      // The word closes a block wherever it stands.
      .replace(/\bend\b/gi, (word) => `${word[0] ?? ''}#110;${word[2] ?? ''}`)
  )
}

function statement(row: StoryRow, last: number): string {
  if (row.kind === 'omitted') return `  Note over h0,h${last}: ${inert(row.label)}`
  if (row.kind === 'silence') return `  Note over h${row.from},h${row.to}: ${inert(row.label)}`
  if (row.fromBetween)
    return `  Note over h${row.to},h${row.from}: ${inert(`${row.clock}  ${row.label}  ${row.frames}`)}`
  const what = [row.label, row.size].filter((part) => part !== '').join('  ')
  const arrow = `  h${row.from}${ARROW[row.head]}h${row.to}: ${inert(`${row.clock}  ${what}  ${row.frames}`)}`
  if (row.part !== 'deciding') return arrow
  return `  rect rgba(214, 138, 0, 0.2)\n  ${arrow}\n  end`
}

/** A `sequenceDiagram` without its fence and without a final line break. Throws RangeError when the report does not hold the flow. */
export function mermaidLadder(report: Report, stream: number, options: StoryOptions = {}): string {
  const story = tellStory(report, stream, options)
  const hosts = story.hosts.map((host, index) => {
    const name = [host.name, ...host.addresses].filter((part) => part !== '').join(' ')
    return `  participant h${index} as ${inert(name)}`
  })
  return ['sequenceDiagram', ...hosts, ...story.rows.map((row) => statement(row, hosts.length - 1))].join(
    '\n',
  )
}
