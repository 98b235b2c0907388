import type { Phase, Severity, VerdictClass } from '../result.js'
import {
  controlLabel,
  dataLabel,
  dataSize,
  finLabel,
  icmpLabel,
  isFirstClose,
  resetLabel,
  tlsHandshakeLabel,
  zeroWindowLabel,
  type LegNames,
} from './labels.js'
import { isBareAck, loudMarks, type Step } from './steps.js'
import type { Head, Ink, Line } from './story.js'

const PILLS: Readonly<Record<VerdictClass, string>> = {
  'idle-timeout': 'IDLE-TIMEOUT CUT',
  'keepalive-race': 'KEEP-ALIVE RACE',
  'half-open-zombie': 'HALF-OPEN ZOMBIE',
  'client-abort': 'CLIENT ABORT',
  'server-abort': 'SERVER ABORT',
  'middlebox-reset': 'MIDDLEBOX RESET',
  shutdown: 'SHUTDOWN',
  refused: 'CONNECTION REFUSED',
  'connect-timeout': 'CONNECT TIMEOUT',
  clean: 'CLEAN',
  open: 'OPEN',
  unclassified: 'UNCLASSIFIED',
}

/** The pill: a class in the words of its title. */
export function pillOf(verdict: { readonly class: VerdictClass; readonly severity: Severity }): string {
  if (verdict.class === 'idle-timeout' && verdict.severity === 'latent')
    return 'KEEP-ALIVE RACE WAITING TO HAPPEN'
  if (verdict.class === 'idle-timeout' && verdict.severity === 'ok') return 'CLOSED WHEN IDLE'
  return PILLS[verdict.class]
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
  readonly size: string
  /** Carries a message, a close or trouble: drawn heavier. */
  readonly strong: boolean
}

/** Ink, shape and label of a step. */
export function lookOf(step: Step, names: LegNames): Look {
  const { first } = step
  const plain = { ink: 'control', head: 'control', line: 'solid', size: '', strong: false } as const
  if (step.kind === 'handshake') {
    return { ...plain, label: step.rows.length > 2 ? 'SYN · SYN-ACK · ACK' : 'SYN · SYN-ACK' }
  }
  if (step.kind === 'tls-handshake') return { ...plain, label: tlsHandshakeLabel(step) }
  if (first.icmpFrom !== undefined) {
    return { ...plain, ink: 'reset', label: icmpLabel(step), strong: true }
  }
  const marks = loudMarks(first)
  const line = lineOf(marks)
  const heavy = first.part !== null || first.message !== null || first.label !== null || line === 'dashed'
  if (first.flags.includes('R')) {
    return { ...plain, ink: 'reset', head: 'rst', line, label: resetLabel(step, names), strong: true }
  }
  if (first.flags.includes('F')) {
    const strong = isFirstClose(step.leg.flow, first.frame) || heavy
    return { ...plain, ink: 'fin', head: 'fin', line, label: finLabel(step, names), strong }
  }
  if (marks.includes('zero_window')) {
    return { ...plain, head: 'bar', line, label: zeroWindowLabel(step), strong: true }
  }
  if (step.payloadBytes === 0 || /keep_alive|probe/.test(marks.join())) {
    return { ...plain, line, label: controlLabel(step), strong: heavy && first.message === null }
  }
  const isControl = first.tls === 'handshake' || first.tls === 'alert'
  return {
    ink: isControl ? 'control' : dataInk(step),
    head: 'data',
    line,
    label: dataLabel(step),
    size: dataSize(step),
    strong: heavy && (!isControl || first.part !== null),
  }
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

/** A step that says nothing but "received". */
export function isPlainAck(step: Step): boolean {
  return step.kind === 'segments' && isBareAck(step.first) && step.first.part === null
}
