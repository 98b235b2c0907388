/** The usual command line: captures and nothing else. */

/** What the first word may be beside a capture; commander's own `help` among them. */
export const COMMANDS = new Set(['segments', 'timers', 'verify', 'explain', 'help'])

/**
 * Whether these arguments are names of captures and no more. Then there is nothing to parse: building the whole command line to find that
 * out takes 3 ms of a start, as much as reading 2 MB.
 */
export function areCapturesOnly(args: readonly string[]): boolean {
  // The empty one is commander's to complain about, or not.
  return args.length > 0 && !COMMANDS.has(args[0]) && args.every((arg) => arg === '-' || /^[^-]/.test(arg))
}
