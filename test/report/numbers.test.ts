import { describe, expect, it } from 'vitest'
import { bytes, count, counted, duration, setValue } from '../../src/report/numbers.js'

describe('numbers for people', () => {
  it.each([
    [0, '0 s'],
    [0.0000042, '4.2 µs'],
    [0.00083, '830 µs'],
    [0.0004, '400 µs'],
    [0.0382, '38.2 ms'],
    [0.25, '250 ms'],
    [0.9996, '999.6 ms'],
    [5.002, '5.002 s'],
    [60.001, '60.00 s'],
    [1204.51, '1204.5 s'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })

  it.each([
    [412, '412 B'],
    [18_312, '18.3 kB'],
    [999_700, '1.00 MB'],
    [1_204_000_000, '1.20 GB'],
  ])('%d bytes are %s', (size, text) => {
    expect(bytes(size)).toBe(text)
  })

  it('groups digits from five on and finds the plural', () => {
    expect(count(5120)).toBe('5120')
    expect(count(1_234_567)).toBe('1 234 567')
    expect(counted(1, 'frame')).toBe('1 frame')
    expect(counted(0, 'copy', 'copies')).toBe('0 copies')
    expect(setValue(60)).toBe('60 s')
    expect(setValue(59.9984)).toBe('59.998 s')
  })
})
