import { describe, expect, it } from 'vitest'
import { failureText } from '../../src/cli/failure.js'
import { lookOf } from '../../src/cli/look.js'
import { Progress, progressLine } from '../../src/cli/progress.js'
import { UsageError } from '../../src/cli/usage-error.js'
import { CaptureError } from '../../src/errors.js'

const terminal = { isTTY: true, columns: 132 }

describe('the look', () => {
  it('follows the terminal', () => {
    expect(lookOf(terminal, {}, true)).toEqual({ width: 132, colour: true, utf8: true })
    expect(lookOf(terminal, { COLUMNS: '90' }, true).width).toBe(90)
    expect(lookOf({ isTTY: true, columns: 20 }, {}, true).width).toBe(60)
  })

  it('has no edge and no colour in a pipe', () => {
    expect(lookOf({}, { COLUMNS: '90' }, true)).toEqual({ width: null, colour: false, utf8: true })
  })

  it.each([
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
    [{}, false, false],
  ])('%j, allowed %s: colour %s', (env, allowed, colour) => {
    expect(lookOf(terminal, env, allowed).colour).toBe(colour)
  })

  it('FORCE_COLOR colours a pipe', () => {
    expect(lookOf({}, { FORCE_COLOR: '1' }, true).colour).toBe(true)
  })

  it.each([
    [{ LANG: 'C' }, false],
    [{ LANG: 'en_US.ISO-8859-1' }, false],
    [{ LANG: 'C', LC_ALL: 'de_DE.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LANG: 'en_US.UTF-8', TERM: 'linux' }, false],
  ])('%j: UTF-8 %s', (env, utf8) => {
    expect(lookOf(terminal, env, true).utf8).toBe(utf8)
  })
})

describe('progress', () => {
  function recorder(isTTY: boolean): { lines: string[]; at: { ms: number }; progress: Progress } {
    const lines: string[] = []
    const at = { ms: 0 }
    const screen = { isTTY, columns: 60, write: (text: string) => lines.push(text) }
    return {
      lines,
      at,
      progress: new Progress(
        () => screen,
        () => at.ms,
      ),
    }
  }

  it('is silent for half a second, then draws ten times a second, and cleans up', () => {
    const { lines, at, progress } = recorder(true)
    for (; at.ms < 1000; at.ms += 10) progress.show(at.ms, 2000)
    progress.end()
    expect(lines).toHaveLength(6)
    expect(lines[0]).toContain(' 25 %')
    expect(lines.at(-1)).toBe('\r\x1b[K')
  })

  it('is silent where nobody looks', () => {
    const { lines, at, progress } = recorder(false)
    for (; at.ms < 5000; at.ms += 10) progress.show(at.ms, 2000)
    progress.end()
    expect(lines).toEqual([])
  })

  it('knows rate and time left', () => {
    expect(progressLine(1.2e9, 3e9, 3000)).toBe(
      '[##########--------------]  40 %  1.20 GB of 3.00 GB  400 MB/s  5 s left',
    )
    expect(progressLine(5e6, null, 1000)).toBe('5.00 MB read  5.00 MB/s')
    expect(progressLine(1e6, 1e9, 1000)).toContain('16 min 39 s left')
  })
})

describe('failures', () => {
  it('are one line with what, where and what to try', () => {
    const detail = { code: 'corrupt', path: 'a.pcap', offset: 24, hint: 'copy the file again' } as const
    expect(failureText(new CaptureError('a.pcap: no capture, byte 24', detail), true)).toBe(
      'pcap-why: a.pcap: no capture, byte 24 — copy the file again\n',
    )
    expect(failureText(new UsageError('no'), false)).toBe('pcap-why: no\n')
  })

  it('of our own are an apology; the stack only for who asks', () => {
    const fault = new TypeError('x is \x1b[31mnot a function')
    expect(failureText(fault, false)).toMatch(
      /^pcap-why: sorry, this is a fault in pcap-why.*PCAP_WHY_DEBUG=1.*\n$/,
    )
    expect(failureText(fault, false)).not.toContain('\x1b')
    expect(failureText(fault, true)).toContain('terminal-manners.test.ts')
    expect(failureText('thrown text', false)).toContain('thrown text')
  })
})
