/** `--timeouts`: the user's own settings, as JSON or YAML. What they may look like is the knowledge base's business. */
import { readFile } from 'node:fs/promises'
import type { UserTimeout } from '../knowledge/types.js'
import { readUserTimeouts, type DocumentPath, type Trouble } from '../knowledge/user-timeouts.js'
import { diagnostics } from './diagnostics.js'
import { note } from './failure.js'
import { notRead } from './system-trouble.js'
import { UsageError } from './usage-error.js'

const EXAMPLE =
  'write one line per setting, such as  nginx.proxy_read_timeout: 60  (YAML) or {"nginx": {"proxy_read_timeout": 60}} (JSON)'

async function parseText(path: string, text: string): Promise<unknown> {
  if (text.trim() === '') return {}
  try {
    if (/^\s*[[{]/.test(text)) return JSON.parse(text) as unknown
    const { parse } = await import('yaml')
    return parse(text, { maxAliasCount: 0 }) as unknown
  } catch (error) {
    // The parser's own message has the line in it; its drawing of the line comes after a line break.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new UsageError(`${path}: neither JSON nor YAML: ${reason}`, EXAMPLE)
  }
}

/** Line on which a place of the document stands, from 1; null when the parser cannot tell. JSON is read as the YAML that it is. */
async function lineOf(text: string, place: DocumentPath): Promise<number | null> {
  const { LineCounter, parseDocument, isNode } = await import('yaml')
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  // A missing field stands where the entry does that should have it.
  for (let length = place.length; length > 0; length--) {
    const node = document.getIn(place.slice(0, length), true)
    if (isNode(node) && node.range != null) return lineCounter.linePos(node.range[0]).line
  }
  return null
}

async function told(path: string, text: string, trouble: Trouble): Promise<string> {
  const line = await lineOf(text, trouble.path)
  const where = line === null ? path : `${path}:${line}`
  return `${where}: ${trouble.name === '' ? '' : `${trouble.name}: `}${trouble.text}`
}

/**
 * Reads a file of settings. Throws UsageError that names the file, the line and the entry.
 * @param remark told of what is unusual but usable, one sentence each
 */
export async function readTimeouts(
  path: string,
  remark: (text: string) => void = (text) => diagnostics().write(note(text)),
): Promise<readonly UserTimeout[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw notRead(`${path}: the timeouts file`, error)
  }
  const { timeouts, errors, remarks } = readUserTimeouts(await parseText(path, text))
  const [first] = errors
  if (first !== undefined) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
    throw new UsageError(`${await told(path, text, first)}${more}`, EXAMPLE)
  }
  for (const one of remarks) remark(await told(path, text, one))
  return timeouts
}
