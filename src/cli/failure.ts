/** How a failure is told: one line on stderr, no stack, always exit status 2. */
import { CaptureError } from '../errors.js'
import { plainText } from '../report/plain-text.js'
import { UsageError } from './usage-error.js'

/** Wrong usage, unreadable input, or a fault of our own. */
export const EXIT_FAILURE = 2

function line(message: string, hint: string | null): string {
  return `pcap-why: ${plainText(message)}${hint === null ? '' : ` — ${plainText(hint)}`}\n`
}

/** One line to be written on stderr apart from any failure: `pcap-why: …`. */
export function note(message: string, hint: string | null = null): string {
  return line(message, hint)
}

/**
 * The text for a failure, with a line break at the end. `debug` (PCAP_WHY_DEBUG=1) adds the stack of an unexpected one;
 * a capture that can't be read and wrong usage are no faults of the program and have none.
 */
export function failureText(error: unknown, debug: boolean): string {
  if (error instanceof CaptureError || error instanceof UsageError) return line(error.message, error.hint)
  const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (debug) {
    const stack = error instanceof Error && error.stack !== undefined ? error.stack : name
    // Line by line: the stack has line breaks of its own, the message in it may hold anything.
    return stack.split('\n').map(plainText).join('\n') + '\n'
  }
  return line(
    `sorry, this is a fault in pcap-why, not in your capture (${name})`,
    'run it again with PCAP_WHY_DEBUG=1 and report what it prints, with the version and the command line',
  )
}
