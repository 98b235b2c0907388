import type { FlowReport, Side } from '../result.js'
import { inertText } from './inert-text.js'
import { shownFrame } from './files.js'
import { article } from './legs.js'
import { SHORTEST_SILENCE } from './policy.js'
import { crossedFrame, loudMarks, type Step } from './steps.js'
import { byteCount, counted, duration } from './units.js'

/** Names of the hosts at the two ends of a leg, for labels such as `nginx closes first`, and how frames are named. */
export interface LegNames {
  readonly client: string
  readonly server: string
  /** Frames of several files are shown. */
  readonly manyFiles: boolean
}

/** What a step of data says, in the words of the protocol. */
export function dataLabel(step: Step): string {
  const { first } = step
  const again = retransmissionWord(first.marks)
  const what = first.label === null ? (first.message ?? '') : inertText(first.label)
  const encrypted = step.leg.flow.tls?.established === true && first.tls === 'data'
  const nothing = first.tls === 'handshake' ? 'TLS handshake' : encrypted ? 'encrypted data' : 'data'
  return words(again, what) || (step.segments > 1 && !encrypted ? '' : nothing)
}

/** `TLS 1.3 handshake  app.example`: the version chosen and the name asked for, as far as they were seen. */
export function tlsHandshakeLabel({ leg: { flow } }: Step): string {
  const { version, serverName, established } = flow.tls ?? { version: null, serverName: null }
  const protocol = version === null ? 'TLS' : /^\d/.test(version) ? `TLS ${version}` : version
  return words(
    `${protocol} handshake`,
    inertText(serverName ?? ''),
    established === false ? 'not finished' : '',
  )
}

/** How much data a step holds, and how long it took. */
export function dataSize(step: Step): string {
  const { segments, payloadBytes, first } = step
  if (segments === 1) return words(byteCount(payloadBytes), lasting(step))
  const repeats = retransmissionWord(first.marks) !== ''
  const amount = repeats
    ? `${segments} × ${byteCount(Math.round(payloadBytes / segments))}`
    : `${counted(segments, 'segment')} · ${byteCount(payloadBytes)}`
  return words(amount, lasting(step))
}

/** A segment without new data: handshake, acknowledgement, probe. */
export function controlLabel(step: Step): string {
  const { first } = step
  const marks = loudMarks(first)
  const times = step.segments > 1 ? `${step.segments} ×` : ''
  if (marks.includes('keep_alive')) return words(times, 'keep-alive probe', lasting(step))
  if (marks.includes('keep_alive_ack')) return words(times, 'ACK', 'answers the probe')
  if (marks.includes('zero_window_probe')) return words(times, 'zero-window probe', lasting(step))
  if (marks.includes('zero_window_probe_ack')) return words(times, 'ACK', 'window still 0')
  const again = repeated(step)
  if (first.flags === 'S') return words('SYN', again)
  if (first.flags === 'S.') return words('SYN-ACK', again)
  if (marks.includes('duplicate_ack')) return words(times, 'duplicate ACK')
  if (marks.includes('window_update')) return words('ACK', 'window open')
  return words(times, 'ACK')
}

/** A receiver that has no room. */
export function zeroWindowLabel(step: Step): string {
  const probed = step.first.marks.includes('zero_window_probe_ack')
  return words('ACK', probed ? 'window still 0' : 'window 0: not reading')
}

/** The end of one side’s data. */
export function finLabel(step: Step, names: LegNames): string {
  const { first } = step
  const again = repeated(step)
  const data = step.payloadBytes === 0 ? '' : `+ ${byteCount(step.payloadBytes)}`
  const message = first.label === null ? '' : `${inertText(first.label)} · `
  const closer = isFirstClose(step.leg.flow, first.frame) ? `${nameOf(first.from, names)} closes first` : ''
  return words(`${message}FIN`, data, again, unseen(step, names), unseen(step, names) === '' ? closer : '')
}

/** An ICMP error, and whose it is. */
export function icmpLabel({ first }: Step): string {
  const from = first.icmpFrom ?? ''
  return words(inertText(first.label ?? 'ICMP'), from === '' ? '' : `from ${inertText(from)}`)
}

/** A RST that the verdict says its named sender did not send. */
export function isForged({ first, leg: { flow } }: Step): boolean {
  return flow.verdict.class === 'middlebox-reset' && first.flags.includes('R') && first.part !== null
}

/** An abort, and how it came about. */
export function resetLabel(step: Step, names: LegNames): string {
  const { first } = step
  if (isForged(step)) return words('RST', `in the name of ${article(nameOf(first.from, names))}`)
  const { close } = step.leg.flow
  const event = [close.first, close.second].find((each) => each?.frame === first.frame)
  const answered = first.answers ?? null
  const answers = answered === null ? '' : `answers #${shownFrame(answered, names.manyFiles)}`
  const why = {
    stateless: answers === '' ? 'no such connection' : `${answers}: no such connection`,
    refused: answers === '' ? 'nothing listens here' : `${answers}: nothing listens here`,
    abort: `${nameOf(first.from, names)} aborts`,
    unknown: answers,
  }[event?.rstForm ?? 'unknown']
  const times = step.segments > 1 ? `${step.segments} ×` : ''
  return words(times, 'RST', unseen(step, names) === '' ? why : unseen(step, names), lasting(step))
}

/** Said of a run that takes so long that its one arrow would hide it. */
function lasting(step: Step): string {
  const seconds = step.lastTime - step.time
  return seconds < SHORTEST_SILENCE ? '' : `in ${duration(seconds)}`
}

/** Said on the arrow: what its sender did not know yet. */
function unseen(step: Step, { manyFiles }: LegNames): string {
  const frame = crossedFrame(step.first)
  return frame === null ? '' : `had not seen #${shownFrame(frame, manyFiles)}`
}

/** `sent again`, `sent again 5 ×  in 31.000 s`; empty for a first copy. */
function repeated(step: Step): string {
  if (retransmissionWord(step.first.marks) === '') return ''
  return words(step.segments > 1 ? `sent again ${step.segments} ×` : 'sent again', lasting(step))
}

function retransmissionWord(marks: readonly string[]): string {
  if (marks.includes('spurious_retransmission')) return 'needless retransmission'
  return marks.some((mark) => mark.includes('retransmission')) ? 'retransmission' : ''
}

/** Whether this frame ended the flow. */
export function isFirstClose(flow: FlowReport, frame: number): boolean {
  return flow.close.first?.frame === frame
}

function nameOf(side: Side, names: LegNames): string {
  return side === 'client' ? names.client : names.server
}

/** Parts of a label, two spaces between what and how much. */
function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('  ')
}
