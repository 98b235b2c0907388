/** Severity and certainty are given by rule: by severity.ts, and by named limits that the judge weighs. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { certaintyOf, limit } from '../../src/verdicts/sureness.js'

describe('certainty', () => {
  const likely = limit('likely', 'it rests on like flows')
  const possible = limit('possible', 'another reading remains')
  const idle = limit('possible', 'does not apply', false)

  it.each([
    ['no limit', [], 'certain'],
    ['none that applies', [idle], 'certain'],
    ['one', [likely, idle], 'likely'],
    ['the weaker of two, in any order', [possible, likely], 'possible'],
    ['the weaker of two', [likely, possible], 'possible'],
  ] as const)('%s', (_, limits, word) => {
    expect(certaintyOf(limits)).toBe(word)
  })
})

const folder = fileURLToPath(new URL('../../src/verdicts/classes', import.meta.url))
const CERTAINTIES = new Set(['certain', 'likely', 'possible'])
const SEVERITIES = new Set(['problem', 'latent', 'ok'])

interface Word {
  readonly file: string
  readonly text: string
  readonly line: number
  /** Compared with something, or the first argument of `limit`. */
  readonly allowed: boolean
}

/** Every string in the files of the classes that is a word of severity or certainty. */
function words(): Word[] {
  const found: Word[] = []
  for (const file of readdirSync(folder)) {
    const source = ts.createSourceFile(
      file,
      readFileSync(`${folder}/${file}`, 'utf8'),
      ts.ScriptTarget.ES2022,
      true,
    )
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteral(node) && (CERTAINTIES.has(node.text) || SEVERITIES.has(node.text))) {
        const { parent } = node
        const called =
          ts.isCallExpression(parent) &&
          parent.arguments[0] === node &&
          parent.expression.getText() === 'limit'
        found.push({
          file,
          text: node.text,
          line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
          allowed: ts.isBinaryExpression(parent) || (called && node.text !== 'certain'),
        })
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return found
}

describe('no class gives its own severity or certainty', () => {
  it('but compares them, or names a limit', () => {
    const all = words()
    expect(all.length).toBeGreaterThan(20)
    expect(
      all.filter(({ allowed }) => !allowed).map(({ file, line, text }) => `${file}:${line} ${text}`),
    ).toEqual([])
  })

  it('and every limit says why', () => {
    for (const file of readdirSync(folder)) {
      const text = readFileSync(`${folder}/${file}`, 'utf8')
      expect(text).not.toMatch(/limit\(\s*'(likely|possible)',\s*''\s*[,)]/)
    }
  })
})
