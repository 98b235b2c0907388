import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PAGE_PARTS, pageParts } from '../../../scripts/page-parts.js'
import { MemorySource } from '../../../src/capture/memory-source.js'
import { analyze } from '../../../src/analyze.js'
import type { Report } from '../../../src/result.js'
import { hostileCapture, HOSTILE_TEXTS } from '../../helpers/hostile.js'
import { htmlOf } from '../../helpers/html-of.js'
import { captureOf } from '../fixtures.js'
import { chainReport } from './fixtures.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

function section(html: string, id: string): string {
  return new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(html)?.[0] ?? ''
}

function plain(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

describe('the HTML report', () => {
  it('holds the script and the style sheet as they are in page/', () => {
    expect(readFileSync(`${root}/${PAGE_PARTS}`, 'utf8') === pageParts(root), 'npm run page').toBe(true)
  })

  it('allows nothing from outside and names nothing outside', async () => {
    const html = await htmlOf(chainReport())
    expect(html).toMatch(
      /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'"/,
    )
    const links = [...html.matchAll(/(?:src|href|action|xlink:href)\s*=\s*"([^"]*)"/g)].map(
      (match) => match[1],
    )
    expect(links.length).toBeGreaterThan(5)
    expect(links.filter((link) => link?.startsWith('#') !== true)).toEqual([])
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import/)
    expect(html).not.toMatch(/ style="| on[a-z]+="/)
  })

  it('is the same each time', async () => {
    expect((await htmlOf(chainReport())) === (await htmlOf(chainReport()))).toBe(true)
  })

  it('has ids that occur once', async () => {
    const ids = [...(await htmlOf(chainReport())).matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it('tells a finding with its ladder, its setting, its proof and its fix', async () => {
    const findings = section(await htmlOf(chainReport()), 'findings')
    expect(plain(findings)).toContain('23 × idle-timeout cut')
    expect(plain(findings)).toContain('likely nginx.proxy_read_timeout')
    expect(plain(findings)).toContain('proxy_read_timeout 600s;')
    expect(plain(findings)).toContain('Proof: flow 12, frame 77')
    expect(findings).toContain('<svg xmlns="http://www.w3.org/2000/svg"')
    expect(plain(findings)).toContain('upstream timed out (110')
  })

  it('tells the chain: who closes first, which timers, whether their order is safe', async () => {
    const chain = plain(section(await htmlOf(chainReport()), 'chain'))
    expect(chain).toContain('nginx 10.0.0.2 → proxy 10.0.0.3:8000')
    expect(chain).toMatch(/unsafe 60 s, configured 5 s 3\.900 s 4 nginx keeps idle connections longer/)
    expect(chain).toContain('3 reuses came within a second')
    expect(chain).toContain('uvicorn --timeout-keep-alive 75')
    expect(chain).toMatch(/5\.002 s of silence between requests 24 of 24/)
  })

  it('follows a failed request leg by leg', async () => {
    const requests = plain(section(await htmlOf(chainReport()), 'requests'))
    expect(requests).toContain('504 POST /v1/messages at 0.123000 s')
    expect(requests).toContain('client → nginx')
    expect(requests).toMatch(
      /nginx → proxy flow 12 cause \+2 ms #70 none seen FIN by the client \+60\.00 s #77/,
    )
  })

  it('puts every timer on the axis of silences once', async () => {
    const silences = section(await htmlOf(chainReport()), 'silences')
    const labels = [...silences.matchAll(/<text class="timer"[^>]*>([^<]*)</g)].map((match) => match[1])
    expect(labels).toEqual(['5 s uvicorn.timeout_keep_alive (24)', '60 s nginx.proxy_read_timeout (23)'])
  })

  it('says how it was made and what could not be seen', async () => {
    const html = await htmlOf(chainReport(), "pcap-why 'a b.pcap'")
    expect(html).toContain('<code>pcap-why &#39;a b.pcap&#39;</code>')
    expect(html).toContain('12 connections began before the capture.')
    expect(html).toContain('17 not TCP over IP (17 not IP)')
  })

  it('says of which file frame numbers are when there are several', async () => {
    const one = chainReport()
    const two = { ...one, captures: [...one.captures, captureOf({ file: '/tmp/app.pcap' })] }
    const [flow] = one.flows
    expect(await htmlOf(two)).toContain('["file 1","timeout.pcap"]')
    expect(await htmlOf(two)).toContain(`, frame 1:${flow?.close.first?.frame} at `)
    expect(await htmlOf(one)).not.toContain('["file 1"')
  })

  it('says so when nothing is wrong', async () => {
    const html = await htmlOf({ ...chainReport(), findings: [], flows: [], requests: [] })
    expect(html).toContain('No connection of this capture ended badly.')
    expect(section(html, 'requests')).toBe('')
  })
})

describe('hostile texts in an HTML report', () => {
  const report = (): Promise<Report> =>
    analyze([new MemorySource(hostileCapture(), '/tmp/<script>alert(1)</script>.pcap')], {
      all: true,
      overview: true,
      showSecrets: true,
    })

  it('arrive in the report at all', async () => {
    const told = JSON.stringify((await report()).flows.map((flow) => flow.ladder.map((row) => row.label)))
    expect(told).toContain('<script>window.pwned=1</script>')
    expect(told).toContain('onerror=window.pwned=1')
    expect(told.length).toBeGreaterThan(HOSTILE_TEXTS.length * 100)
  })

  it('are shown and not obeyed', async () => {
    const html = await htmlOf(await report())
    // Our own two scripts, and no other beginning or end of one.
    expect(html.match(/<\/?script/gi)).toHaveLength(4)
    expect(html).not.toMatch(/<img|<!--|\]\]>/i)
    expect(html).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
    expect(html).toContain('&lt;script&gt;')
    const longest = Math.max(
      ...html
        .replace(/<script[\s\S]*?<\/script>/g, '')
        .split(/<[^>]*>/)
        .map((text) => text.length),
    )
    expect(longest).toBeLessThan(20_000)
  })
})
