import type { FlowReport, Phase, Side, VerdictClass } from '../result.js'
import { inertText } from './inert-text.js'
import { isBareAck, loudMarks, SHORTEST_SILENCE, type Step } from './steps.js'
import type { Head, Ink, Line } from './story.js'
import { byteCount, counted, duration } from './units.js'

/** The pill: a class in the words of its title. */
export const PILLS: Readonly<Record<VerdictClass, string>> = {
  'idle-timeout': 'IDLE-TIMEOUT CUT',
  'keepalive-race': 'KEEP-ALIVE RACE',
  'half-open-zombie': 'HALF-OPEN ZOMBIE',
  'client-abort': 'CLIENT ABORT',
  'server-abort': 'SERVER ABORT',
  'middlebox-reset': 'MIDDLEBOX RESET',
  shutdown: 'SHUTDOWN',
  refused: 'REFUSED',
  'connect-timeout': 'CONNECT TIMEOUT',
  clean: 'CLEAN',
  open: 'OPEN',
  unclassified: 'UNCLASSIFIED',
}

/** What was going on when the flow ended. */
export const PHASES: Readonly<Record<Phase, string>> = {
  connecting: 'while connecting',
  'awaiting-request': 'awaiting a first request',
  'mid-request': 'in the middle of a request',
  'awaiting-response': 'awaiting a response',
  'mid-response': 'in the middle of a response',
  'peer-not-reading': 'peer not reading',
  'between-requests': 'between requests',
  tunnel: 'in a tunnel',
  closing: 'while closing',
}

/** How one step is drawn. */
export interface Look {
  readonly ink: Ink
  readonly head: Head
  readonly line: Line
  readonly label: string
  /** Carries a message, a close or trouble: drawn heavier. */
  readonly strong: boolean
}

/** Names of the hosts at the two ends of a leg, for labels such as `nginx closes first`. */
export interface LegNames {
  readonly client: string
  readonly server: string
}

/** Ink, shape and label of a step. */
export function lookOf(step: Step, names: LegNames): Look {
  const { first } = step
  if (step.kind === 'handshake') {
    const label = step.rows.length > 2 ? 'SYN · SYN-ACK · ACK' : 'SYN · SYN-ACK'
    return { ink: 'control', head: 'control', line: 'solid', label, strong: false }
  }
  const marks = loudMarks(first)
  const line = lineOf(marks)
  const strong = first.part !== null || first.message !== null || first.label !== null
  const flow = step.leg.flow
  if (first.flags.includes('R'))
    return { ink: 'reset', head: 'rst', line, label: resetLabel(step, names), strong: true }
  if (first.flags.includes('F')) {
    return {
      ink: 'fin',
      head: 'fin',
      line,
      label: finLabel(step, names),
      strong: isFirstClose(flow, first.frame) || strong,
    }
  }
  if (marks.includes('zero_window'))
    return { ink: 'control', head: 'bar', line, label: zeroWindowLabel(step), strong: true }
  if (step.payloadBytes === 0 || /keep_alive|probe/.test(marks.join())) {
    return {
      ink: 'control',
      head: 'control',
      line,
      label: controlLabel(step),
      strong: first.part !== null || line === 'dashed',
    }
  }
  const ink = dataInk(step)
  return { ink, head: 'data', line, label: dataLabel(step), strong: strong || line === 'dashed' }
}

function lineOf(marks: readonly string[]): Line {
  if (marks.some((mark) => mark.includes('retransmission'))) return 'dashed'
  return marks.some((mark) => /^keep_alive$|probe$/.test(mark)) ? 'dotted' : 'solid'
}

function dataInk(step: Step): Ink {
  const { first } = step
  if (first.status !== null && first.status >= 400) return 'reset'
  if (first.message === null) return first.from === 'client' ? 'request' : 'response'
  return first.message
}

function dataLabel(step: Step): string {
  const { first } = step
  const repeat = retransmissionWord(first.marks)
  if (repeat !== '' && step.segments > 1) {
    const each = byteCount(Math.round(step.payloadBytes / step.segments))
    return words(`sent again ${step.segments} ×`, each, lasting(step))
  }
  const size =
    step.segments > 1
      ? `${counted(step.segments, 'segment')} · ${byteCount(step.payloadBytes)}`
      : byteCount(step.payloadBytes)
  const what =
    first.label === null ? (first.message ?? (step.segments > 1 ? '' : 'data')) : inertText(first.label)
  return words(repeat, what, size, lasting(step))
}

function controlLabel(step: Step): string {
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

function zeroWindowLabel(step: Step): string {
  const probed = step.first.marks.includes('zero_window_probe_ack')
  return words('ACK', probed ? 'window still 0' : 'window 0: not reading')
}

function finLabel(step: Step, names: LegNames): string {
  const { first } = step
  const again = repeated(step)
  const data = step.payloadBytes === 0 ? '' : `+ ${byteCount(step.payloadBytes)}`
  const message = first.label === null ? '' : `${inertText(first.label)} · `
  const closer = isFirstClose(step.leg.flow, first.frame) ? `${nameOf(first.from, names)} closes first` : ''
  return words(`${message}FIN`, data, again, unseen(step), unseen(step) === '' ? closer : '')
}

function resetLabel(step: Step, names: LegNames): string {
  const { first } = step
  const { close } = step.leg.flow
  const event = [close.first, close.second].find((each) => each?.frame === first.frame)
  const why = {
    stateless: 'no such connection',
    refused: 'nothing listens here',
    abort: `${nameOf(first.from, names)} aborts`,
    unknown: '',
  }[event?.rstForm ?? 'unknown']
  const times = step.segments > 1 ? `${step.segments} ×` : ''
  return words(times, 'RST', unseen(step) === '' ? why : unseen(step), lasting(step))
}

/** Said of a run that takes so long that its one arrow would hide it. */
function lasting(step: Step): string {
  const seconds = step.lastTime - step.time
  return seconds < SHORTEST_SILENCE ? '' : `in ${duration(seconds)}`
}

/** Said on the arrow: what its sender did not know yet. */
function unseen(step: Step): string {
  return step.first.crosses === null ? '' : `had not seen #${step.first.crosses}`
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

function isFirstClose(flow: FlowReport, frame: number): boolean {
  return flow.close.first?.frame === frame
}

function nameOf(side: Side, names: LegNames): string {
  return side === 'client' ? names.client : names.server
}

/** Parts of a label, two spaces between what and how much. */
function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('  ')
}

/** A step that says nothing but "received". */
export function isPlainAck(step: Step): boolean {
  return (
    step.kind === 'segments' &&
    isBareAck(step.first) &&
    step.first.part === null &&
    step.first.crosses === null
  )
}
