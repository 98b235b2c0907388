/** What must not leave a capture: passwords, keys and values of queries, wherever a request has them, in every output. */
import { describe, expect, it } from 'vitest'
import { mermaidLadder } from '../../src/diagram/mermaid.js'
import { ladderText } from '../../src/diagram/ladder-text.js'
import { reportJson } from '../../src/report/json.js'
import { markdownReport } from '../../src/report/markdown/markdown-report.js'
import { terminalReport } from '../../src/report/terminal.js'
import { clientEnds, opens, reportOf, serverEnds } from '../helpers/verdict-of.js'

const SECRET = 's3cr3t'
const TARGETS = [
  ...[`/a?t=${SECRET}`, `/a#${SECRET}`, `/a;jsessionid=${SECRET}`, `/a&t=${SECRET}`, `/a%3Ft=${SECRET}`],
  ...[`http://u:${SECRET}@h/`, `HTTP://u:p@${SECRET}@h`, `u:${SECRET}@h:443`, `/to/http://u:${SECRET}@h/`],
  `/bot123456:${SECRET}AAF3kq9Zx7Yt2LmNv8Qw1Er5Ty4/send`,
  `/${'x'.repeat(50)}/${SECRET}AAF3kq9Zx7Yt2LmNv8Qw1Er5Ty4`,
  ...[`/reset/token=${SECRET}/x`, `/a,key=${SECRET}`, `/a%3D${SECRET}`, `/a%253Ft=${SECRET}`],
  ...[`/to/%2F%2Fu:${SECRET}%40h/`, `/to/http:%2f%2fu:${SECRET}@h/`],
]
const HEADERS = [
  ...[
    'Host: u:S@h.example',
    'Authorization: Bearer S',
    'Cookie: a=S',
    'Referer: http://u:S@x/?t=S',
    'X-Api-Key: S',
  ],
  ...[
    'Sec-WebSocket-Protocol: S',
    'User-Agent: python-requests/2 S',
    'Via: 1.1 u:S@h',
    'Server: nginx/1 S',
    'Set-Cookie: S',
  ],
]
  .map((line) => `${line.replaceAll('S', SECRET)}\\r\\n`)
  .join('')

/** Each target asked for four times: left by the client, reset, closed by the server, and answered before the next is lost. */
function conversations(): string {
  const endings = [
    (f: string) =>
      `+20.0 ${f} < P. 'HTTP/1.1 502 Bad\\r\\n${HEADERS}Content-Length: 9\\r\\n\\r\\n'\n${clientEnds(f, '+1.0')}`,
    (f: string) => `+3.0 ${f} < R.`,
    (f: string) => serverEnds(f, '+60.0'),
    (f: string) => `${f} < F. unseen\n+0.001 ${f} < R`,
  ]
  return TARGETS.flatMap((target, n) =>
    endings.map((ending, kind) => {
      const f = `f${n}k${kind}`
      return `flow ${f} 10.0.0.1:${50_000 + n * 4 + kind} > 10.0.0.2:80 ts
        ${opens(f, `${n * 4 + kind}.0`)}
        ${f} > P. '${kind % 2 === 0 ? 'GET' : 'POST'} ${target} HTTP/1.1\\r\\n${HEADERS}\\r\\n'
        ${kind === 3 ? '' : `${f} < .`}
        ${ending(f)}`
    }),
  ).join('\n')
}

async function outputs(showSecrets: boolean): Promise<string> {
  const report = await reportOf(conversations(), { showSecrets })
  expect(report.flows).toHaveLength(4 * TARGETS.length)
  const look = { width: null, utf8: true, colour: false } as const
  return [
    ...reportJson(report, { ladder: true }),
    ...(await terminalReport(report, look, { quiet: false, all: true })),
    markdownReport(report),
    ...report.flows.flatMap(({ stream }) => [
      ladderText(report, stream, { width: 200 }),
      mermaidLadder(report, stream),
    ]),
  ].join('\n')
}

describe('secrets in requests', () => {
  it('stand in no output', async () => {
    const found = new Set((await outputs(false)).match(new RegExp(`.{0,60}${SECRET}.{0,20}`, 'g')))
    expect([...found]).toEqual([])
  })

  it('are in targets when they are asked for, never in headers', async () => {
    const shown = await outputs(true)
    expect(shown).toContain(`/a?t=${SECRET}`)
    expect(shown).not.toMatch(new RegExp(`(?:Bearer|Cookie: a=|1\\.1 u:|nginx/1 |requests/2 )${SECRET}`))
  })
})
