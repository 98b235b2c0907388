/** The end of the Markdown report: timers, what could not be seen, and how to check the fix. */
import type { Finding, InferredTimer, LegOrder, Report } from '../../result.js'
import { captureNotes, filesBefore, labelledText, secondsCovered } from '../capture-notes.js'
import { notListedLines } from '../not-listed.js'
import { count, counted, duration, setValue } from '../numbers.js'
import { markdownPolicy, showPolicy } from '../policy.js'
import { findingsInOrder } from '../terminal-findings.js'
import { classTitle, namedHost, phaseWords } from '../words.js'
import { code, prose, table } from './inert.js'

function timerRow(timer: InferredTimer): string[] {
  const value =
    timer.kind === 'requests' ? `${count(timer.value)} requests` : `${duration(timer.value)} (${timer.kind})`
  const closer = timer.by === 'client' ? timer.client : timer.server
  return [
    prose(namedHost(closer)),
    prose(`${namedHost(timer.client)} → ${namedHost(timer.server)}`),
    phaseWords(timer.phase),
    value,
    `${count(timer.closes)} of ${count(timer.of)}`,
    timer.settings.slice(0, showPolicy.settings).map(code).join(', '),
  ]
}

function legRow(leg: LegOrder): string[] {
  const seconds = (value: number | null): string => (value === null ? 'not seen' : setValue(value))
  return [
    prose(`${namedHost(leg.client)} → ${namedHost(leg.server)}`),
    seconds(leg.clientSeconds),
    seconds(leg.serverSeconds),
    leg.order,
    prose(leg.because),
  ]
}

/** What was left out of a table; nothing when it holds all rows. */
function more(rows: number, what: string): string[] {
  return rows > markdownPolicy.rows
    ? [`… and ${counted(rows - markdownPolicy.rows, `more ${what}`)}: \`--json\` has them all.`, '']
    : []
}

/** `## Timers seen`: read off the closes, and the order of keep-alive timers on each reused leg. */
export function timersSeen(report: Report): string[] {
  const timers = report.timers ?? []
  const legs = report.legs ?? []
  if (timers.length === 0 && legs.length === 0) return []
  return [
    '## Timers seen',
    '',
    ...table(
      ['Who closes', 'Leg', 'When', 'After', 'Closes', 'Settings that fit'],
      timers.slice(0, markdownPolicy.rows).map(timerRow),
    ),
    ...more(timers.length, 'timer'),
    ...table(
      ['Reused leg', 'Client closes idle after', 'Server closes idle after', 'Order', 'Because'],
      legs.slice(0, markdownPolicy.rows).map(legRow),
    ),
    ...more(legs.length, 'leg'),
  ]
}

/** `## Not seen`: what these captures could not show. */
export function notSeen(report: Report): string[] {
  const copies = report.captures.reduce((sum, { duplicates }) => sum + duplicates, 0)
  const lines = captureNotes(report.captures).map(
    (note) => filesBefore(note, code) + prose(labelledText(note)),
  )
  if (copies > 0)
    lines.push(`${counted(copies, 'copy', 'copies')} of packets ${copies === 1 ? 'was' : 'were'} set aside`)
  lines.push(...notListedLines(report).map(prose))
  const text =
    lines.length === 0 ? ['- nothing that the captures say was missing'] : lines.map((line) => `- ${line}`)
  return ['## Not seen', '', ...text, '']
}

/** Seconds of capture after which the absence of a finding means something at the rate it had, and its timer could have fired; null without a rate. */
function enough(report: Report, finding: Finding): number | null {
  const seconds = secondsCovered(report)
  if (finding.count === 0 || seconds === 0) return null
  const timer = finding.timer?.seconds ?? 0
  return Math.max(
    markdownPolicy.shortestCapture,
    markdownPolicy.expectedEvents * timer,
    (markdownPolicy.expectedEvents * seconds) / finding.count,
  )
}

/** A word that a shell takes as it stands, or quoted. */
function shellWord(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** `## How to verify the fix`: the command, and how long to capture. */
export function howToVerify(report: Report): string[] {
  const worst = findingsInOrder(report).find((finding) => finding.severity === 'problem')
  if (worst === undefined) return []
  const files = report.captures
    .slice(0, 1)
    .map((capture) => (capture.file === '-' ? 'incident.pcap' : capture.file))
  const seconds = enough(report, worst)
  const long =
    seconds === null
      ? ''
      : ` At the rate seen here (${count(worst.count)} × ${classTitle(worst)}), capture at least ${duration(seconds)} of like traffic: three such failures would be expected in it, so that seeing none means something.`
  return [
    '## How to verify the fix',
    '',
    `Change the setting, capture again at the same place, and compare.${long}`,
    '',
    code(`pcap-why verify fresh.pcap --before ${files.map(shellWord).join(' ')}`),
    '',
  ]
}
