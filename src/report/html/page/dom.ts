/** The few things that every part of the page does with the document. */

/** An element with attributes and children. Texts become text nodes: nothing in them is markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/** An element that the page is known to hold. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found as T
}

/** A button that does something. */
export function button(
  text: string,
  attributes: Readonly<Record<string, string>>,
  act: () => void,
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text)
  made.addEventListener('click', act)
  return made
}

/** Says something to those who hear the page. */
export function announce(text: string): void {
  byId('status').textContent = text
}

/** Puts text on the clipboard; where the browser does not allow it, selects it for Ctrl-C. */
export async function copyText(text: string, shown: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    announce('copied')
  } catch {
    getSelection()?.selectAllChildren(shown)
    announce('selected; copy it with Ctrl-C')
  }
}

/** `83 µs`, `38 ms`, `5.002 s`, `60.00 s`. */
export function seconds(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0 s'
  if (size < 0.001) return `${Math.round(value * 1e6)} µs`
  if (size < 1) return `${Number((value * 1000).toPrecision(3))} ms`
  return `${value.toFixed(size < 10 ? 3 : size < 1000 ? 2 : 1)} s`
}

/** `412 B`, `18.3 kB`. */
export function bytes(value: number): string {
  let size = value
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (size < 999.5 || unit === 'GB')
      return `${size < 100 && unit !== 'B' ? size.toFixed(1) : Math.round(size)} ${unit}`
    size /= 1000
  }
  return ''
}
