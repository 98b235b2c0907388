/** The command line: what can be asked, in words. What happens then is in one file per command. */
import { Command, CommanderError, Option } from 'commander'
import type { AnalyseFlags } from './analyse.js'
import type { ExplainFlags } from './explain.js'
import { EXIT_FAILURE, note } from './failure.js'
import { EXAMPLES, SEGMENTS_HELP, TIMERS_HELP } from './help-texts.js'
import type { NamedHost } from './option-values.js'
import { parseClasses, parseFlowNumber, parseReportFiles, parseRole } from './option-values.js'
import type { SegmentsFlags } from './segments.js'
import type { TimersFlags } from './timers.js'
import { NARROWEST_COLUMN } from './policy.js'
import { UsageError } from './usage-error.js'
import { addVerify } from './verify-command.js'
import type { VerifyFlags } from './verify-flags.js'

/** What the program needs from its surroundings. */
export interface ProgramParts {
  readonly version: string
  /** Nothing at all was written behind the program's name. */
  readonly bare: boolean
  /** Runs the main command. */
  readonly analyse: (captures: string[], flags: AnalyseFlags) => Promise<void>
  /** Runs `segments`. */
  readonly segments: (captures: string[], flags: SegmentsFlags) => Promise<void>
  /** Runs `timers`. */
  readonly timers: (captures: string[], flags: TimersFlags) => Promise<void>
  /** Runs `explain`. */
  readonly explain: (words: string[], flags: ExplainFlags) => Promise<void>
  /** Runs `verify`. */
  readonly verify: (captures: string[], flags: VerifyFlags) => Promise<void>
  readonly writeOut: (text: string) => void
  readonly writeErr: (text: string) => void
}

/** commander's complaint about a command's arguments as one line of ours. */
function complaint(text: string, command: string): string {
  const [first = '', suggestion] = text
    .replace(/^error: /, '')
    .replace(/^missing required argument '(capture|fresh)'/, 'no capture is named')
    .replace(/\. Allowed choices are (.*)\.$/m, ': it can be $1')
    .trimEnd()
    .split('\n')
  const hint = suggestion === undefined ? '' : ` ${suggestion.toLowerCase()}`
  return note(first + hint, `${command} --help lists what there is`)
}

/** Options by which the user tells what is known already, and what matters. */
function hostOptions(command: Command): void {
  const roles = (text: string, before: NamedHost[] = []): NamedHost[] => [...before, parseRole(text)]
  command
    .addOption(
      new Option(
        '--role <name=ip[:port]>',
        'name a host: client, lb, nginx, proxy, upstream or any word; repeatable',
      ).argParser(roles),
    )
    .option(
      '--filter <expression>',
      'only connections that match: host, net, port, src (client), dst (server), and, or, not, ( )',
    )
    .option('--timeouts <file>', 'your own settings, JSON or YAML: nginx.proxy_read_timeout: 60')
}

function addOptions(program: Command): void {
  program
    .argument('[capture...]', 'pcap or pcapng files, a folder or pattern of them; - reads standard input')
    .option(
      '--svg <file|folder>',
      'draw the worst finding (or --flow) into a file, every finding into a folder',
    )
    .option('--seq', 'relative sequence and acknowledgement numbers on every arrow of a diagram')
    .option(
      '--report <file>',
      'write the incident report as .html or .md, by its ending; repeatable',
      parseReportFiles,
    )
    .option('--mermaid', 'in a Markdown report, ladders as Mermaid instead of pictures beside it')
    .addOption(new Option('--json', 'the whole result as one JSON document').conflicts('ndjson'))
    .option('--ndjson', 'the same as lines: flows, then findings, then a summary')
    .option(
      '--flow <n>',
      'one connection in detail, by its number (tcp.stream in Wireshark)',
      parseFlowNumber,
    )
  hostOptions(program)
  program
    .option(
      '--fail-on <class,...>',
      'exit with 1 when any connection has one of these classes',
      (text: string) => parseClasses(text),
    )
    .option('--all', 'list clean connections too')
    .option('--anonymize', 'addresses and host names by pseudonyms, the same in every output of the run')
    .option('--show-secrets', 'do not mask tokens and cookies in what is quoted from packets')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('--quiet', 'findings only, no progress')
}

function addSegments(program: Command, parts: ProgramParts): void {
  program
    .command('segments')
    .description('list every TCP segment with its stream and its tcp.analysis marks, as tab-separated lines')
    .argument('<capture...>', 'pcap or pcapng files, gzipped or not; - reads standard input')
    .addOption(
      new Option(
        '--wireshark <version>',
        'whose rules number streams and set marks, where Wireshark changed its mind',
      ).choices(['4.0', '4.4']),
    )
    .option('--with-file', 'a last column with the number of the file that the frame is in, 2 as in #2:7')
    .addHelpText('after', SEGMENTS_HELP)
    .action((captures: string[], flags: SegmentsFlags) => parts.segments(captures, flags))
}

function addTimers(program: Command, parts: ProgramParts): void {
  const command = program
    .command('timers')
    .description('list the timers that the closes show, and whether the side that reuses gives up first')
    .argument('<capture...>', 'pcap or pcapng files, gzipped or not; - reads standard input')
    .option('--json', 'timers and legs as one JSON document')
  hostOptions(command)
  command
    .option('--anonymize', 'addresses and host names by pseudonyms')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('--quiet', 'no progress')
    .addHelpText('after', TIMERS_HELP)
    .action((captures: string[], flags: TimersFlags) => parts.timers(captures, flags))
}

function addExplain(program: Command, parts: ProgramParts): void {
  program
    .command('explain')
    .description(
      'what a class, a variant, a setting or a component means: how to confirm it, when it is not this, the fix',
    )
    .argument(
      '[words...]',
      'keepalive-race, fin-crossing, nginx.proxy_read_timeout, haproxy …; none: the list',
    )
    .option('--json', 'the pages as JSON')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    // Settings are called as their users write them: uvicorn --timeout-keep-alive.
    .allowUnknownOption()
    .action((words: string[], flags: ExplainFlags) => parts.explain(words, flags))
}

/** The commander program. Its errors come as CommanderError from `parseAsync`; `exitCodeOf` tells their exit status. */
export function buildProgram(parts: ProgramParts): Command {
  const program = new Command('pcap-why')
    .description('Says why each TCP connection of a capture ended, and shows the packets that prove it.')
    .version(parts.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError(true)
    // Options behind a command's name are the command's own, even where the program has one of that name.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: parts.writeOut,
      writeErr: parts.writeErr,
      outputError: (text, write) => write(complaint(text, 'pcap-why')),
    })
    .configureHelp({ minWidthToWrap: NARROWEST_COLUMN })
    .addHelpText('after', EXAMPLES)
  addOptions(program)
  addSegments(program, parts)
  addTimers(program, parts)
  addVerify(program, hostOptions, parts.verify)
  addExplain(program, parts)
  // With a default action commander adds none by itself.
  program.helpCommand('help [command]', 'print the help of a command')
  for (const command of program.commands)
    command.configureOutput({
      outputError: (text, write) => write(complaint(text, `pcap-why ${command.name()}`)),
    })
  program.action(async (captures: string[], flags: AnalyseFlags) => {
    // Alone it asks for help; with options, something was forgotten.
    if (captures.length === 0 && parts.bare) program.help({ error: true })
    if (captures.length === 0) {
      throw new UsageError('no capture is named', 'pcap-why timeout.pcap, or tcpdump -w - tcp | pcap-why -')
    }
    await parts.analyse(captures, flags)
  })
  return program
}

/** 0 for --help and --version, 2 for wrong usage, null when it is no error of commander's. */
export function exitCodeOf(error: unknown): number | null {
  if (!(error instanceof CommanderError)) return null
  return error.exitCode === 0 ? 0 : EXIT_FAILURE
}
