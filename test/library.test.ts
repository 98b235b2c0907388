/** pcap-why as a library: for Node, and bundled for a browser without polyfills. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { analyze, CaptureError, MemorySource, reportJson, StreamSource, type Report } from '../src/index.js'

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const capture = new Uint8Array(readFileSync(file('captures/nginx-read-timeout/capture.pcap')))

async function* pieces(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < capture.length; at += size) {
    await Promise.resolve()
    yield capture.subarray(at, at + size)
  }
}

const json = (report: Report): string => [...reportJson(report)].join('')

describe('a capture that arrives in pieces', () => {
  let whole: Report
  beforeAll(async () => {
    whole = await analyze([new MemorySource(capture, 'a.pcap')])
  })

  test.each([1, 7, 4096, 10_000_000])('of %i bytes, from an iterable', async (size) => {
    const report = await analyze([new StreamSource(pieces(size), 'a.pcap', capture.length)])
    expect(json(report)).toBe(json(whole))
  })

  test('from a ReadableStream, as a browser has it', async () => {
    const stream = new Blob([capture]).stream() as ReadableStream<Uint8Array>
    expect(json(await analyze([new StreamSource(stream, 'a.pcap')]))).toBe(json(whole))
  })

  test('empty pieces are no end', async () => {
    const source = new StreamSource(
      (async function* () {
        yield new Uint8Array(0)
        yield* pieces(999)
      })(),
      'a.pcap',
    )
    expect(json(await analyze([source]))).toBe(json(whole))
  })

  test('is let go of when it is no capture', async () => {
    let closed = false
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(0x41)),
      cancel: () => void (closed = true),
    })
    const source = new StreamSource(stream)
    await expect(analyze([source])).rejects.toThrow(CaptureError)
    source.close()
    await Promise.resolve()
    expect(closed).toBe(true)
  })
})

describe('bundled for a browser', () => {
  let code = ''
  let inputs: string[] = []
  beforeAll(async () => {
    const result = await build({
      entryPoints: [file('src/index.ts')],
      bundle: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'pcapWhy',
      target: 'es2022',
      minify: true,
      write: false,
      metafile: true,
      logLevel: 'silent',
    })
    code = result.outputFiles[0]?.text ?? ''
    inputs = Object.keys(result.metafile.inputs)
  })

  test('needs no package and no module of Node', () => {
    expect(inputs.filter((input) => !input.startsWith('src/'))).toEqual([])
    expect(code).not.toMatch(/\brequire\(|from ?["']node:|__dirname|\bprocess\.|\bBuffer\./)
  })

  test('analyses where there is nothing but what the web has', async () => {
    const web = { TextDecoder, TextEncoder, crypto, DecompressionStream, ReadableStream, Response, URL }
    const context = createContext({ ...web, bytes: capture, zipped: new Uint8Array(gzipSync(capture)) })
    runInContext(code, context)
    const run = (source: string): Promise<Report> =>
      runInContext(
        `pcapWhy.analyze([new pcapWhy.MemorySource(${source}, 'a.pcap')])`,
        context,
      ) as Promise<Report>
    const here = await analyze([new MemorySource(capture, 'a.pcap')])
    expect(JSON.stringify((await run('bytes')).findings)).toBe(JSON.stringify(here.findings))
    expect(JSON.stringify((await run('zipped')).findings)).toBe(JSON.stringify(here.findings))
  })
})
