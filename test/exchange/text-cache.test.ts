import { expect, test } from 'vitest'
import { latin1 } from '../../src/exchange/text-cache.js'
import { latin1Bytes } from './dialogue.js'

const read = (text: string, limit = 1000): string =>
  latin1(latin1Bytes(`<${text}>`), 1, 1 + text.length, limit)

test('any text comes back as it was, however many there are', () => {
  const texts = Array.from({ length: 20_000 }, (_, i) => (i * 2_654_435_761).toString(36).padStart(9, '0'))
  for (const text of texts) expect(read(text)).toBe(text)
  for (const text of texts) expect(read(text)).toBe(text)
})

test('texts with the same hash are told apart', () => {
  for (const text of ['AaAa', 'BBBB', 'AaBB', 'BBAa', 'AaAa']) expect(read(text)).toBe(text)
})

test('bytes beyond ASCII, an empty range, and no more than the limit', () => {
  expect([read('\0\xff\r'), read(''), read('abcdef', 3), read('abc')]).toEqual(['\0\xff\r', '', 'abc', 'abc'])
})
