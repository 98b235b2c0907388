/** The program's one entrance: arguments in, exit status out. */
import { areCapturesOnly } from './captures-only.js'
import { diagnostics, diagnosticsWritten } from './diagnostics.js'
import { EXIT_FAILURE, failureText } from './failure.js'
import { Output } from './output.js'
import type { ProgramParts } from './program.js'
import { version } from '../version.js'

/** Runs one command line (without `node` and the script). Never throws; the result is the exit status, and all is written by then. */
export async function main(args: readonly string[]): Promise<number> {
  let status = 0
  const out = new Output(process.stdout)
  const help: string[] = []
  let exitCodeOf: (error: unknown) => number | null = () => null
  const parts: ProgramParts = {
    version,
    bare: args.length === 0,
    writeOut: (text) => help.push(text),
    writeErr: (text) => diagnostics().write(text),
    analyse: async (captures, flags) => {
      // Loaded here so that --help and --version are there at once.
      const { analyseCommand } = await import('./analyse.js')
      status = await analyseCommand(captures, flags, out)
    },
    segments: async (captures, flags) => {
      const { segmentsCommand } = await import('./segments.js')
      status = await segmentsCommand(captures, flags, out)
    },
    verify: async (captures, flags) => {
      const { verifyCommand } = await import('./verify.js')
      status = await verifyCommand(captures, flags, out)
    },
    timers: async (captures, flags) => {
      const { timersCommand } = await import('./timers.js')
      status = await timersCommand(captures, flags, out)
    },
    explain: async (words, flags) => {
      const { explainCommand } = await import('./explain.js')
      status = await explainCommand(words, flags, out)
    },
  }
  try {
    if (areCapturesOnly(args)) {
      await parts.analyse([...args], { color: true })
    } else {
      const program = await import('./program.js')
      exitCodeOf = program.exitCodeOf
      await program.buildProgram(parts).parseAsync(args, { from: 'user' })
    }
    return status
  } catch (error) {
    const code = exitCodeOf(error)
    if (code === null) return told(error)
    return await out.write(help).then(() => code, told)
  } finally {
    await diagnosticsWritten()
  }
}

/** Says what failed; gives the exit status. */
function told(error: unknown): number {
  diagnostics().write(failureText(error, process.env['PCAP_WHY_DEBUG'] === '1'))
  return EXIT_FAILURE
}
