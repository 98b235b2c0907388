import fc from 'fast-check'
import Table from 'cli-table3'
import { describe, expect, it } from 'vitest'
import { asciiText, plainText } from '../../src/report/plain-text.js'
import { textWidth, wrapText } from '../../src/report/text-width.js'

/** Cells as cli-table3 counts them: the width of the frame it draws around a text, less two corners and two paddings. */
function tableWidth(text: string): number {
  const table = new Table({ style: { head: [], border: [] }, chars: { top: '-' } })
  table.push([text])
  return (table.toString().split('\n')[0] ?? '').length - 4
}

describe('plainText', () => {
  it.each([
    ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\x1b]8;;http://evil\x07click', '\\x1b]8;;http://evil\\x07click'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['abc\u202egnp.exe', 'abc\\u{202e}gnp.exe'],
    ['\u009b2J', '\\x9b2J'],
    ['z\u0334\u0335\u0336', 'z\\u{334}\\u{335}\\u{336}'],
    ['lone \ud800 half', 'lone \\u{d800} half'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['e\u0301tude', 'étude'],
    ['60\u00a0s', '60 s'],
    ['漢字 καλά → ×', '漢字 καλά → ×'],
  ])('%j becomes %j', (text, plain) => {
    expect(plainText(text)).toBe(plain)
  })

  it('leaves no character of any plane that a terminal could obey', () => {
    for (let code = 0; code <= 0x10ffff; code += code < 0x30000 ? 1 : 7) {
      const plain = plainText(String.fromCodePoint(code))
      // eslint-disable-next-line no-control-regex
      if (/[\0-\x1f\x7f-\x9f\p{Cf}\p{M}\p{Cs}]/u.test(plain))
        expect.fail(`U+${code.toString(16)} went through`)
    }
  })

  it('and every character that goes through is as wide as cli-table3 believes', () => {
    // One string per block of characters: a table per code point would take minutes. Beyond the planes that are in use, every seventh.
    for (let start = 0; start <= 0x10ffff; start += 256) {
      const step = start < 0x30000 ? 1 : 7
      const plain = Array.from({ length: Math.floor(256 / step) }, (_, index) =>
        plainText(String.fromCodePoint(start + index * step)),
      )
        // What was spelled out is ASCII.
        .filter((each) => !each.startsWith('\\'))
        .join('')
      if (plain === '') continue
      if (tableWidth(plain) !== textWidth(plain))
        expect.fail(`U+${start.toString(16)} ff. differ: ${tableWidth(plain)}, ${textWidth(plain)}`)
    }
  })

  it('is ASCII when asked, with our signs spelled', () => {
    expect(asciiText('a → b · 5 × 60.00–60.02 s…')).toBe('a -> b - 5 x 60.00-60.02 s...')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^[\x20-\x7e]*$/.test(asciiText(text))))
  })
})

describe('wrapText', () => {
  it('loses nothing but the spaces at the folds, and no line is too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 40 }), (raw, width) => {
        const text = plainText(raw)
        const lines = wrapText(text, width)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        expect(lines.every((line) => textWidth(line) <= width)).toBe(true)
      }),
    )
  })

  it('keeps a number and its unit together', () => {
    expect(wrapText('it was closed after 60.00 s of silence', 26)).toEqual([
      'it was closed after',
      '60.00 s of silence',
    ])
    expect(wrapText('5 sentences', 5)).toEqual(['5', 'sente', 'nces'])
  })

  it('does not fold without an edge', () => {
    expect(wrapText('a long sentence', null)).toEqual(['a long sentence'])
  })
})
