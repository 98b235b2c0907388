/** What captures lack, in sentences: of a few of them one by one, of many together. */
import type { CaptureSummary, Report } from '../result.js'
import { count, counted } from './numbers.js'
import { showPolicy } from './policy.js'
import { reasonWords } from './words.js'

/** A sentence on captures; `files`: whose it is, none where there is only one capture. */
export interface CaptureNote {
  readonly label: 'cut off' | 'left out' | 'not seen'
  readonly files: readonly string[]
  readonly text: string
}

/** Length of what the captures of a report cover together, seconds; those of two hosts at one time count once. */
export function secondsCovered({ captures, exposure }: Report): number {
  return exposure?.seconds ?? Math.max(0, ...captures.map((capture) => capture.seconds))
}

/** The sentences, in the order of the captures. */
export function captureNotes(captures: readonly CaptureSummary[]): CaptureNote[] {
  if (captures.length > showPolicy.captures) return notesTogether(captures)
  return captures.flatMap((capture) => notesOf([capture], captures.length > 1))
}

/** `a.pcap, b.pcap and 7 more files`. */
export function fileNames(files: readonly string[], nameOf: (file: string) => string): string {
  const shown = files.slice(0, files.length > 3 ? 2 : 3).map(nameOf)
  const left = files.length - shown.length
  return shown.join(', ') + (left > 0 ? ` and ${counted(left, 'more file')}` : '')
}

/** `a.pcap: `, before what is said of it; empty where there is only one capture. */
export function filesBefore({ files }: CaptureNote, nameOf: (file: string) => string): string {
  return files.length === 0 ? '' : `${fileNames(files, nameOf)}: `
}

/** The text for a list in which the label does not stand beside it. */
export function labelledText({ label, text }: CaptureNote): string {
  return label === 'left out' ? `left out: ${text}` : text
}

function notesOf(captures: readonly CaptureSummary[], named: boolean): CaptureNote[] {
  const filesWith = (is: (capture: CaptureSummary) => boolean): string[] =>
    captures.filter(is).map(({ file }) => file)
  const note = (label: CaptureNote['label'], files: readonly string[], text: string): CaptureNote => ({
    label,
    files: named ? files : [],
    text,
  })
  const cut = filesWith(({ truncated }) => truncated)
  const reasons = leftOut(captures)
  const sentences = [...new Set(captures.flatMap(({ notSeen }) => notSeen))]
  return [
    ...(cut.length === 0 ? [] : [note('cut off', cut, cutOffWords(cut))]),
    ...(reasons === null
      ? []
      : [
          note(
            'left out',
            filesWith((one) => leftOut([one]) !== null),
            reasons,
          ),
        ]),
    ...sentences.map((text) =>
      note(
        'not seen',
        filesWith(({ notSeen }) => notSeen.includes(text)),
        text,
      ),
    ),
  ]
}

function notesTogether(captures: readonly CaptureSummary[]): CaptureNote[] {
  const notes = notesOf(captures, true)
  const left = notes.length - showPolicy.notes
  if (left <= 1) return notes
  const text = `… and ${counted(left, 'more remark')} on single files (all of them in --json)`
  return [...notes.slice(0, showPolicy.notes), { label: 'not seen', files: [], text }]
}

function cutOffWords(files: readonly string[]): string {
  const ends = files.length > 1 ? 'the files end' : 'the file ends'
  return `${ends} in the middle of a packet; everything before that was analysed`
}

/** `91 frames: 88 not IP, 3 not TCP`; null: none was left out. */
function leftOut(captures: readonly CaptureSummary[]): string | null {
  const frames = new Map<string, number>()
  for (const { notDecoded } of captures)
    for (const [reason, some] of Object.entries(notDecoded))
      if (some > 0) frames.set(reason, (frames.get(reason) ?? 0) + some)
  if (frames.size === 0) return null
  const total = [...frames.values()].reduce((sum, some) => sum + some, 0)
  const parts = [...frames].map(
    ([reason, some]) => (frames.size === 1 ? '' : `${count(some)} `) + reasonWords(reason),
  )
  return `${counted(total, 'frame')}: ${parts.join(', ')}`
}
