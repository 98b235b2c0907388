/** Live, as behind a tcpdump: what ended is told while the pipe is open, and Ctrl-C shows the findings. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Replay } from '../../scripts/soak/replay.js'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const incident = readFileSync(`${root}captures/incident-502/capture.pcap`)

const REFUSED = (flow: string, from: number): string => `
  ${from}   ${flow} > S
  +0.0001 ${flow} < R.`
const FLOWS = 'flow a 10.0.0.2:1 > 10.0.0.3:2\nflow b 10.0.0.2:2 > 10.0.0.3:2\nflow c 10.0.0.2:3 > 10.0.0.3:2'
/** Three refused connections; a minute and more after the first has been told, the others are new. */
const PACKETS = ladderPackets(`${FLOWS}${REFUSED('a', 0)}${REFUSED('b', 100)}${REFUSED('c', 200)}`)

class Live {
  readonly child: ChildProcessWithoutNullStreams
  out = ''
  err = ''
  readonly closed: Promise<[status: number | null, signal: string | null]>

  constructor(args: readonly string[], reads = true) {
    this.child = spawn(process.execPath, [`${root}bin/pcap-why.js`, '-', ...args])
    this.child.stdin.on('error', () => {})
    if (reads) this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.out += text))
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.err += text))
    this.closed = once(this.child, 'exit') as Promise<[number | null, string | null]>
  }

  async until(seen: () => boolean): Promise<void> {
    for (let waited = 0; !seen(); waited += 10) {
      if (waited > 10_000) throw new Error(`not seen: ${this.out.slice(-300)} ${this.err}`)
      await pause(10)
    }
  }

  get lines(): { type: string; stream?: number; flows?: number }[] {
    return this.out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { type: string })
  }
}

describe('behind a running tcpdump', () => {
  it('flows are told while the pipe is open; Ctrl-C ends with findings and summary, status 0', async () => {
    const live = new Live(['--ndjson'])
    live.child.stdin.write(ladderFile(PACKETS))
    await live.until(() => live.lines.length >= 1)
    expect(live.lines[0]).toMatchObject({ type: 'flow', stream: 0 })
    expect(live.lines.every(({ type }) => type === 'flow')).toBe(true)
    live.child.kill('SIGINT')
    expect(await live.closed).toEqual([0, null])
    expect(live.lines.filter(({ type }) => type === 'flow')).toHaveLength(3)
    expect(live.lines.some(({ type }) => type === 'finding')).toBe(true)
    expect(live.lines.at(-1)).toMatchObject({ type: 'summary', flows: 3 })
    expect(live.err).toContain('interrupted: this is what was read so far')
  })

  it('without --ndjson Ctrl-C shows the report, and --fail-on holds', async () => {
    const live = new Live(['--fail-on', 'refused'])
    live.child.stdin.write(ladderFile(PACKETS))
    await pause(600)
    live.child.kill('SIGINT')
    expect(await live.closed).toEqual([1, null])
    expect(live.out).toMatch(/3 × .*refused/)
  })

  it('whoever stops it as a service gets the findings, too', async () => {
    const live = new Live(['--ndjson'])
    live.child.stdin.write(ladderFile(PACKETS))
    await live.until(() => live.lines.length >= 1)
    live.child.kill('SIGTERM')
    expect(await live.closed).toEqual([0, null])
    expect(live.lines.at(-1)).toMatchObject({ type: 'summary', flows: 3 })
  })

  it('a second Ctrl-C ends at once, whoever is still to read', async () => {
    const live = new Live(['--json', '--all'], false)
    await new Promise((resolve) => live.child.stdin.write(incident, resolve))
    live.child.kill('SIGINT')
    await live.until(() => live.err.includes('interrupted'))
    // It is judging, or its answer does not fit into a pipe that nobody reads.
    expect(live.child.exitCode).toBeNull()
    live.child.kill('SIGINT')
    expect(await live.closed).toEqual([null, 'SIGINT'])
  })

  it('a reader who has seen enough ends it quietly', async () => {
    const live = new Live(['--ndjson'])
    live.child.stdout.once('data', () => live.child.stdout.destroy())
    live.child.stdin.write(ladderFile(PACKETS))
    // What the writer sends next finds nobody.
    const later = ladderPackets(`${FLOWS}${REFUSED('a', 400)}${REFUSED('b', 600)}`)
    await live.until(() => live.child.stdout.destroyed)
    live.child.stdin.write(ladderFile(later).subarray(24))
    live.child.stdin.end()
    expect(await live.closed).toEqual([0, null])
    expect(live.err).toBe('')
  })

  it('a reader who takes nothing makes the writer wait', async () => {
    const replay = new Replay(incident)
    const live = new Live(['--ndjson'], false)
    live.child.stdin.write(replay.header)
    let taken = 0
    for (let round = 0; round < 3; round++) live.child.stdin.write(replay.round(round), () => taken++)
    await pause(1500)
    expect(taken).toBeLessThan(3)
    live.child.stdout.resume()
    await live.until(() => taken === 3)
    live.child.stdin.end()
    expect((await live.closed)[0]).toBe(0)
  })
})
