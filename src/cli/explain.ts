/** `pcap-why explain [class|setting]`: what a word of the report means. Loads no analysis. */
import { contents, find } from '../explain/topics.js'
import { pageText } from '../report/page-text.js'
import { lookOf } from './look.js'
import type { Output } from './output.js'
import { UsageError } from './usage-error.js'

/** The options of the command as commander hands them over. */
export interface ExplainFlags {
  readonly json?: boolean
  /** false for --no-color. */
  readonly color: boolean
}

/** Runs the command; gives the exit status. Throws UsageError with the nearest topic for an unknown word. */
export async function explainCommand(
  words: readonly string[],
  flags: ExplainFlags,
  out: Output,
): Promise<number> {
  const asked = words.join(' ')
  const found = words.length === 0 ? { pages: [contents()] } : find(asked)
  if (!('pages' in found)) {
    const hint =
      found.suggestion === null
        ? 'pcap-why explain lists what there is'
        : `did you mean ${found.suggestion}? pcap-why explain lists what there is`
    throw new UsageError(`nothing is known about "${asked}"`, hint)
  }
  const look = lookOf(process.stdout, process.env, flags.color)
  await out.write(
    flags.json === true
      ? [`${JSON.stringify(found.pages, null, 2)}\n`]
      : [found.pages.map((page) => pageText(page, look)).join('\n')],
  )
  return 0
}
