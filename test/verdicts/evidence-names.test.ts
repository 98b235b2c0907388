import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'

/** What the evidence of a finding's example says, beside the roles of its connection. */
async function evidence(scenario: string, word: string): Promise<{ ends: string; texts: string[] }> {
  const url = new URL(`../../captures/${scenario}/capture.pcap`, import.meta.url)
  const report = await analyze([new MemorySource(new Uint8Array(readFileSync(url)), scenario)])
  const found = report.findings.find((each) => each.class === word)
  const flow = report.flows.find((each) => each.stream === found?.example)
  if (flow === undefined) throw new Error(`no ${word} in ${scenario}`)
  return {
    ends: `${flow.client.role} → ${flow.server.role}`,
    texts: flow.verdict.evidence.map((each) => each.text),
  }
}

/**
 * The pictures put the evidence above the lifelines of the whole chain, where "the client" is the host that is called so, and on nginx' leg to
 * the proxy not nginx.
 */
describe('evidence calls the ends as the sentence does', () => {
  it('where a proxy gave up on the leg behind it', async () => {
    const { ends, texts } = await evidence('nginx-read-timeout', 'idle-timeout')
    expect(ends).toBe('nginx → proxy')
    expect(texts[0]).toBe('last payload, by nginx: the silence begins')
    expect(texts[1]).toMatch(/^FIN by nginx, 60\.\d+ s later$/)
    expect(texts[2]).toMatch(/^504 to the client of nginx \(flow \d+\), 0\.\d+ ms after the close$/)
  })

  it('where a request met the close', async () => {
    const { ends, texts } = await evidence('keepalive-race', 'keepalive-race')
    expect(ends).toBe('nginx → proxy')
    expect(texts).toContain('FIN by the proxy (uvicorn); its ACK number covers no byte of the request')
    expect(texts.at(-1)).toMatch(/^200 to the client of nginx \(flow \d+\)$/)
  })

  it('where the server left, and where the end that left is the client of the whole chain', async () => {
    const left = await evidence('server-abort', 'server-abort')
    expect(left.ends).toBe('nginx → proxy')
    expect(left.texts.filter((text) => /\bby the (client|server)\b/.test(text))).toEqual([])
    const abort = await evidence('client-abort', 'client-abort')
    expect(abort.ends).toBe('client → nginx')
    expect(abort.texts.some((text) => text.includes('by the client, '))).toBe(true)
  })

  it('and names no role where none is known', async () => {
    const { ends, texts } = await evidence('half-closed', 'half-open-zombie')
    expect(ends).toBe('client → null')
    expect(texts[1]).toBe('the host of the server acknowledges it; its program never closes')
  })
})
