import type { Evidence, Finding, FlowReport, Verdict, VerdictClass } from '../result.js'
import { shownFrame } from './files.js'
import { inertText } from './inert-text.js'
import { MOST_OTHERS, MOST_PROOFS, SHORTEST_SILENCE } from './policy.js'
import type { Reason } from './story.js'
import { duration } from './units.js'

/** The pattern over all like flows, then the frames that prove this one. */
export function reasonsOf(flow: FlowReport, finding: Finding | null, manyFiles: boolean): Reason[] {
  const { timer } = flow.verdict
  const pattern: string[] = []
  const spread = finding === null ? '' : spreadOf(finding)
  // How many there are is said beside the pill; here it has to add something.
  if (finding !== null && isMore(finding))
    pattern.push(`One incident of ${finding.count} flows: ${finding.title}`)
  else if (finding !== null && finding.count > 1 && (spread !== '' || timer?.setting)) {
    pattern.push(`${finding.count} flows ended alike${spread}`)
  }
  if (timer !== null && timer.setting !== null) {
    const others = timer.candidates
      .filter((each) => each !== timer.setting)
      .slice(0, MOST_OTHERS)
      .map(spoken)
    const or = others.length > 0 ? ` (or ${others.join(', ')})` : ''
    pattern.push(`${sureness(flow.verdict)}${spoken(timer.setting)}${or}`)
    if (pattern.length === 1) pattern.unshift('Setting')
  }
  const reasons = pattern.length > 0 ? [{ frames: '', text: pattern.join(': ') }] : []
  const proofs = decisive(flow).map((each) => ({
    frames: `#${shownFrame(each.frame, manyFiles)}`,
    text: each.text,
  }))
  return [...reasons, ...proofs].map(({ frames, text }) => ({ frames, text: inertText(text) }))
}

/** As many proofs as there is room for, in their order: the close among them, and what comes first. */
function decisive({ close, verdict: { evidence } }: FlowReport): readonly Evidence[] {
  if (evidence.length <= MOST_PROOFS) return evidence
  // Of several proofs in one frame the last tells of the close.
  const decides = Math.max(
    evidence.findLastIndex(({ frame }) => frame === close.first?.frame),
    0,
  )
  return evidence.filter((_, index) =>
    decides < MOST_PROOFS ? index < MOST_PROOFS : index < MOST_PROOFS - 1 || index === decides,
  )
}

/** A finding that is more than flows like this one: several servers, or several kinds of ending. */
function isMore({ server, parts = [] }: Finding): boolean {
  return server.port === undefined || parts.some(({ relation }) => relation === 'same-outage')
}

/** Where the class is certain, which of several settings fired is not; an abort need not be a timer's at all. */
function sureness({ class: word, certainty, timer }: Verdict): string {
  if (timer?.guessed === true) return 'software not known, perhaps '
  if (word.endsWith('-abort')) return 'if a timer ended it, '
  if (certainty !== 'certain') return `${certainty} `
  return (timer?.candidates.length ?? 0) > 1 ? 'likely ' : ''
}

/** `nginx.proxy_read_timeout` as it is spoken of: `nginx proxy_read_timeout`. */
function spoken(setting: string): string {
  return setting.replace('.', ' ')
}

/** Of a race the silence ends with the request that crossed; of a dead end it says nothing. */
const NO_SILENCE: ReadonlySet<VerdictClass> = new Set(['keepalive-race', 'half-open-zombie'])

/** How long after the last byte of payload the like flows were closed. */
function spreadOf(finding: Finding): string {
  if (finding.silenceSeconds === null || NO_SILENCE.has(finding.class)) return ''
  const { min, max } = finding.silenceSeconds
  // Shorter than any pause that is drawn it is no silence but the way of packets.
  if (max < SHORTEST_SILENCE) return ''
  return min.toFixed(3) === max.toFixed(3)
    ? `, ${duration(min)} after the last byte`
    : `, ${min.toFixed(3)}–${max.toFixed(3)} s after the last byte`
}
