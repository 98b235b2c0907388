import type { ClassPage, Confirmation, Page, Section } from './page.js'

const byTexts: Readonly<Record<Confirmation['by'], string>> = {
  filter: 'Wireshark',
  command: 'run',
  log: 'log',
}

/** A class page with its sections in order; `variant`: only that one's example. */
export function classPage(page: ClassPage, variant: string | null = null): Page {
  const variants = page.variants.filter(({ name }) => variant === null || name === variant)
  const named = variants.filter(({ name }) => name !== null)
  const sections: Section[] = [{ heading: 'what it means', lines: [page.meaning] }]
  if (named.length > 0)
    sections.push({ heading: 'variants', lines: named.map(({ name, meaning }) => `${name}: ${meaning}`) })
  sections.push(
    { heading: 'why', lines: [page.why] },
    {
      heading: 'confirm',
      lines: page.confirm.map(({ by, what, shows }) => `${byTexts[by]}: ${what}   (${shows})`),
    },
    { heading: 'not this', lines: page.notThis.map(({ code, tell }) => `${code}: ${tell}`) },
    { heading: 'fix', lines: page.fix },
  )
  for (const { name, meaning, example } of variants) {
    const lines = [`// ${name === null ? '' : `${name}: `}${meaning}`, ...example.split('\n')]
    sections.push({ heading: 'example', lines, code: true })
  }
  sections.push({ heading: 'source', lines: page.sources })
  return { name: page.code, title: page.title, sections }
}
