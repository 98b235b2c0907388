/** Values as lines of JSON that are safe to print. */

/** Times and other fractions to the nanosecond: 60.00000000000001 is an accident of binary fractions, not a measurement. */
function tidyNumber(value: number): number {
  if (Number.isInteger(value)) return value
  const rounded = Math.round(value * 1e9) / 1e9
  return rounded === 0 ? 0 : rounded
}

/** Characters that JSON allows bare and that a terminal or an editor may obey; escaped, the value stays the same. */
const OBEYED = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/** One value as one line of JSON. Numbers that are not finite become null. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' ? tidyNumber(part) : part,
  )
  return inertJson(text)
}

/** Finished JSON without characters that a terminal or an editor may obey; the values stay the same. */
export function inertJson(text: string): string {
  return text.replace(OBEYED, escapedInJson)
}

/** A character of a JSON text by its number: the value stays the same. */
export function escapedInJson(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** A list as a member of a document, one item a line. `last`: no other member follows. */
export function* listJson(name: string, items: readonly object[], last: boolean): Generator<string> {
  yield `  ${JSON.stringify(name)}: [`
  for (let index = 0; index < items.length; index++) {
    yield `${index === 0 ? '' : ','}\n    ${jsonLine(items[index])}`
  }
  yield `${items.length === 0 ? '' : '\n  '}]${last ? '' : ','}\n`
}
