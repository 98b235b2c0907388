/** `pcap-why segments` as a user runs it, built from this tree. */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const capture = join(root, 'test/corpus/arkime__tcp-reassembly-synthetic.pcap')

interface Run {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** `leaveAfter`: close the reading end after so many characters, as `head` does. */
function segments(args: readonly string[], stdin?: Uint8Array, leaveAfter = Infinity): Promise<Run> {
  const child = spawn(process.execPath, [join(root, 'bin/pcap-why.js'), 'segments', ...args])
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    if (out.length >= leaveAfter) child.stdout.destroy()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text))
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })))
}

describe('segments', () => {
  test('a header, then a line for each TCP frame', async () => {
    const { status, out, err } = await segments([capture])
    const lines = out.slice(0, -1).split('\n')
    expect([status, err]).toEqual([0, ''])
    expect(lines[0]).toBe('frame\ttime\tstream\tside\tflags\tseq\tack\tpayload\twindow\tmarks')
    expect(lines).toHaveLength(107)
    expect(new Set(lines.map((line) => line.split('\t').length))).toEqual(new Set([10]))
  })

  test('from standard input', async () => {
    const { status, out } = await segments(['-'], readFileSync(capture))
    expect(status).toBe(0)
    expect(out).toBe((await segments([capture])).out)
  })

  test('a reader who has seen enough is no error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pcap-why-segments-'))
    const copies = Array.from({ length: 30 }, (_, n) => join(folder, `${n}.pcap`))
    for (const copy of copies) copyFileSync(capture, copy)
    const { status, err } = await segments(copies, undefined, 10)
    expect([status, err]).toEqual([0, ''])
    // Each file numbers its frames from 1: on wish a last column tells the files apart.
    const { out } = await segments([...copies.slice(0, 2), '--with-file'])
    const [head, ...lines] = out.slice(0, -1).split('\n')
    expect(head).toMatch(/\tmarks\tfile$/)
    expect(new Set(lines.map((line) => line.split('\t').slice(10).join()))).toEqual(new Set(['1', '2']))
    const first = lines.filter((line) => line.endsWith('\t1')).map((line) => line.split('\t')[0])
    expect(first).toEqual(lines.filter((line) => line.endsWith('\t2')).map((line) => line.split('\t')[0]))
    rmSync(folder, { recursive: true })
  })

  test('a file that is not there, a version nobody knows, no file at all', async () => {
    const missing = await segments(['/nowhere/at-all.pcap'])
    expect([missing.status, missing.out]).toEqual([2, ''])
    expect(missing.err).toMatch(/^pcap-why: .*at-all\.pcap.*\n$/)
    expect((await segments([capture, '--wireshark', '3.0'])).status).toBe(2)
    expect((await segments([])).status).toBe(2)
  })
})
