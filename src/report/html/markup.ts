import { escapedInJson, inertJson } from '../json-line.js'
import { plainText } from '../plain-text.js'

/** HTML that is already safe: made by `markup`, or by a renderer of ours that escapes by itself. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text is escaped, markup is taken as it is, null and false leave nothing. */
export type Part = string | number | Markup | readonly Part[] | null | false

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that a browser shows and never obeys, in an element or a quoted attribute; control and bidi characters are written out. */
export function escaped(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** A piece of HTML; whatever is put into it is escaped unless it is markup itself. */
export function markup(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = pieces[0] ?? ''
  parts.forEach((part, index) => {
    text += textOf(part) + (pieces[index + 1] ?? '')
  })
  return new Markup(text)
}

function textOf(part: Part): string {
  if (part === null || part === false) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  return part.map(textOf).join('')
}

/** Data for a `script` element of type `application/json`: no character in it can end the element. */
export function embeddedJson(value: unknown): Markup {
  return new Markup(inertJson(JSON.stringify(value)).replace(/[<>&]/g, escapedInJson))
}

/** `'sha256-…'` of an inline style or script, for the Content-Security-Policy. */
export async function policyHash(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const bytes = [...new Uint8Array(digest)].map((byte) => String.fromCharCode(byte)).join('')
  return `'sha256-${btoa(bytes)}'`
}
