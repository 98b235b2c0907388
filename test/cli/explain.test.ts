import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { explainCommand } from '../../src/cli/explain.js'
import { Output } from '../../src/cli/output.js'
import { UsageError } from '../../src/cli/usage-error.js'

const root = fileURLToPath(new URL('../../src', import.meta.url))

async function said(words: readonly string[], json = false): Promise<string> {
  const stream = new PassThrough()
  let text = ''
  stream.setEncoding('utf8').on('data', (part: string) => (text += part))
  const status = await explainCommand(words, { json, color: false }, new Output(stream as never))
  expect(status).toBe(0)
  return text
}

describe('pcap-why explain', () => {
  it('prints the page of a class with all its sections', async () => {
    const text = await said(['half-open-zombie'])
    for (const heading of [
      'what it means',
      'variants',
      'why',
      'confirm',
      'not this',
      'fix',
      'example',
      'source',
    ])
      expect(text).toContain(`\n${heading}\n`)
  })

  it('takes several words for one setting', async () => {
    expect(await said(['uvicorn', '--timeout-keep-alive'])).toMatch(/^uvicorn\.timeout_keep_alive /)
  })

  it('lists everything without an argument', async () => {
    expect(await said([])).toMatch(/^explain {3}12 classes and \d+ settings\n/)
  })

  it('gives the pages as JSON', async () => {
    const [page] = JSON.parse(await said(['refused'], true)) as { name: string }[]
    expect(page?.name).toBe('refused')
  })

  it('says the nearest for an unknown word, as wrong usage', async () => {
    const failing = explainCommand(
      ['keepalive-rase'],
      { color: false },
      new Output(new PassThrough() as never),
    )
    await expect(failing).rejects.toThrow(UsageError)
    await expect(failing).rejects.toMatchObject({
      hint: expect.stringContaining('did you mean keepalive-race?') as string,
    })
  })
})

it('loads nothing of the analysis', () => {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    const text = readFileSync(path, 'utf8').replaceAll(/^import type .*$/gm, '')
    for (const [, name = ''] of text.matchAll(/from '(\.[^']+)\.js'/g))
      visit(`${join(dirname(path), name)}.ts`)
  }
  visit(join(root, 'cli/explain.ts'))
  const rooms = new Set([...seen].map((path) => relative(root, path).split('/')[0]))
  expect([...rooms].sort()).toEqual(['cli', 'explain', 'knowledge', 'report'])
})
