/** What the bench measured, as the table that README.md quotes. */

/** Medians of one program on one capture. */
export interface Measured {
  readonly tool: string
  readonly seconds: number
  readonly cpuSeconds: number | null
  readonly peakMb: number | null
  readonly rounds: number
}

export interface BenchRow {
  readonly title: string
  readonly frames: number
  readonly fileBytes: number
  readonly measured: readonly Measured[]
}

export interface StartUp {
  /** From start to table, for a capture of so many bytes. */
  readonly tableMs: number
  readonly captureBytes: number
  /** `node -e 0` in the same run. */
  readonly nodeMs: number
}

/** Where and with what it was measured. */
export interface BenchPlace {
  readonly machine: string
  readonly node: string
  readonly date: string
}

const BLOCK = /(<!-- bench:begin -->\n)[\s\S]*?(\n<!-- bench:end -->)/

/** The README with its table replaced. */
export function withTable(readme: string, table: string): string {
  if (!BLOCK.test(readme)) throw new Error('README.md has no bench block')
  return readme.replace(BLOCK, (_all, begin: string, end: string) => `${begin}\n${table}\n${end}`)
}

/** Markdown: a line for each capture, our time first, the others with how many times ours they took. */
export function benchTable(rows: readonly BenchRow[], start: StartUp | null, place: BenchPlace): string {
  const tools = [...new Set(rows.flatMap((row) => row.measured.map(({ tool }) => tool)))]
  const head = [
    'capture',
    'frames',
    'size',
    ...tools.map((tool) => (tool === tools[0] ? tool : `\`${tool}\``)),
  ]
  const lines = [head, head.map((_, n) => (n === 0 ? '---' : '--:'))]
  for (const row of rows) lines.push([...capture(row), ...tools.map((tool) => cell(row, tool, tools[0]))])
  const rounds = rows[0]?.measured.map(({ tool, rounds: n }) => `${tool} ${n}`).join(', ') ?? ''
  const notes = [
    `Seconds of wall time and peak memory, medians; in brackets how many times as long as ${tools[0] ?? ''}.`,
    `Rounds: ${rounds}. ${place.machine}, Node ${place.node}, ${place.date}.`,
  ]
  if (start !== null) notes.push(startText(start))
  return [...lines.map((cells) => `| ${cells.join(' | ')} |`), '', notes.join(' ')].join('\n')
}

function capture(row: BenchRow): string[] {
  return [row.title, `${(row.frames / 1e6).toFixed(1)} M`, `${Math.round(row.fileBytes / 1e6)} MB`]
}

function cell(row: BenchRow, tool: string, ours: string): string {
  const found = row.measured.find((one) => one.tool === tool)
  if (found === undefined) return '–'
  const own = row.measured.find((one) => one.tool === ours)
  const memory = found.peakMb === null ? '' : `, ${Math.round(found.peakMb)} MB`
  const ratio = tool === ours || own === undefined ? '' : ` (${(found.seconds / own.seconds).toFixed(1)})`
  return `${found.seconds.toFixed(2)} s${memory}${ratio}`
}

function startText({ tableMs, captureBytes, nodeMs }: StartUp): string {
  const size = (captureBytes / 1e6).toFixed(1)
  return `From start to table for a capture of ${size} MB: ${Math.round(tableMs)} ms, of which Node itself (\`node -e 0\`) takes ${Math.round(nodeMs)} ms (both without \`NODE_EXTRA_CA_CERTS\`, which makes every start of Node longer).`
}
