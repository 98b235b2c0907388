/** A page of `explain` for a terminal. */
import { terminalPolicy } from './policy.js'
import { styleOf, type Look } from './style.js'
import { wrapText } from './text-width.js'

/** The part of a page that is printed; explain/page.ts says more. */
export interface PrintedPage {
  readonly name: string
  readonly title: string
  readonly sections: readonly {
    readonly heading: string
    readonly lines: readonly string[]
    /** Printed as they are, not folded, but for comments (`// …`). */
    readonly code?: boolean
    /** Characters of each line that are a column of their own. */
    readonly column?: number
  }[]
}

const INDENT = '  '
/** Begins a line of an example that is no packet. */
const COMMENT = '// '

/** Name and title, then the sections with their lines below. Lines end with line breaks. */
export function pageText(page: PrintedPage, look: Look): string {
  const { paint, text, width, signs } = styleOf(look)
  const room = width === null ? null : width - INDENT.length
  const lines = [`${paint.strong(text(page.name))}   ${text(page.title)}`]
  for (const { heading, lines: body, code, column } of page.sections) {
    lines.push('', paint.accent(text(heading)))
    const listed = body.length > 1 && code !== true && column === undefined
    for (const line of body) {
      const comment = line.startsWith(COMMENT) ? COMMENT.length : 0
      if (code === true && comment === 0) lines.push(INDENT + text(line))
      else if (code === true || column !== undefined) {
        const at = column ?? comment
        const head = text(line.slice(0, at))
        const rest = wrapText(
          text(line.slice(at)),
          room === null ? null : Math.max(terminalPolicy.narrowestColumn, room - at),
        )
        rest.forEach((part, row) => {
          const before = comment > 0 || row === 0 ? head : ' '.repeat(at)
          lines.push(INDENT + before + part)
        })
      } else
        wrapText(text(line), room === null ? null : room - (listed ? 2 : 0)).forEach((part, row) => {
          const mark = listed ? (row === 0 ? `${signs.dot} ` : '  ') : ''
          lines.push(INDENT + mark + part)
        })
    }
  }
  return lines.join('\n') + '\n'
}
