/** Flows told while the capture is still being written: `tcpdump -w - | pcap-why -`. */
import { classTitle, namedHost } from '../report/words.js'
import type { FlowReport } from '../result.js'
import { diagnostics } from './diagnostics.js'
import { note } from './failure.js'
import type { Output } from './output.js'
import type { LiveOutput } from './read-report.js'

/** Options of the command that decide it. */
interface LiveFlags {
  readonly flow?: number
  readonly report?: readonly string[]
  readonly svg?: string
  readonly anonymize?: boolean
  readonly json?: boolean
  readonly ndjson?: boolean
  readonly quiet?: boolean
}

/** What to do with flows as they end; null: nothing, the report at the end tells them. */
export async function liveOutput(
  captures: readonly string[],
  flags: LiveFlags,
  out: Output,
): Promise<LiveOutput | null> {
  const whole = flags.flow !== undefined || flags.report !== undefined || flags.svg !== undefined
  if (!captures.includes('-') || whole || flags.anonymize === true || flags.json === true) return null
  if (flags.ndjson === true) {
    const { flowLine } = await import('../report/json.js')
    return {
      show: (flow) => out.push(flowLine(flow)),
      ready: () => out.drained(),
      left: () => out.readerLeft,
    }
  }
  if (flags.quiet === true || !diagnostics().isTTY) return null
  return { show: (flow) => diagnostics().write(flowNote(flow)), ready: () => null, left: () => false }
}

/** A flow that ended badly, in one line. */
function flowNote(flow: FlowReport): string {
  const { stream, client, server, verdict } = flow
  return note(
    `flow ${stream}  ${namedHost(client)} → ${namedHost(server)}  ${classTitle(verdict)}: ${verdict.summary}`,
  )
}
