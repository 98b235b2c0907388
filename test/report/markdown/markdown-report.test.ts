/** The Markdown report: its sections, and that nothing from a packet comes alive when a forge renders it. */
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, test } from 'vitest'
import { block, code, prose } from '../../../src/report/markdown/inert.js'
import { markdownReport, picturedStreams } from '../../../src/report/markdown/markdown-report.js'
import { utc } from '../../../src/report/markdown/moments.js'
import type { Report } from '../../../src/result.js'
import { captureOf, findingOf, flowOf, reportOf, verdictOf } from '../fixtures.js'
import { busyReport } from '../scenarios.js'

const html = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[click](javascript:alert(1))',
  '![x](http://evil.example/p.png)',
  'https://evil.example/track?id=1',
  'www.evil.example',
  '**bold** _em_ ~~gone~~',
  '`code` ``more`` `',
  'a | b | c',
  '&lt;b&gt; &#x3c;script&#x3e;',
  '\x1b[31mred\x1b[0m \x07',
  'user\u202egnp.exe',
  '\ud800 lone',
  '# heading',
  '- item',
  '1. one',
  '\n\n<b>new paragraph</b>',
  '```\nfence',
  '@everyone #1 !2 $x^2$',
  `http://h/${'a'.repeat(10_000)}`,
]

function hostileReport(text: string): Report {
  const flow = flowOf({
    verdict: verdictOf({
      class: 'idle-timeout',
      severity: 'problem',
      summary: text,
      evidence: [{ frame: 7, text }],
      notThis: [{ class: 'clean', because: text }],
      remarks: [text],
    }),
  })
  const finding = findingOf({
    title: text,
    detail: [text],
    fix: [text],
    client: { ip: '10.0.0.2', role: text },
    logWords: [{ component: text, text }],
  })
  return reportOf({
    captures: [captureOf({ file: text, notSeen: [text] })],
    flows: [flow],
    findings: [finding],
    requests: [
      {
        request: text,
        capture: 0,
        time: 1,
        status: 504,
        legs: [
          {
            capture: 0,
            stream: 12,
            alsoSeen: [],
            depth: 0,
            client: { ip: '10.0.0.2', port: 1, role: text },
            server: { ip: '10.0.0.3', port: 2, role: null },
            opened: null,
            request: null,
            answer: null,
            close: null,
            class: 'idle-timeout',
            part: 'cause',
            certainty: null,
            text,
          },
        ],
        causeStream: 12,
        sentence: text,
      },
    ],
  })
}

/** Elements that our own report is made of; the task list's `input` and `del` are not among them. */
const OURS = new Set('h1 h2 h3 p table thead tbody tr th td code pre ul ol li strong img'.split(' '))

function elements(rendered: string): string[] {
  return [...rendered.matchAll(/<([a-z][\w-]*)/gi)].map((match) => (match[1] ?? '').toLowerCase())
}

describe('hostile text', () => {
  test.each(HOSTILE)('%j is shown, not obeyed', (text) => {
    const rendered = html(markdownReport(hostileReport(text), { command: text }))
    expect(elements(rendered).filter((name) => !OURS.has(name))).toEqual([])
    expect(rendered).not.toMatch(/<img|<a |javascript:[^<]*"/)
    // eslint-disable-next-line no-control-regex
    expect(rendered).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\ud800-\udfff]/)
    const calm = elements(html(markdownReport(hostileReport('calm'), { command: 'calm' })))
    const headings = (names: readonly string[]): string[] =>
      names.filter((name) => /^h\d|^li$|^tr$/.test(name))
    expect(headings(elements(rendered))).toEqual(headings(calm))
  })

  test('a long URL is cut', () => {
    expect(markdownReport(hostileReport(`/${'a'.repeat(10_000)}`)).length).toBeLessThan(20_000)
  })

  test('a fence is longer than any run of backticks inside', () => {
    expect(block('a\n````\nb')).toBe('`````\na\n````\nb\n`````')
    expect(code('a``b`c')).toBe('```a``b`c```')
  })

  test('plain sentences stay as they are', () => {
    expect(prose('nginx gave up after 60.00 s; clients got 504.')).toBe(
      'nginx gave up after 60.00 s; clients got 504.',
    )
    expect(prose('likely proxy_read_timeout, default 60 s')).toBe('likely `proxy_read_timeout`, default 60 s')
  })
})

describe('the report', () => {
  const text = markdownReport(busyReport(), {
    drawn: new Map([[12, { picture: 'why-pictures/01.svg', mermaid: 'sequenceDiagram' }]]),
    command: 'pcap-why timeout.pcap --report why.md',
  })
  const section = (name: string): string => (text.split(`\n## ${name}\n`)[1] ?? '').split('\n## ')[0] ?? ''

  test('has its sections in order', () => {
    expect(text.match(/^## .*/gm)).toEqual([
      '## What happened',
      '## Timeline',
      '## Findings',
      '## Not seen',
      '## How to verify the fix',
    ])
  })

  test('says what happened in three sentences', () => {
    const lines = section('What happened').trim().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toBe(
      '`timeout.pcap` shows 212 TCP connections in 181.3 s from 2026-01-21 08:00:00.000 UTC; 27 of them ended with a problem, and 19 more harmlessly in a way that will hurt.',
    )
    expect(lines[1]).toContain('23 × idle-timeout cut: nginx gave up after 60.00 s')
    expect(lines[2]).toContain('`proxy_read_timeout` 600s')
  })

  test('shows each finding with picture, proof, filters and fix', () => {
    expect(text).toContain('### 1. 23 × idle-timeout cut: nginx 10.0.0.2 → proxy 10.0.0.3:8000')
    expect(text).toContain('![Sequence diagram of flow 12](<why-pictures/01.svg>)')
    expect(text).toContain('```mermaid\nsequenceDiagram\n```')
    expect(text).toContain('`tcp.stream eq 12`')
    expect(text).toMatch(/\| 77 \| .* \| `frame\.number == 77` \|/)
    expect(text).toContain('`nginx.proxy_read_timeout`')
  })

  test('tells the timeline in the order of time', () => {
    const times = [...section('Timeline').matchAll(/\| \+([\d.]+) s \|/g)].map((match) => Number(match[1]))
    expect(times.length).toBeGreaterThan(3)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('says what was not seen', () => {
    expect(section('Not seen')).toContain('2 connections were open when the capture began')
    expect(section('Not seen')).toContain('1204 copies of packets were set aside')
  })

  test('ends with the command that verifies the fix, and how long to capture', () => {
    // 181.25 s / 23 × 3 is less than three times the timer of 60 s.
    expect(section('How to verify the fix')).toContain('capture at least 180.00 s of like traffic')
    expect(section('How to verify the fix')).toContain('`pcap-why verify fresh.pcap --before timeout.pcap`')
  })

  test('a file name is quoted for the shell', () => {
    const report = { ...busyReport(), captures: [captureOf({ file: "it's; rm -rf.pcap" })] }
    expect(markdownReport(report)).toContain(`--before 'it'\\''s; rm -rf.pcap'`)
  })

  test('without findings it says so and promises nothing', () => {
    const calm = markdownReport(reportOf({ flows: [flowOf()] }))
    expect(calm).toContain('Nothing was found that would explain an error.')
    expect(calm).not.toContain('## How to verify')
  })

  test('pictures are asked for in the order of the findings', () => {
    expect(picturedStreams(busyReport())).toEqual([12, 50, 80])
  })
})

describe('moments', () => {
  test('carry over into the next day', () => {
    expect(utc('2026-12-31T23:59:59.900000000Z', 0.2)).toBe('2027-01-01 00:00:00.100')
    expect(utc(null, 1)).toBeNull()
  })
})
