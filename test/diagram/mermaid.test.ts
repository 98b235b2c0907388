import { describe, expect, test } from 'vitest'
import { mermaidLadder } from '../../src/diagram/mermaid.js'
import type { Report } from '../../src/result.js'
import { flowOf, reportOf, rowOf } from '../report/fixtures.js'

function reportWith(label: string): Report {
  const ladder = [
    rowOf({ label }),
    rowOf({
      frame: 77,
      lastFrame: 77,
      time: 60.124,
      lastTime: 60.124,
      flags: 'F.',
      label: null,
      message: null,
      payloadBytes: 0,
      part: 'deciding',
    }),
  ]
  return reportOf({ flows: [flowOf({ ladder })] })
}

describe('the ladder as Mermaid', () => {
  test('hosts, arrows, silence and the deciding frame', () => {
    expect(mermaidLadder(reportWith('POST /v1/messages'), 12).split('\n')).toEqual([
      'sequenceDiagram',
      expect.stringMatching(/^ {2}participant h0 as nginx 10\.0\.0\.2/),
      expect.stringMatching(/^ {2}participant h1 as proxy 10\.0\.0\.3:8000/),
      expect.stringMatching(/^ {2}h0->>h1: 0\.\d+ {2}POST \/v1\/messages {2}412 B {2}#35;70$/),
      expect.stringMatching(/^ {2}Note over h0,h1: 60\.000 s/),
      '  rect rgba(214, 138, 0, 0.2)',
      expect.stringMatching(/^ {4}h0-xh1: .*FIN.*#35;77$/),
      '  end',
    ])
  })

  test.each([
    '<script>alert(1)</script>',
    'a; h0->>h1: forged',
    'a\nend\nNote over h0: forged',
    '%%{init: {}}%% click h0 href "javascript:alert(1)"',
    'end',
    '#lt;b#gt; &lt;b&gt;',
    '\x1b[31m \u202e \ud800',
    `/${'a'.repeat(10_000)}`,
  ])('%j forges nothing', (label) => {
    const calm = mermaidLadder(reportWith('calm'), 12).split('\n')
    const lines = mermaidLadder(reportWith(label), 12).split('\n')
    expect(lines.map((line) => line.split(': ')[0])).toEqual(calm.map((line) => line.split(': ')[0]))
    const arrow = lines[3] ?? ''
    expect(arrow.length).toBeLessThan(400)
    expect(arrow.slice(arrow.indexOf(': '))).toMatch(/^(?:[\p{L}\p{N} .,:/()×·→–…=+-]|#\d+;)*$/u)
    expect(arrow.slice(arrow.indexOf(': '))).not.toMatch(/\bend\b/i)
  })

  test('a flow that the report does not hold', () => {
    expect(() => mermaidLadder(reportWith('x'), 99)).toThrow(RangeError)
  })
})
