/** A page of `explain` for a terminal. */
import { styleOf, type Look } from './style.js'
import { wrapText } from './text-width.js'

/** The part of a page that is printed; explain/page.ts says more. */
export interface PrintedPage {
  readonly name: string
  readonly title: string
  readonly sections: readonly {
    readonly heading: string
    readonly lines: readonly string[]
    /** Printed as they are, not folded. */
    readonly code?: boolean
  }[]
}

const INDENT = '  '

/** Name and title, then the sections with their lines below. Lines end with line breaks. */
export function pageText(page: PrintedPage, look: Look): string {
  const { paint, text, width, signs } = styleOf(look)
  const room = width === null ? null : width - INDENT.length
  const lines = [`${paint.strong(text(page.name))}   ${text(page.title)}`]
  for (const { heading, lines: body, code } of page.sections) {
    lines.push('', paint.accent(text(heading)))
    const listed = body.length > 1 && code !== true
    for (const line of body) {
      if (code === true) lines.push(INDENT + text(line))
      else
        wrapText(text(line), room === null ? null : room - (listed ? 2 : 0)).forEach((part, row) => {
          const mark = listed ? (row === 0 ? `${signs.dot} ` : '  ') : ''
          lines.push(INDENT + mark + part)
        })
    }
  }
  return lines.join('\n') + '\n'
}
