import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellWidth, inertText, shorten, wrapText } from '../../src/diagram/inert-text.js'
import { byteCount, decimalsFor, duration, utcMoment } from '../../src/diagram/units.js'

describe('inert text', () => {
  it.each([
    ['\u001b[31mred', '\ufffd[31mred'],
    ['a\u202egnp', 'a\ufffdgnp'],
    ['tab\tand\nline', 'tab and line'],
    ['\ud800', '\ufffd'],
    ['😀', '😀'],
    ['e\u0301', 'e\u0301'],
    ['\ufffe', '\ufffd'],
  ])('%j becomes %j', (text, expected) => expect(inertText(text)).toBe(expected))

  it('is one line of well-formed characters, and stays as it is the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = inertText(text)
        expect(once).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u)
        expect(inertText(once)).toBe(once)
      }),
    )
  })
})

describe('fitting', () => {
  it('shortens with an ellipsis and never beyond the room', () => {
    expect(shorten('POST /v1/messages', 10)).toBe('POST /v1/…')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, room) => {
        expect(cellWidth(shorten(inertText(text), room))).toBeLessThanOrEqual(room)
      }),
    )
  })

  it('wraps at spaces, breaks long words, keeps a number with its unit', () => {
    expect(wrapText('one two three', 7, 5)).toEqual(['one two', 'three'])
    expect(wrapText('abcdefghij', 4, 5)).toEqual(['abcd', 'efgh', 'ij'])
    expect(wrapText('it took 75.3 s then', 12, 5)).toEqual(['it took', '75.3 s then'])
    expect(wrapText('one two three four', 7, 2)).toEqual(['one two', 'three…'])
  })
})

describe('units', () => {
  it.each([
    [0.0000004, '0 µs'],
    [0.00004, '40 µs'],
    [0.0004, '400 µs'],
    [0.0041, '4.1 ms'],
    [0.25, '250 ms'],
    [60, '60.000 s'],
    [600.0134, '600.013 s (10 min)'],
    [3725, '3725.000 s (1 h 2 min)'],
    [90061, '90061.000 s (1 d 1 h)'],
  ])('%f s is %s', (seconds, text) => expect(duration(seconds)).toBe(text))

  it.each([
    [0, '0 B'],
    [9999, '9999 B'],
    [20_480, '20.5 KB'],
    [262_144, '262 KB'],
    [5_000_000, '5 MB'],
  ])('%i bytes are %s', (bytes, text) => expect(byteCount(bytes)).toBe(text))

  it('shows as many decimals as tell rows apart', () => {
    expect(decimalsFor([0, 1, 2])).toBe(3)
    expect(decimalsFor([5.0041, 5.0042])).toBe(4)
    expect(decimalsFor([0, 0.00004])).toBe(5)
    expect(decimalsFor([1, 1])).toBe(3)
  })

  it('tells the moment in UTC', () => {
    expect(utcMoment('2026-01-21T08:00:00.000123456Z', 3.1)).toBe('2026-01-21 08:00:03.100 UTC')
    expect(utcMoment('2026-12-31T23:59:59.9Z', 0.2)).toBe('2027-01-01 00:00:00.100 UTC')
    expect(utcMoment('<script>', 1)).toBeNull()
    expect(utcMoment(null, 1)).toBeNull()
  })
})
