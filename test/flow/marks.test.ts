import { describe, expect, test } from 'vitest'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'
import { OPEN, tracked } from '../helpers/tracked.js'

const last = async (lines: string, rules: '4.0' | '4.4' = '4.4'): Promise<string> =>
  (await tracked(OPEN + lines, { rules })).marks.at(-1) ?? ''

describe('every mark, and its near miss', () => {
  test('retransmission', async () => {
    expect(await last("a > P. 'abc'\n+0.3 a > P. again")).toBe('retransmission')
    expect(await last("a > P. 'abc'\n+0.3 a > P. 'def'")).toBe('')
  })

  test('spurious retransmission: already acknowledged', async () => {
    const repeat = '+0.3 a > P. again'
    expect(await last(`a > P. 'abc'\na < .\n${repeat}`)).toBe('retransmission,spurious_retransmission')
    expect(await last(`a > P. 'abc'\na < . ack 3\n${repeat}`)).toBe('retransmission')
  })

  test('fast retransmission: two duplicate ACKs, and soon', async () => {
    const asked = "a > P. 'ab'\na > P. 'cd'\na < . ack 1\na < . ack 1\na < . ack 1\n"
    expect(await last(`${asked}+0.01 a > P. seq 1 'ab'`)).toBe('retransmission,fast_retransmission')
    expect(await last(`${asked}+0.03 a > P. seq 1 'ab'`)).toBe('retransmission')
    expect(await last("a > P. 'ab'\na < . ack 1\na < . ack 1\n+0.01 a > P. seq 1 'ab'")).toBe(
      'retransmission',
    )
  })

  test('fast retransmission told by SACK: since 4.4', async () => {
    const asked = 'a > P. len 9\na > P. len 9\na < . ack 1\na < . ack 1\na < . ack 1 sack 10-19\n'
    expect(await last(`${asked}+0.01 a > P. seq 4 'de'`, '4.4')).toContain('fast_retransmission')
    expect(await last(`${asked}+0.01 a > P. seq 4 'de'`, '4.0')).toBe('out_of_order')
    expect(await last(`${asked}+0.01 a > P. seq 12 'de'`, '4.4')).toBe('retransmission')
  })

  test('out of order: within the first round trip', async () => {
    expect(await last("a > P. seq 4 'def'\n+0.01 a > P. seq 1 'abc'")).toBe('out_of_order')
    expect(await last("a > P. seq 4 'def'\n+0.03 a > P. seq 1 'abc'")).toBe('retransmission')
  })

  test('out of order was seen before: a retransmission since 4.4', async () => {
    const lines = "a > P. 'abc'\na > P. 'def'\n+0.01 a > P. seq 1 'abc'"
    expect(await last(lines, '4.4')).toBe('retransmission')
    expect(await last(lines, '4.0')).toBe('out_of_order')
  })

  test('lost segment: something before it is not in the capture', async () => {
    expect(await last("a > P. seq 4 'def'")).toBe('lost_segment')
    expect(await last("a > P. seq 1 'abc'")).toBe('')
    expect(await last('a > R. seq 4')).toBe('')
  })

  test('acknowledged, but not in the capture', async () => {
    expect(await last('a < . ack 9')).toBe('ack_lost_segment')
    expect(await last('a > P. len 8\na < . ack 9')).toBe('')
  })

  test('acknowledged beyond a gap, up to the end of what was seen: told once', async () => {
    const lines = "a > P. seq 4 'def'\na > P. seq 7 'ghi'\na < . ack 4\na < . ack 10"
    expect((await tracked(OPEN + lines)).marks.slice(-2)).toEqual(['ack_lost_segment', ''])
  })

  test('keep-alive and its ACK', async () => {
    const probe = "a > P. 'abc'\na < .\n+60 a > . probe"
    expect(await last(probe)).toBe('keep_alive')
    expect(await last(`${probe}\na < .`)).toBe('keep_alive_ack')
    expect(await last(`${probe}\na < . win 77`)).toBe('window_update')
    expect(await last("a > P. 'abc'\na < .\n+60 a > . ")).toBe('duplicate_ack')
  })

  test('zero window', async () => {
    expect(await last("a > P. 'abc'\na < . win 0")).toBe('zero_window')
    expect(await last("a > P. 'abc'\na < F. win 0")).toBe('')
  })

  test('zero window probe and its ACK', async () => {
    const shut = "a > P. 'abc'\na < . win 0\n"
    expect(await last(`${shut}+1 a > . len 1`)).toBe('zero_window_probe')
    expect(await last(`${shut}+1 a > . len 1\na < . win 0 ack 4`)).toBe('zero_window,zero_window_probe_ack')
    expect(await last(`${shut}+1 a > . len 2`)).toBe('')
  })

  test('the byte of a probe that was taken: since 4.4', async () => {
    const taken = "a > P. 'abc'\na < . win 0\n+1 a > . len 1\na < . win 0 ack 5"
    expect(await last(taken, '4.4')).toBe('zero_window,zero_window_probe_ack')
    expect(await last(taken, '4.0')).toContain('ack_lost_segment')
  })

  test('window full: to the edge of what is offered', async () => {
    expect(await last('a < .\na > P. len 509')).toBe('window_full')
    expect(await last('a < .\na > P. len 508')).toBe('')
  })

  test('window full counts with the scale', async () => {
    const text = `flow a 10.0.0.2:1 > 10.0.0.3:2 wscale 7/2 win 502/25
      a > S
      a < S.
      a > .
      a < .
      a > P. len 100`
    expect((await tracked(text)).marks.at(-1)).toBe('window_full')
    expect((await tracked(text.replace('len 100', 'len 25'))).marks.at(-1)).toBe('')
  })

  test('window update', async () => {
    expect(await last("a > P. 'abc'\na < .\na < . win 600")).toBe('window_update')
    expect(await last("a > P. 'abc'\na < .\na < . win 0")).toBe('zero_window')
  })

  test('with SACK blocks a window update is a duplicate ACK: since 4.4', async () => {
    const lines = "a > P. 'abc'\na < .\na < . win 600 sack 9-12"
    expect(await last(lines, '4.4')).toBe('duplicate_ack')
    expect(await last(lines, '4.0')).toBe('window_update')
  })

  test('duplicate ACK', async () => {
    expect(await last("a > P. 'abc'\na < .\na < .")).toBe('duplicate_ack')
    expect(await last("a > P. 'abc'\na < . ack 3\na < . ack 4")).toBe('')
  })

  test('reused ports', async () => {
    const again = (isn: number): string => `a > F.\na < F.\na > .
      flow b 10.0.0.2:40000 > 10.0.0.3:80 isn ${isn}/9
      +9 b > S`
    expect(await last(again(77))).toBe('reused_ports')
    expect(await last(again(1000), '4.0')).not.toContain('reused_ports')
  })

  test('a SYN sent again forgets what a foreign RST had claimed', async () => {
    const text = 'flow a 10.0.0.2:1 > 10.0.0.3:2\na > S\na > R seq 5000\n+1 a > S again\na < S.\na > .'
    expect((await tracked(`${text}\na > P. 'q'`, { rules: '4.0' })).marks.at(-1)).toBe('')
  })

  test('a header that is cut says nothing', async () => {
    const { marks } = await tracked(`${OPEN}a > P. 'abc'\n+0.3 a > P. again`, { snaplen: 14 + 20 + 18 })
    expect(marks).toEqual(['', '', '', '', ''])
  })

  test('an ACK whose header is longer than its packet still ends the first round trip', async () => {
    const packets = ladderPackets(`flow a 10.0.0.2:1 > 10.0.0.3:2 ts
      0    a > S
      0.01 a < S.
      0.02 a > .
      0.5  a > P. seq 4 'def'
      0.53 a > P. seq 1 'abc'`)
    const marks = async () => (await tracked([ladderFile(packets)], { rules: '4.0' })).marks
    expect((await marks()).at(-1)).toBe('retransmission')
    // As tcpreplay leaves packets that it takes for having a check sequence: 28 bytes of a header of 32.
    packets[2].bytes[3] = 20 + 28
    expect((await marks()).at(-1)).toBe('retransmission')
    // Without it the first round trip would be half a second.
    packets[2].bytes[20 + 13] = 0
    expect((await marks()).at(-1)).toBe('out_of_order')
  })
})
