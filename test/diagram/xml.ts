/** An element as it stands in the text. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Text directly inside, entities resolved. */
  text: string
}

const NAME = '[A-Za-z_][\\w.:-]*'
const TAG = new RegExp(`^<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>`)
const ENTITY = /&(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);/gi

/** A strict little XML reader: throws where a browser's XML parser would. */
export function elementsOf(xml: string): XmlElement[] {
  const elements: XmlElement[] = []
  const open: XmlElement[] = []
  let at = 0
  while (at < xml.length) {
    if (xml[at] !== '<') {
      const end = xml.indexOf('<', at)
      const text = resolved(xml.slice(at, end < 0 ? undefined : end))
      const parent = open.at(-1)
      if (parent !== undefined) parent.text += text
      else if (text.trim() !== '') throw new Error(`text outside the root: ${text.slice(0, 40)}`)
      at = end < 0 ? xml.length : end
      continue
    }
    const match = TAG.exec(xml.slice(at, at + 20_000))
    if (match === null) throw new Error(`not a tag at ${at}: ${xml.slice(at, at + 60)}`)
    const [whole, closing, name, attributes, empty] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
    ]
    at += whole.length
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes something else`)
      continue
    }
    const element: XmlElement = { name, attributes: attributesOf(attributes), text: '' }
    if (open.length === 0 && elements.length > 0) throw new Error('two roots')
    elements.push(element)
    if (empty !== '/') open.push(element)
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> stays open`)
  return elements
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name, value] of text.matchAll(new RegExp(`(${NAME})="([^"]*)"`, 'g'))) {
    if (name === undefined || name in found) throw new Error(`attribute ${name} twice`)
    found[name] = resolved(value ?? '')
  }
  return found
}

function resolved(text: string): string {
  const known: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  if (text.replace(ENTITY, '').includes('&')) throw new Error(`stray &: ${text.slice(0, 60)}`)
  if (text.includes(']]>')) throw new Error(']]> in text')
  return text.replace(
    ENTITY,
    (_, name: string) =>
      known[name] ?? String.fromCodePoint(Number(name.replace('#x', '0x').replace('#', ''))),
  )
}
