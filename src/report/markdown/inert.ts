/**
 * Text that may come from packets, made inert for Markdown. What a renderer could act upon (links, mentions, emphasis, HTML)
 * is shown as code: a code span is the one place where Markdown interprets nothing.
 */
import { plainText } from '../plain-text.js'
import { markdownPolicy } from '../policy.js'

/** Characters with a meaning somewhere in Markdown, and what forges and wikis turn into links, mentions, issues or smileys. */
const LIVELY =
  /[\\`*_[\]<>|~&@#$^{}]|:\/\/|^www\.|^mailto:|^[!:]|^[A-Z]{2,}-\d+$|^[0-9a-f]{7,40}$|^:[\w+-]+:$/i
/** Words that begin a list, a quotation, a heading or a rule when they stand first on a line. */
const LEADING = /^(?:[-+=]+|\d+[.)])$/

/** A code span. Its fence is longer than any run of backticks inside; a bar is escaped as tables want it. */
export function code(text: string): string {
  const inert = shortened(plainText(text)).trim().replaceAll('|', '\\|')
  if (inert === '') return ''
  const longest = Math.max(0, ...(inert.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = inert.startsWith('`') || inert.endsWith('`') ? ' ' : ''
  return fence + pad + inert + pad + fence
}

/** A sentence on one line: words that Markdown might act upon become code, the others stay as they are. */
export function prose(text: string): string {
  const words = shortened(plainText(text)).split(' ')
  return words
    .map((word, index) => {
      const [, before = '', core = '', after = ''] = /^([("“]*)(.*?)([)"”.,;:?]*)$/s.exec(word) ?? []
      const lively = LIVELY.test(core) || (index === 0 && LEADING.test(word))
      return lively ? before + code(core) + after : word
    })
    .join(' ')
}

/** A fenced block of text that is ours or already inert; its fence is longer than any run of backticks inside. */
export function block(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`
}

/** A table; cells are finished Markdown. Nothing when there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line), '']
}

function shortened(text: string): string {
  return text.length > markdownPolicy.text ? `${text.slice(0, markdownPolicy.text - 1)}…` : text
}
