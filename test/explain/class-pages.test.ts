import { describe, expect, it } from 'vitest'
import { classPages } from '../../src/explain/class-pages.js'
import { CLASS_WORDS } from '../../src/report/words.js'
import { allCases } from '../verdicts/cases/all.js'
import { flowsOf } from '../helpers/verdict-of.js'

const pages = Object.values(classPages)

describe('every class has a page', () => {
  it('under its own word', () => {
    expect(pages.map(({ code }) => code).sort()).toEqual([...CLASS_WORDS].sort())
    for (const [word, page] of Object.entries(classPages)) expect(page.code).toBe(word)
  })

  it('with every variant that a verdict has', () => {
    const words = allCases.flatMap(({ is }) => Object.values(is)).map((text) => text.split(' ')[0] ?? '')
    for (const { code, variants } of pages) {
      const met = new Set(words.filter((word) => word.startsWith(`${code}/`)))
      const told = new Set(variants.flatMap(({ name }) => (name === null ? [] : [`${code}/${name}`])))
      expect([...told].sort()).toEqual([...met].sort())
    }
  })

  it('without an empty section', () => {
    for (const page of pages) {
      const { meaning, why, confirm, notThis, fix, sources } = page
      expect(meaning.length * why.length * confirm.length * notThis.length).toBeGreaterThan(0)
      expect(fix.length * sources.length).toBeGreaterThan(0)
      expect(notThis.map(({ code }) => code)).not.toContain(page.code)
    }
  })
})

const examples = pages.flatMap(({ code, variants }) =>
  variants.map(({ name, meaning, example }) => ({ code, name, meaning, example })),
)

describe('every example gets the verdict of its page', () => {
  it.each(examples)('$code $name: $meaning', async ({ code, name, example }) => {
    const { a } = await flowsOf(example)
    expect([a?.verdict.class, a?.verdict.variant ?? null]).toEqual([code, name])
  })
})
