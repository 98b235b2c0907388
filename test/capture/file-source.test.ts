import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openSource } from '../../src/capture/file-source.js'
import type { CaptureError } from '../../src/errors.js'
import { ladder } from '../helpers/ladder.js'
import { readRows } from '../helpers/rows.js'

const folder = mkdtempSync(join(tmpdir(), 'pcap-why-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bytes = ladder('flow a 10.0.0.2:1 > 10.0.0.3:2\n0 a > S\n0.1 a < R.')

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function trouble(path: string): Promise<CaptureError> {
  try {
    await readRows(openSource(path))
  } catch (error) {
    return error as CaptureError
  }
  throw new Error(`${path} was read`)
}

describe('what can not be read is said in one line', () => {
  const linkType = bytes.slice()
  linkType.set([227, 0], 20)
  test.each([
    ['missing', () => join(folder, 'none.pcap'), 'not-found', 'no such file'],
    ['directory', () => folder, 'is-directory', 'a directory, not a capture'],
    ['empty', () => file('empty', ''), 'empty', 'empty, not even a file header'],
    [
      'text',
      () => file('text', '12:00:00.1 IP 10.0.0.2.1 > 10.0.0.3.2: Flags [S]\n'),
      'unknown-format',
      'a text file, not a capture',
    ],
    ['short text', () => file('short', 'hi'), 'unknown-format', 'a text file, not a capture'],
    ['zip', () => file('zip', 'PK\x03\x04\0\0\0\0'), 'unknown-format', 'a zip archive, not a capture'],
    [
      'something',
      () => file('odd', Uint8Array.of(0, 1, 2, 3, 4)),
      'unknown-format',
      'not a capture file (it begins with 00 01 02 03)',
    ],
    [
      'CAN bus',
      () => file('can', linkType),
      'unknown-link-type',
      'link type 227 (CAN bus) is not one that pcap-why reads IP from',
    ],
    [
      'half a header',
      () => file('half', bytes.subarray(0, 20)),
      'corrupt',
      'a pcap file without a usable header: it ends before its header does',
    ],
  ] as const)('%s', async (_, path, code, found) => {
    const error = await trouble(path())
    expect(error).toMatchObject({ name: 'CaptureError', code, message: `${error.path}: ${found}` })
    expect(error.message).not.toContain('\n')
  })
})

describe('what was made of a capture is told from text that tcpdump printed', () => {
  const made = 'not a capture'
  test.each([
    ['a report', '{\n  "schema": "pcap-why/report/1",\n', `a saved report of pcap-why, ${made}`, 'verify'],
    ['lines', '{"type":"flow","capture":0,', `a saved report of pcap-why, as lines, ${made}`, 'verify'],
    ['an answer', '{\n "schema": "pcap-why/verify/1",\n', `a saved answer of pcap-why, ${made}`, 'verify'],
    ['other JSON', '{"schema": "pcap-why/report/1"}', `a JSON document, ${made}`, 'made of'],
    ['a page', '<!doctype html>\n<html lang="en">', `a web page, ${made}`, 'made of'],
    ['a picture', '<svg xmlns="http://www.w3.org/', `a picture, ${made}`, 'made of'],
    ['Markdown', '# Why connections ended: `x`', `a report of pcap-why, ${made}`, 'made of'],
    ['other Markdown', '# Why connections end', `a text file, ${made}`, 'tcpdump -w'],
  ])('%s', async (name, content, found, hint) => {
    const error = await trouble(file(name, content))
    expect(error.message).toBe(`${error.path}: ${found}`)
    expect(error.hint).toContain(hint)
  })
})

describe.skipIf(process.platform === 'win32')('pipes', () => {
  test('a FIFO whose writer is slow', async () => {
    const path = join(folder, 'fifo')
    execFileSync('mkfifo', [path])
    const whole = file('whole', bytes)
    const slow = `(head -c 30 "${whole}"; sleep 0.2; tail -c +31 "${whole}") > "${path}"`
    const writer = spawn('sh', ['-c', slow])
    const { rows, read } = await readRows(openSource(path))
    expect(rows).toHaveLength(2)
    expect(read.captures[0].truncated).toBe(false)
    writer.kill()
  })
})

test('a closed source has no more bytes, and may be closed again', () => {
  const source = openSource(file('closed', bytes))
  expect(source.size).toBe(bytes.length)
  source.close()
  source.close()
  expect(source.read(new Uint8Array(10), 0, 10)).toBe(0)
})
