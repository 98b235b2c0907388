/** `--svg`: which flows are drawn, and into which files. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { findingsInOrder } from '../report/terminal-findings.js'
import type { Report } from '../result.js'
import { notWritten, systemTrouble } from './system-trouble.js'
import { UsageError } from './usage-error.js'

/** One picture to be made. */
interface Picture {
  readonly stream: number
  readonly path: string
}

async function isFolder(target: string): Promise<boolean> {
  try {
    return (await stat(target)).isDirectory()
  } catch {
    // Not there yet: a name without an extension means a folder, `incident.svg` a file.
    return target.endsWith('/') || extname(target) === ''
  }
}

/** A forgotten file name makes the next word the target, and the next word is mostly a capture. */
export function refuseCapture(option: string, target: string, captures: readonly string[]): void {
  const same = captures.some((capture) => capture !== '-' && resolve(capture) === resolve(target))
  if (same || /\.(pcap|pcapng|cap|dmp)\d*(\.gz)?$/i.test(target)) {
    throw new UsageError(
      `${option} ${target} would overwrite a capture`,
      option === '--svg' ? '--svg takes a file or a folder: --svg why.svg' : `${option} takes a file`,
    )
  }
}

/** Endings of what people ask for and is not drawn. */
const OTHER_PICTURES = /\.(png|jpe?g|gif|webp|pdf|html?|md)$/i

function refuseOthers(target: string): void {
  if (!OTHER_PICTURES.test(target)) return
  const name = target.replace(OTHER_PICTURES, '')
  const hint = /\.(html?|md)$/i.test(target)
    ? `--report ${target} writes a report with its pictures`
    : `--svg ${name}.svg, then rsvg-convert -z 2 ${name}.svg -o ${name}.png`
  throw new UsageError(`--svg ${target}: only SVG is drawn`, hint)
}

async function pictures(report: Report, flow: number | null, target: string): Promise<Picture[]> {
  const findings = findingsInOrder(report)
  const folder = await isFolder(target)
  if (flow !== null) {
    return [{ stream: flow, path: folder ? join(target, `flow-${flow}.svg`) : target }]
  }
  if (!folder) return findings.slice(0, 1).map((finding) => ({ stream: finding.example, path: target }))
  return findings.map((finding, index) => ({
    stream: finding.example,
    path: join(target, `${String(index + 1).padStart(2, '0')}-${finding.class}-flow-${finding.example}.svg`),
  }))
}

async function writePicture(path: string, svg: string): Promise<void> {
  try {
    await writeFile(path, svg)
  } catch (error) {
    throw notWritten(path, '--svg', error)
  }
}

/**
 * Draws the flow, or the worst finding into a file, or every finding into a folder (made when missing).
 * On wish with sequence and acknowledgement numbers. Gives back the paths written; empty when nothing was found that could be drawn.
 */
export async function writeDiagrams(
  report: Report,
  flow: number | null,
  target: string,
  sequenceNumbers = false,
): Promise<string[]> {
  refuseOthers(target)
  refuseCapture(
    '--svg',
    target,
    report.captures.map((capture) => capture.file),
  )
  const wanted = await pictures(report, flow, target)
  if (wanted.length === 0) return []
  if (await isFolder(target)) {
    await mkdir(target, { recursive: true }).catch((error: unknown) => {
      throw new UsageError(`${target} can't be made: ${systemTrouble(error)}`)
    })
  }
  // d3-node costs 0.3 s to load; only who draws pays for it.
  const { drawFlow } = await import('../diagram/sequence-diagram.js')
  for (const { stream, path } of wanted)
    await writePicture(path, await drawFlow(report, stream, { sequenceNumbers }))
  return wanted.map(({ path }) => path)
}
