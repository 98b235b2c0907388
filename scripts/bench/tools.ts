/** The programs that are compared, and how one run of one of them is measured. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const TIME = '/usr/bin/time'

/** With `NODE_EXTRA_CA_CERTS`, every start of Node reads a bundle of certificates first (37 ms for Debian's), which no program here needs. */
const ENVIRONMENT = { ...process.env, NODE_EXTRA_CA_CERTS: undefined }

/** What one run cost. */
export interface Run {
  readonly seconds: number
  /** CPU time of the process, user and system. */
  readonly cpuSeconds: number | null
  /** Peak resident memory; null where nobody measures it. */
  readonly peakMb: number | null
}

export interface Tool {
  readonly name: string
  readonly command: (file: string) => readonly [program: string, ...args: string[]]
  /** Runs on one capture, of the rounds that were asked for: the slow ones need not be repeated as often. */
  readonly mostRounds: number
}

const OURS: Tool = {
  name: 'pcap-why',
  command: (file) => [process.execPath, 'bin/pcap-why.js', '--json', file],
  mostRounds: Infinity,
}

const OTHERS: readonly Tool[] = [
  { name: 'capinfos', command: (file) => ['capinfos', file], mostRounds: Infinity },
  { name: 'tshark conv', command: (file) => ['tshark', '-q', '-z', 'conv,tcp', '-r', file], mostRounds: 3 },
  {
    name: 'tshark fields',
    command: (file) => ['tshark', '-T', 'fields', '-e', 'frame.number', '-e', 'tcp.stream', '-r', file],
    mostRounds: 3,
  },
  { name: 'tcptrace', command: (file) => ['tcptrace', '-n', file], mostRounds: Infinity },
]

/** Ours, and those of the others that are installed. */
export function installedTools(): readonly Tool[] {
  const paths = (process.env['PATH'] ?? '').split(':')
  return [
    OURS,
    ...OTHERS.filter((tool) => paths.some((path) => existsSync(`${path}/${tool.command('')[0]}`))),
  ]
}

/** Runs a command, its output thrown away. Null: it failed. Findings are no failure: they end with status 0 unless `--fail-on` asks for another. */
export function measure([program, ...args]: readonly [string, ...string[]]): Run | null {
  const timed = existsSync(TIME)
  const started = performance.now()
  const { status, stderr } = spawnSync(
    timed ? TIME : program,
    timed ? ['-q', '-f', '\n%U %S %M', program, ...args] : args,
    { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 2 ** 28, env: ENVIRONMENT },
  )
  const seconds = (performance.now() - started) / 1000
  if (status !== 0) return null
  const [user, system, kb] = String(stderr).trimEnd().split('\n').at(-1)?.split(' ').map(Number) ?? []
  return {
    seconds,
    cpuSeconds: timed ? user + system : null,
    peakMb: timed ? kb / 1024 : null,
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
