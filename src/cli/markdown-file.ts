/** `--report why.md`: the Markdown report, with its pictures in a folder beside it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { markdownReport, picturedStreams } from '../report/markdown/markdown-report.js'
import type { Drawn } from '../report/markdown/finding-section.js'
import type { Report } from '../result.js'
import { MARKDOWN_LADDER } from './policy.js'
import { notWritten } from './system-trouble.js'

export interface MarkdownFileOptions {
  /** Ladders as Mermaid and as text in the file itself, and no pictures beside it. */
  readonly mermaid: boolean
  /** The command line, for the last line of the report. */
  readonly command: string
}

/** Writes the report; gives back the paths written, the report first. Throws UsageError when one can't be. */
export async function writeMarkdown(
  report: Report,
  path: string,
  options: MarkdownFileOptions,
): Promise<string[]> {
  const drawn = new Map<number, Drawn>()
  const pictures: string[] = []
  const streams = picturedStreams(report)
  if (options.mermaid) {
    const { mermaidLadder } = await import('../diagram/mermaid.js')
    for (const stream of streams) drawn.set(stream, { mermaid: mermaidLadder(report, stream) })
  } else if (streams.length > 0) {
    const folder = `${basename(path).replace(/\.\w+$/, '')}-pictures`
    await orUsageError(join(dirname(path), folder), (to) => mkdir(to, { recursive: true }))
    const { drawFlow, ladderText } = await import('../diagram/sequence-diagram.js')
    for (const stream of streams) {
      const picture = `${folder}/flow-${stream}.svg`
      const file = join(dirname(path), picture)
      const svg = await drawFlow(report, stream)
      await orUsageError(file, (to) => writeFile(to, svg))
      pictures.push(file)
      drawn.set(stream, {
        picture,
        ladder: ladderText(report, stream, { width: MARKDOWN_LADDER, ladderOnly: true }),
      })
    }
  }
  const text = markdownReport(report, { drawn, command: options.command })
  await orUsageError(path, (to) => writeFile(to, text))
  return [path, ...pictures]
}

async function orUsageError(path: string, write: (path: string) => Promise<unknown>): Promise<void> {
  try {
    await write(path)
  } catch (error) {
    throw notWritten(path, '--report', error)
  }
}
