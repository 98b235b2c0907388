/**
 * The floors of the house, kept true: bytes → facts → judgement → presentation. Reads the imports of src/ and says
 * which one goes the wrong way. The picture is in CONTRIBUTING.md.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../src', import.meta.url))

/** Which rooms a room may import from, besides itself. A file beside the rooms is a room of its own name. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // The border: types only, so that whoever shows results depends on nothing else.
  result: [],
  errors: [],
  version: [],
  // Bytes to frames, frames to columns of segments. Reading fills the columns, so it knows their shape.
  capture: ['decode', 'errors'],
  decode: ['errors'],
  // Columns to the state of connections. The words for sides and closes are those of the result.
  flow: ['decode', 'result'],
  exchange: ['decode', 'flow', 'result'],
  // State to nouns and numbers: the last room that knows how they were come by.
  facts: ['decode', 'flow', 'exchange', 'result'],
  // Timeouts as data; knows no packet.
  knowledge: ['result'],
  // Which flows belong together, from facts.
  chain: ['facts', 'exchange', 'knowledge', 'result'],
  // Judgement sees facts and the timeout knowledge, never packets or flow state.
  verdicts: ['facts', 'exchange', 'flow', 'chain', 'knowledge', 'result'],
  // Timers read off the closes of all flows, and the order of keep-alive timers on each leg.
  timers: ['facts', 'exchange', 'chain', 'knowledge', 'result'],
  // Facts and verdicts put into the words of the result.
  outcome: ['capture', 'exchange', 'facts', 'chain', 'knowledge', 'timers', 'result'],
  // Flows that ended, many together: facts, links, verdicts, and what is kept of them.
  judging: [
    ...['capture', 'decode', 'flow', 'exchange', 'facts', 'chain', 'knowledge', 'verdicts', 'timers'],
    ...['outcome', 'result'],
  ],
  // The whole run on one screen: every room of the analysis, none of the presentation.
  analyze: ['capture', 'decode', 'judging', 'errors', 'result', 'version'],
  // The run that lists segments, beside the one that judges flows.
  segments: ['capture', 'decode', 'flow', 'errors'],
  // Presentation knows the result and nothing behind it.
  report: ['result'],
  diagram: ['result'],
  // Two results beside each other, in the report's words and with the diagram's ladders.
  // What the words of a report mean: pages over the class words and the timeout knowledge, without the analysis: they are there at once.
  explain: ['knowledge', 'result'],
  verify: ['result', 'report', 'diagram'],
  // The only room that knows the process; it brings the others together.
  cli: [
    'analyze',
    'segments',
    'capture',
    'report',
    'diagram',
    'verify',
    'verdicts',
    'knowledge',
    'explain',
    'errors',
    'result',
    'version',
  ],
  // What a program that uses the library sees.
  index: ['analyze', 'capture', 'report', 'diagram', 'verify', 'errors', 'result'],
  // The same, with what only Node can do.
  node: ['capture', 'diagram', 'index'],
}

/** Rooms into which only some files of another room may look, with the reason. */
const ONLY_THROUGH: Readonly<Record<string, readonly string[]>> = {
  // The command line hands sources to the analysis; how they are read is none of its business.
  'cli → capture': ['capture/file-source.ts', 'capture/first-moment.ts', 'capture/source.ts'],
  // The registry, for `explain` and for the words of --fail-on.
  'cli → verdicts': ['verdicts/registry.ts'],
  // The bits of the TCP flags, to name them in the timeline.
  'facts → decode': ['decode/segments.ts'],
  // An exchange is a noun that facts hand on, with the words that name it without secrets; how it was read is not.
  'verdicts → exchange': ['exchange/exchange.ts', 'exchange/target-label.ts'],
  // Sequence numbers compare modulo 2³², in judgement as anywhere.
  'verdicts → flow': ['flow/sequence.ts'],
  // What reading has to say about a capture, as plain data.
  'outcome → capture': ['capture/capture-facts.ts'],
  // Requests are told and counted one by one.
  'outcome → exchange': ['exchange/exchange.ts'],
}

/** Files that may use Node: the analysis must also run in a browser tab. */
const MAY_USE_NODE = (file: string): boolean => file.startsWith('cli/') || file === 'capture/file-source.ts'

/** Lines of code, without blank lines and comments: explaining is free. */
const LONGEST_FILE = 180
/** Folders of data, one entry after the other: looked up, not read through. */
const DATA_FOLDERS = ['knowledge/timers/']
/** Longer files: how long they may be, and why. An entry goes when the file has become shorter. */
const LONG_FILES: Readonly<Record<string, readonly [lines: number, reason: string]>> = {
  'result.ts': [450, 'one document, one file: the JSON contract is read from top to bottom'],
  'knowledge/log-words.ts': [220, 'a table: the words of other programs’ logs'],
  'flow/side-columns.ts': [200, 'a list of columns, one line each'],
  'verdicts/classes/half-open-zombie.ts': [220, 'five variants and their explain page'],
}

/** Lines that hold a token; a line with nothing but comment or white space holds none. */
function linesOfCode(file: string): number {
  const source = parse(file)
  const lines = new Set<number>()
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(source)
    if (children.length === 0 && node.getWidth(source) > 0) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line
      for (let line = first; line <= last; line++) lines.add(line)
    }
    children.forEach(visit)
  }
  visit(source)
  return lines.size
}

/** What a threshold is called: how much there is at most or least of something, or with its unit at the end. */
const THRESHOLD =
  /^(MOST|MAX|LEAST|FEWEST|LONGEST|SHORTEST|LARGEST|WIDEST|NARROWEST)(_|$)|_(NS|MS|SECONDS|BYTES|ROWS|WITHIN|SLACK)$/
/** A span of time is written like `20e6` or `0.5e9`; 1e3, 1e6, 1e9, an hour and a day only turn one unit into another. */
const SPAN = /^(?!0x|1e[369]$|3600e9$|86_400e9$)[\d._]+e\+?\d/
/** Constants called like thresholds that stand where they are read, because nobody chose them; an entry goes when its constant has. */
const GIVEN: Readonly<Record<string, string>> = {
  'capture/sniff.ts SNIFF_BYTES': 'what the longest file header takes',
  'capture/tick-time.ts 1e11': 'what a double holds',
  'decode/annex.ts LARGEST_DATAGRAM': 'RFC 791 and 8200',
  'decode/fragments.ts LARGEST': 'RFC 791',
  'decode/inflate.ts MOST_BITS': 'RFC 1951',
  'decode/tcp.ts LEAST_HEADER': 'RFC 9293, as far as Wireshark needs it',
  'decode/tcp.ts LEAST_QUOTED': 'RFC 792',
  'exchange/chunk-scanner.ts MAX_DIGITS': 'what a double holds',
  'diagram/units.ts 8e15': 'what a Date holds',
  'exchange/hpack-huffman.ts LONGEST': 'RFC 7541',
  'exchange/hpack-huffman.ts MAX_FILLING': 'RFC 7541',
  'exchange/proxy-header.ts MAX_LINE': 'the PROXY protocol',
  'exchange/tls-http2.ts LONGEST_CONTROL': 'RFC 9113',
  'exchange/tls-record.ts MAX_ALERT': 'RFC 5246 and 8446',
  'exchange/tls-record.ts MAX_RECORD': 'RFC 5246 and 8446',
  'flow/segment-marks.ts LEAST_HEADER': 'RFC 9293',
  'flow/streams.ts LEAST_HEADER': 'RFC 9293',
  'outcome/path-remarks.ts LARGEST_WINDOW': 'RFC 7323',
  'segments/segment-lines.ts LONGEST_NUMBERS': 'the fields of a line',
}
/** Drawings: how large things are drawn stands where they are laid out. The page's script is a program of its own. */
const isLaidOut = (file: string): boolean =>
  file.startsWith('report/html/') || /^(diagram|verify)\/(layout|draw|picture|measure)/.test(file)

/** Constants of a file that are thresholds by their name or by a span of time, which is written like `20e6`. */
function thresholdsOf(file: string): string[] {
  const source = parse(file)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node) && SPAN.test(node.getText(source))) found.push(node.getText(source))
    ts.forEachChild(node, visit)
  }
  visit(source)
  for (const statement of source.statements.filter(ts.isVariableStatement))
    for (const { name, initializer } of statement.declarationList.declarations)
      if (THRESHOLD.test(name.getText(source)) && initializer !== undefined && isNumber(initializer))
        found.push(name.getText(source))
  return found
}

/** A number, or one that is reckoned from others. */
function isNumber(node: ts.Expression): boolean {
  if (ts.isBinaryExpression(node)) return isNumber(node.left) && isNumber(node.right)
  return ts.isNumericLiteral(node)
}

interface Import {
  readonly from: string
  readonly to: string
  readonly name: string
  readonly typeOnly: boolean
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .sort()

const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, sources.get(file) ?? '', ts.ScriptTarget.ES2022, true)
}

/** Static, re-exporting and dynamic imports of one file. */
function importsOf(file: string): Import[] {
  const found: Import[] = []
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return
    const name = specifier.text
    const to = name.startsWith('.')
      ? relative(root, normalize(join(root, dirname(file), name)))
          .replaceAll('\\', '/')
          .replace(/\.js$/, '.ts')
      : name
    found.push({ from: file, to, name, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true)
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    ts.forEachChild(node, visit)
  }
  visit(parse(file))
  return found
}

const imports = files.flatMap(importsOf)
const inside = imports.filter(({ name }) => name.startsWith('.'))

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.ts$/, '')
}

/** The first cycle found by walking the imports, as a path; null when there is none. */
function findCycle(nodes: readonly string[], next: (node: string) => readonly string[]): string[] | null {
  const done = new Set<string>()
  const path: string[] = []
  const walk = (node: string): string[] | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return null
    path.push(node)
    for (const other of next(node)) {
      const cycle = walk(other)
      if (cycle !== null) return cycle
    }
    path.pop()
    done.add(node)
    return null
  }
  for (const node of nodes) {
    const cycle = walk(node)
    if (cycle !== null) return cycle
  }
  return null
}

describe('the house', () => {
  it('has imports to look at', () => {
    expect(files.length).toBeGreaterThan(10)
    expect(inside.length).toBeGreaterThan(10)
  })

  it('has no room that this test does not know', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => MAY_IMPORT[room] === undefined)).toEqual([])
  })

  it('is imported downwards only', () => {
    const wrong = inside.filter(({ from, to }) => {
      const [room, other] = [roomOf(from), roomOf(to)]
      return room !== other && MAY_IMPORT[room]?.includes(other) !== true
    })
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('has front doors where a room may see only a part of another', () => {
    const wrong = inside.filter(({ from, to }) => {
      const doors = ONLY_THROUGH[`${roomOf(from)} → ${roomOf(to)}`]
      return doors !== undefined && !doors.includes(to)
    })
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('has no cycles between files', () => {
    const byFile = new Map<string, string[]>()
    for (const { from, to } of inside) byFile.set(from, [...(byFile.get(from) ?? []), to])
    expect(findCycle(files, (file) => byFile.get(file) ?? [])).toBeNull()
  })

  it('has no cycles between rooms', () => {
    const rooms = [...new Set(files.map(roomOf))]
    const next = (room: string): string[] => [
      ...new Set(
        inside
          .filter(({ from, to }) => roomOf(from) === room && roomOf(to) !== room)
          .map(({ to }) => roomOf(to)),
      ),
    ]
    expect(findCycle(rooms, next)).toBeNull()
  })

  it('imports only files that are there', () => {
    const missing = inside.filter(({ to }) => to.endsWith('.ts') && !sources.has(to) && !to.endsWith('.d.ts'))
    expect(missing.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('uses Node in cli/ and in the file source only', () => {
    const wrong = imports.filter(({ from, name }) => name.startsWith('node:') && !MAY_USE_NODE(from))
    expect(wrong.map(({ from, name }) => `${from} → ${name}`)).toEqual([])
  })

  it('names Node’s modules as such', () => {
    const bare =
      /^(assert|buffer|child_process|crypto|events|fs|http|net|os|path|process|stream|timers|url|util|worker_threads|zlib)(\/|$)/
    expect(
      imports.filter(({ name }) => bare.test(name)).map(({ from, name }) => `${from} → ${name}`),
    ).toEqual([])
  })

  it('loads heavy packages late: from files that are themselves imported dynamically', () => {
    const main = new Set<string>()
    const early = (file: string): void => {
      if (main.has(file)) return
      main.add(file)
      const source = parse(file)
      for (const statement of source.statements) {
        if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly === true) continue
        const name = (statement.moduleSpecifier as ts.StringLiteral).text
        if (name.startsWith('.')) early(normalize(join(dirname(file), name)).replace(/\.js$/, '.ts'))
        else expect(['commander', 'node:fs', 'node:fs/promises', 'node:path', 'node:process']).toContain(name)
      }
    }
    early('cli/main.ts')
    expect([...main].filter((file) => roomOf(file) === 'analyze')).toEqual([])
  })

  it('has no default exports: names are searched for', () => {
    const wrong = files.filter((file) =>
      parse(file).statements.some(
        (statement) =>
          ts.isExportAssignment(statement) ||
          (ts.canHaveModifiers(statement) &&
            ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true),
      ),
    )
    expect(wrong).toEqual([])
  })

  it('has a result that imports nothing', () => {
    expect(importsOf('result.ts')).toEqual([])
  })

  it('has no drawer for odds and ends', () => {
    expect(
      files.filter((file) => /(^|\/)(utils?|common|helpers?|core|misc|shared)(\/|\.ts$)/.test(file)),
    ).toEqual([])
  })

  it('has its thresholds in the policy files, where each has its unit and its reason', () => {
    const elsewhere = files
      .filter((file) => !file.endsWith('policy.ts') && !isLaidOut(file))
      .filter((file) => !DATA_FOLDERS.some((folder) => file.startsWith(folder)))
      .flatMap((file) => thresholdsOf(file).map((name) => `${file} ${name}`))
    expect(elsewhere.filter((name) => GIVEN[name] === undefined)).toEqual([])
    expect(Object.keys(GIVEN).filter((name) => !elsewhere.includes(name))).toEqual([])
  })

  it(`has files of at most ${LONGEST_FILE} lines of code`, () => {
    const long = files.filter((file) => !DATA_FOLDERS.some((folder) => file.startsWith(folder)))
    const counted = long.map((file) => ({ file, lines: linesOfCode(file) }))
    const wrong = counted.filter(({ file, lines }) => lines > (LONG_FILES[file]?.[0] ?? LONGEST_FILE))
    expect(wrong.map(({ file, lines }) => `${file}: ${lines}`)).toEqual([])
    const unneeded = counted.filter(
      ({ file, lines }) => lines <= LONGEST_FILE && LONG_FILES[file] !== undefined,
    )
    expect(unneeded.map(({ file }) => file)).toEqual([])
  })
})
