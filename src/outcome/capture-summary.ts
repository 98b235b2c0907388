import type { CaptureFacts, CapturePause } from '../capture/capture-facts.js'
import type { CaptureSummary } from '../result.js'
import type { Coverage } from './coverage.js'
import { linePolicy } from './policy.js'

/** One capture as the Result shows it. `epochNs`: absolute time of the run's zero; `limits`: sentences on limits that were hit. */
export function captureSummary(
  capture: CaptureFacts,
  epochNs: bigint,
  copies: number,
  coverage: Coverage,
  limits: readonly string[] = [],
): CaptureSummary {
  const { earliestNs, latestNs } = capture
  return {
    file: capture.path,
    format: capture.format,
    linkTypes: capture.linkTypes,
    frames: capture.frames,
    bytes: capture.fileBytes,
    start: capture.firstNs === null ? null : isoTime(epochNs + BigInt(Math.round(capture.firstNs))),
    seconds: earliestNs === null || latestNs === null ? 0 : (latestNs - earliestNs) / 1e9,
    truncated: capture.truncated,
    notDecoded: Object.fromEntries(capture.notDecoded.map(({ reason, frames }) => [reason, frames])),
    duplicates: copies,
    notSeen: [...notSeen(capture, coverage), ...limits],
  }
}

const NS_PER_SECOND = 1_000_000_000n

/** ISO 8601 with nanoseconds, UTC. */
function isoTime(ns: bigint): string {
  let seconds = ns / NS_PER_SECOND
  let rest = ns % NS_PER_SECOND
  if (rest < 0n) {
    rest += NS_PER_SECOND
    seconds -= 1n
  }
  const date = new Date(Number(seconds) * 1000)
  const text = Number.isNaN(date.getTime()) ? `@${seconds}` : date.toISOString().slice(0, 19)
  return `${text}.${rest.toString().padStart(9, '0')}Z`
}

function notSeen(
  capture: CaptureFacts,
  { flows, late, oneWay, missing, missingBytes, cut }: Coverage,
): string[] {
  const lines: string[] = []
  if (late > 0) lines.push(`the beginning of ${late} of ${flows} connections: the capture started later`)
  if (oneWay > 0) lines.push(`one direction of ${oneWay} connections`)
  if (missing > 0)
    lines.push(
      `${missingBytes} bytes of ${missing} connections that were acknowledged but not captured: the capture missed packets, the network delivered them`,
    )
  if (cut > 0)
    lines.push(
      `the ends of frames longer than ${capture.snaplen ?? 'the snaplen'} bytes (snaplen), in ${cut} connections`,
    )
  if (capture.secretBlocks > 0)
    lines.push(
      `what is encrypted: the capture carries ${capture.secretBlocks} blocks of decryption secrets, which are not used`,
    )
  if (capture.droppedFrames !== null && capture.droppedFrames > 0)
    lines.push(`${capture.droppedFrames} frames that the capture dropped${droppedWhere(capture)}`)
  if (capture.backwardSteps > 0 && capture.largestBackwardNs > linePolicy.backwardNs)
    lines.push(clockWords(capture))
  if (capture.pauses.length > 0) lines.push(pauseWords(capture.pauses))
  if (capture.files > 1)
    lines.push(`what happened between the ${capture.files} pcap files that follow each other in it`)
  if (capture.damage !== null)
    lines.push(`what follows byte ${capture.damage.offset}: ${capture.damage.found}`)
  return lines
}

/** `: eth0 lost 9, eth1 none`; empty when the capture has one interface, of which nothing else can be said. */
function droppedWhere({ interfaces }: CaptureFacts): string {
  if (interfaces.length < 2) return ''
  const known = interfaces.filter((face) => face.droppedFrames !== null)
  const losses = known
    .sort((a, b) => (b.droppedFrames ?? 0) - (a.droppedFrames ?? 0) || a.id - b.id)
    .map(({ id, name, droppedFrames }) => {
      const who =
        name === null || name === ''
          ? `interface ${id}`
          : [...name].slice(0, linePolicy.interfaceName).join('')
      return `${who} lost ${droppedFrames === 0 ? 'none' : String(droppedFrames)}`
    })
  const shown = losses.slice(0, linePolicy.interfaces)
  const more = losses.length - shown.length
  const silent = interfaces.length - known.length
  return [
    `: ${shown.join(', ')}`,
    more > 0 ? `, ${more} more` : '',
    silent > 0 ? `; of ${silent} more the file does not say` : '',
  ].join('')
}

/** The time goes on where the clock was set back: how long that moment was, nobody knows. */
function clockWords({ backwardSteps, largestBackwardNs, backwardFrame }: CaptureFacts): string {
  const seconds = (largestBackwardNs / 1e9).toFixed(3)
  const steps =
    backwardSteps === 1
      ? `1 step backwards, ${seconds} s, at frame ${backwardFrame}`
      : `${backwardSteps} steps backwards, up to ${seconds} s, the first at frame ${backwardFrame}`
  return `a steady clock: ${steps}; time is counted on from there, so a silence across it looks shorter than it was`
}

/** What was open before is judged up to there: whether anybody listened later, nobody knows. */
function pauseWords(pauses: readonly CapturePause[]): string {
  const [longest] = [...pauses].sort((a, b) => b.toNs - b.fromNs - (a.toNs - a.fromNs))
  const days = ((longest.toNs - longest.fromNs) / 86_400e9).toFixed(1)
  const where =
    pauses.length === 1
      ? `the ${days} days without a frame before frame ${longest.frame}`
      : `${pauses.length} stretches of a day or more without a frame, the longest ${days} days before frame ${longest.frame}`
  return `${where}: what was open before is judged as if the capture had ended there`
}
