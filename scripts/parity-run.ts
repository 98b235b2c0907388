/** Runs the comparison over a corpus: every capture, under the referee's rules and under ours. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CaptureError } from '../src/errors.js'
import type { WiresharkRules } from '../src/flow/wireshark-rules.js'
import {
  compareCompleteness,
  compareConversations,
  compareFrames,
  compareZeek,
  Tallies,
} from './parity-compare.js'
import { observe } from './parity-observe.js'
import { conversationTruth, frameTruth, zeekTruth } from './parity-truth.js'

/** The result over a corpus. */
export interface Parity {
  captures: number
  frames: number
  /** Captures that could not be read, with what the program said. */
  readonly unreadable: string[]
  /** Captures that made the program fail otherwise; must be empty. */
  readonly failures: string[]
  slowest: { readonly name: string; readonly ms: number }
  /** Under the rules of the tshark that made the references. */
  readonly referee: Tallies
  /** Under the rules of today's Wireshark, our default. */
  readonly current: Tallies
}

/** Compares all captures of `folder` and of its subfolder `formats`. */
export async function parityOf(
  folder: string,
  onCapture: (name: string) => void = () => {},
): Promise<Parity> {
  const parity: Parity = {
    captures: 0,
    frames: 0,
    unreadable: [],
    failures: [],
    slowest: { name: '', ms: 0 },
    referee: new Tallies(),
    current: new Tallies(),
  }
  for (const part of [folder, join(folder, 'formats')].filter((each) => existsSync(each))) {
    const conversations = conversationTruth(part)
    for (const entry of readdirSync(part, { withFileTypes: true })) {
      if (!entry.isFile() || /\.(tsv|md)$/.test(entry.name)) continue
      onCapture(entry.name)
      const started = performance.now()
      try {
        await compareCapture(part, entry.name, conversations, parity)
      } catch (error) {
        if (error instanceof CaptureError) parity.unreadable.push(error.message.replace(`${part}/`, ''))
        else parity.failures.push(`${entry.name}: ${String(error)}`)
      }
      const ms = performance.now() - started
      if (ms > parity.slowest.ms) parity.slowest = { name: entry.name, ms }
      parity.captures++
    }
  }
  return parity
}

async function compareCapture(
  folder: string,
  name: string,
  conversations: ReturnType<typeof conversationTruth>,
  parity: Parity,
): Promise<void> {
  const truth = frameTruth(folder, name)
  parity.frames += truth.filter((frame) => !frame.quoted && frame.stream !== null).length
  const rules: readonly WiresharkRules[] = ['4.0', '4.4']
  for (const each of rules) {
    const into = each === '4.0' ? parity.referee : parity.current
    const seen = await observe(join(folder, name), each)
    const flowOf = compareFrames(name, truth, seen, into)
    if (each !== '4.0') continue
    compareConversations(name, conversations.get(name) ?? [], seen, flowOf, into)
    compareCompleteness(name, truth, seen, flowOf, into)
    compareZeek(name, zeekTruth(folder, name), seen, flowOf, into)
  }
}
