/** `npm run readme`: writes the terminal run and the pictures that README.md, docs/gallery.md and captures/README.md show. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { analyze } from '../src/analyze.js'
import { openSource } from '../src/capture/file-source.js'
import { drawFlow } from '../src/diagram/sequence-diagram.js'
import { terminalReport } from '../src/report/terminal.js'
import type { Report } from '../src/result.js'
import { capturePath, labelledCaptures } from './score-captures.js'

export const README_CAPTURE = 'captures/keepalive-race/capture.pcap'
const WIDTH = 100
const BLOCK = /(<!-- run:begin -->\n```\n)[\s\S]*?(\n```\n<!-- run:end -->)/

/** Captures whose pictures show a class best; every other class is taken from the first capture that has it. */
const PREFERRED: Readonly<Record<string, string>> = {
  'idle-timeout': 'nginx-read-timeout',
  'keepalive-race fin-crossing': 'keepalive-race',
  'client-abort': 'client-abort',
  'server-abort': 'server-abort',
  'half-open-zombie vanished': 'vanished-client',
}

/** What the command of the README prints on a terminal of 100 columns without colour. */
export async function readmeRun(root: string): Promise<string> {
  const report = await analyzeFile(join(root, README_CAPTURE), README_CAPTURE, false)
  const look = { width: WIDTH, colour: false, utf8: true }
  const text = [...(await terminalReport(report, look, { quiet: false, all: false }))].join('')
  return `$ npx pcap-why ${README_CAPTURE}\n\n${text.trimEnd()}`
}

/** The README with its run block replaced. */
export function withRun(readme: string, run: string): string {
  if (!BLOCK.test(readme)) throw new Error('README.md has no run block')
  return readme.replace(BLOCK, (_all, begin: string, end: string) => `${begin}${run}${end}`)
}

async function analyzeFile(path: string, name: string, all = true): Promise<Report> {
  const source = openSource(path)
  try {
    const report = await analyze([source], { all })
    return { ...report, captures: report.captures.map((capture) => ({ ...capture, file: name })) }
  } finally {
    source.close()
  }
}

interface Pick {
  readonly key: string
  readonly scenario: string
  readonly summary: string
  readonly svg: string
}

/** One picture per class and variant. */
async function gallery(root: string): Promise<Pick[]> {
  const picks = new Map<string, Pick>()
  const scenarios = labelledCaptures(join(root, 'captures')).filter((name) => !name.startsWith('incident'))
  const ordered = [...new Set([...Object.values(PREFERRED), ...scenarios])].filter((name) =>
    scenarios.includes(name),
  )
  for (const scenario of ordered) {
    const report = await labelledReport(root, scenario)
    const flows = [
      ...report.findings.map((finding) => finding.example),
      ...report.flows.map((flow) => flow.stream),
    ]
    for (const stream of flows) {
      const flow = report.flows.find((one) => one.stream === stream)
      if (flow === undefined) continue
      const { verdict } = flow
      const key = [verdict.class, verdict.variant ?? '', verdict.severity === 'latent' ? 'latent' : '']
        .filter((word) => word !== '')
        .join(' ')
      if (picks.has(key) || (PREFERRED[key] ?? scenario) !== scenario) continue
      picks.set(key, { key, scenario, summary: verdict.summary, svg: await drawFlow(report, stream, {}) })
    }
  }
  return [...picks.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** A labelled capture with all of its connections, called by its folder and name. */
async function labelledReport(root: string, scenario: string): Promise<Report> {
  const path = capturePath(join(root, 'captures'), scenario)
  return analyzeFile(path, `${scenario}/${basename(path)}`)
}

/** The picture of each labelled capture: its worst finding, else its first connection. */
async function pictures(root: string): Promise<void> {
  for (const scenario of labelledCaptures(join(root, 'captures'))) {
    const report = await labelledReport(root, scenario)
    const stream = report.findings[0]?.example ?? report.flows[0]?.stream
    if (stream !== undefined)
      writeFileSync(join(root, 'captures', scenario, 'picture.svg'), await drawFlow(report, stream, {}))
  }
}

async function main(root: string): Promise<void> {
  const readme = join(root, 'README.md')
  writeFileSync(readme, withRun(readFileSync(readme, 'utf8'), await readmeRun(root)))
  await pictures(root)
  mkdirSync(join(root, 'docs/gallery'), { recursive: true })
  const picks = await gallery(root)
  const lines = picks.map(({ key, scenario, summary, svg }) => {
    const file = `gallery/${key.replaceAll(' ', '-')}.svg`
    writeFileSync(join(root, 'docs', file), svg)
    return `## ${key}\n\n${summary} — from [captures/${scenario}](../captures/${scenario}/README.md)\n\n![${key}](${file})\n`
  })
  writeFileSync(
    join(root, 'docs/gallery.md'),
    `# Gallery\n\nOne picture per class and variant, drawn by \`pcap-why --svg\` from the captures in this repository (\`npm run readme\`).\n\n${lines.join('\n')}`,
  )
}

if (process.argv[1]?.endsWith('readme.ts')) await main(process.cwd())
