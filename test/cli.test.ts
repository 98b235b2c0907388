/** The program as a user runs it: `node bin/pcap-why.js`, built from this tree (`npm test` builds first). */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../src/result.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = join(root, 'bin/pcap-why.js')
const scenario = (name: string): string => join(root, 'captures', name, 'capture.pcap')
const race = scenario('keepalive-race')
const clean = scenario('keepalive-clean')
const folder = mkdtempSync(join(tmpdir(), 'pcap-why-cli-'))

interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

interface RunOptions {
  readonly env?: Record<string, string>
  readonly stdin?: Uint8Array
  /** Reads so many bytes of stdout, then closes it, as `head` does. */
  readonly readOnly?: number
}

function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env: { PATH, LANG: 'C.UTF-8', ...options.env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (options.readOnly !== undefined && stdout.length >= options.readOnly) child.stdout.destroy()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // The program may end before it has read everything.
  child.stdin.on('error', () => {})
  child.stdin.end(options.stdin)
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })))
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

beforeAll(() => {
  if (!existsSync(join(root, 'dist/cli/main.cjs'))) throw new Error('not built: npm run build')
})

describe('bad input: one line, exit status 2', () => {
  const capture = readFileSync(clean)
  const unknownLink = Buffer.from(capture)
  unknownLink.writeUInt32LE(4711, 20)
  const udpOnly = Buffer.from(capture.subarray(0, 24))
  mkdirSync(join(folder, 'folder'))

  it.each([
    ['a missing file', join(folder, 'missing.pcap'), 'missing.pcap'],
    ['a directory', join(folder, 'folder'), 'folder'],
    ['an empty file', file('empty.pcap', ''), 'empty.pcap'],
    ['a text file', file('notes.txt', 'These are my notes.\nThey are long enough.\n'), 'notes.txt'],
    ['an unknown link type', file('link.pcap', unknownLink), '4711'],
    ['a capture without packets', file('none.pcap', udpOnly), 'none.pcap'],
  ])('%s', async (_name, path, named) => {
    const { status, stdout, stderr } = await run([path])
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^pcap-why: .+ — .+\n$/)
    expect(stderr).toContain(named)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('a capture cut in the middle of a packet is analysed up to there, and it is said', async () => {
    const cut = file('cut.pcap', capture.subarray(0, capture.length - 7))
    const { status, stdout } = await run([cut])
    expect(status).toBe(0)
    expect(stdout).toContain('the file ends in the middle of a packet')
    const machine = await run(['--json', cut])
    expect(machine.status).toBe(0)
    expect(machine.stderr).toContain('ends in the middle of a packet')
    expect((JSON.parse(machine.stdout) as Report).captures[0]?.truncated).toBe(true)
  })

  it('a hostile file name is not obeyed', async () => {
    const { stderr } = await run(['\x1b[31mred\u202e.pcap'])
    expect(stderr).toContain('\\x1b[31mred\\u{202e}.pcap')
  })
})

describe('wrong usage: one line, exit status 2', () => {
  it.each([
    [['--svgg', 'x.svg', clean], 'did you mean --svg?'],
    [['--json'], 'no capture is named'],
    [['--json', '--ndjson', clean], 'cannot be used with'],
    [['--flow', 'one', clean], '--flow one: expected a flow number'],
    [['--flow', '99999', clean], 'there is no flow 99999'],
    [['--role', 'nginx', clean], 'expected <name>=<ip[:port]>'],
    [['--filter', 'port', clean], 'a port number was expected'],
    [['--fail-on', 'timeout', clean], 'the classes are idle-timeout, keepalive-race'],
    [['--timeouts', join(folder, 'none.yaml'), clean], 'no such file'],
    [['--svg', 'x.png', race], 'only SVG is drawn'],
    [['segment', clean], 'did you mean pcap-why segments?'],
    [['segments'], 'no capture is named — pcap-why segments --help'],
    [['--svg', clean, race], 'would overwrite a capture'],
    [['--svg', join(folder, 'no/such/x.svg'), race], 'no such file or folder'],
    [['-', '-'], 'is named twice'],
    [['verify', clean], 'verify'],
  ])('%j', async (args, message) => {
    const { status, stdout, stderr } = await run(args)
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })

  it.each([
    [['--filter', 'port 9'], "no connection matches --filter 'port 9'"],
    [['--role', 'api=192.0.2.1'], 'no connection of this capture has that end'],
    [['--mermaid'], '--mermaid changes nothing'],
  ])('%j comes to nothing, and that is said', async (args, message) => {
    const { status, stderr } = await run([clean, ...args])
    expect([status, stderr]).toEqual([0, expect.stringContaining(message)])
    expect((await run([clean, '--role', 'api=10.77.2.3'])).stderr).toBe('')
  })

  it('nothing at all shows the help, on stderr', async () => {
    const { status, stdout, stderr } = await run([])
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('Usage: pcap-why')
  })
})

describe('help and version', () => {
  it('go to stdout, exit status 0', async () => {
    const help = await run(['--help'])
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toContain('--fail-on <class,...>')
    const segments = await run(['segments', '--help'])
    expect(await run(['help', 'segments'])).toEqual(segments)
    for (const { stdout } of [
      help,
      segments,
      await run(['verify', '--help']),
      await run(['timers', '--help']),
    ])
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    const version = await run(['--version'])
    const { version: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string
    }
    expect(version).toEqual({ status: 0, stdout: `${own}\n`, stderr: '' })
  })
})

describe('the main command', () => {
  it('tells of the race', async () => {
    const { status, stdout, stderr } = await run([race])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/✗ +\d+ × keep-alive race/)
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/\x1b/)
  })

  it('is coloured when forced, and NO_COLOR wins', async () => {
    expect((await run([race], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\x1b[31m✗\x1b[39m')
    expect((await run([race], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\x1b')
    expect((await run(['--no-color', race], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain('\x1b')
  })

  it('is ASCII in a C locale', async () => {
    expect((await run([race], { env: { LANG: 'C' } })).stdout).toMatch(/^[\x20-\x7e\n]+$/)
  })

  it('--quiet leaves the findings only', async () => {
    const { stdout } = await run(['--quiet', race])
    expect(stdout).toMatch(/^ [✗!✓]/)
    expect(stdout).not.toContain('┌')
  })

  it('reads standard input', async () => {
    const piped = await run(['-', '--json'], { stdin: readFileSync(race) })
    const direct = await run([race, '--json'])
    expect(piped.status).toBe(0)
    const flowsOf = ({ stdout }: Run): unknown => (JSON.parse(stdout) as Report).flows
    expect(flowsOf(piped)).toEqual(flowsOf(direct))
  })

  it('has the version of the package in its report', async () => {
    const report = JSON.parse((await run([race, '--json'])).stdout) as Report
    expect(`${report.version}\n`).toBe((await run(['--version'])).stdout)
  })

  it('--report writes one HTML file and says so', async () => {
    const path = join(folder, 'incident.html')
    const { status, stdout, stderr } = await run([race, '--report', path])
    expect(status).toBe(0)
    expect(stdout).toContain('keep-alive race')
    expect(stderr).toContain(`report written to ${path}`)
    const html = readFileSync(path, 'utf8')
    expect(html).toMatch(/^<!doctype html>/)
    expect(html).toContain(`pcap-why ${race} --report ${path}`)
  })

  it('--json is one document, the same each time, and --ndjson has the same flows', async () => {
    const [first, second, lines] = await Promise.all([
      run([race, '--json', '--all']),
      run([race, '--json', '--all']),
      run([race, '--ndjson', '--all']),
    ])
    expect(first.stdout).toBe(second.stdout)
    const report = JSON.parse(first.stdout) as Report
    expect(report.flows).toHaveLength(report.summary.flows)
    const parsed = lines.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string })
    const flows = parsed.filter(({ type }) => type === 'flow').map((line) => ({ ...line, type: undefined }))
    // Which flows a finding shows is known at the end; a line was printed before, without its ladder.
    const bare = report.flows.map((flow) => ({
      ...flow,
      ladder: undefined,
      ladderOmitted: undefined,
      ladderGaps: undefined,
    }))
    expect(JSON.parse(JSON.stringify(flows))).toEqual(JSON.parse(JSON.stringify(bare)))
    expect(parsed.at(-1)?.type).toBe('summary')
  })

  it('survives a reader that leaves', async () => {
    const { status, stderr } = await run([race, '--json', '--all'], { readOnly: 10 })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('--flow shows the proof and the ladder', async () => {
    const report = JSON.parse((await run([race, '--json'])).stdout) as Report
    const example = report.findings[0]?.example ?? -1
    const { status, stdout } = await run([race, '--flow', String(example)])
    expect(status).toBe(0)
    for (const heading of ['facts', 'proof', 'why nothing else', 'ladder', 'in Wireshark']) {
      expect(stdout).toContain(`\n${heading}\n`)
    }
    expect(stdout).toContain(`tcp.stream eq ${example}`)
    const machine = JSON.parse((await run([race, '--flow', String(example), '--json'])).stdout) as Report
    expect(machine.flows.find((flow) => flow.stream === example)?.ladder.length).toBeGreaterThan(0)
  })

  it('--filter narrows', async () => {
    const none = JSON.parse((await run([race, '--json', '--all', '--filter', 'port 9'])).stdout) as Report
    expect(none.flows).toEqual([])
    const text = await run([race, '--filter', 'port 9'])
    expect(text.status).toBe(0)
  })

  it('--role names a host', async () => {
    const report = JSON.parse((await run([race, '--json', '--all'])).stdout) as Report
    const server = report.flows[0]?.server
    const named = await run([
      race,
      '--json',
      '--all',
      '--role',
      `backend=${server?.ip ?? ''}:${server?.port ?? 0}`,
    ])
    expect((JSON.parse(named.stdout) as Report).flows[0]?.server.role).toBe('backend')
  })

  it('--fail-on decides the exit status', async () => {
    const [hit, miss, either] = await Promise.all([
      run([race, '--fail-on', 'keepalive-race']),
      run([race, '--fail-on', 'refused']),
      run([race, '--fail-on', 'refused, keepalive-race', '--json']),
    ])
    expect([hit.status, miss.status, either.status]).toEqual([1, 0, 1])
    expect(hit.stdout).toContain('keep-alive race')
  })

  it('--svg draws the worst finding into a file, every finding into a folder', async () => {
    const target = join(folder, 'worst.svg')
    const { status, stderr } = await run([race, '--svg', target])
    expect(status).toBe(0)
    expect(stderr).toBe(`pcap-why: drawn into ${target}\n`)
    expect(readFileSync(target, 'utf8')).toMatch(/^(<\?xml[^>]*>\s*)?<svg /)
    const report = JSON.parse((await run([race, '--json', '--svg', join(folder, 'all')])).stdout) as Report
    expect(readdirSync(join(folder, 'all'))).toHaveLength(report.findings.length)
  })
})
