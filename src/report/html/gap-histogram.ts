/** How long flows were silent before their first close, on a logarithmic axis, with the timers that are known as ticks. */
import type { OverviewFlow, Report, Severity } from '../../result.js'
import { count, counted, duration, setValue } from '../numbers.js'
import { markup, type Markup } from './markup.js'
import { htmlPolicy } from '../policy.js'

/** The axis: from 100 µs; below, packets follow each other as fast as they can. */
const LEAST = 1e-4
const BINS_PER_DECADE = 8
const PICTURE = { width: 960, left: 46, right: 20, bars: 150, axis: 34, tick: 18 }
const ORDER: readonly Severity[] = ['problem', 'latent', 'ok']
/** Labels of ticks are this wide per character. */
const ADVANCE = 6.6

interface Tick {
  readonly seconds: number
  readonly label: string
}

/** The histogram; null when fewer than two closes followed a silence. */
export function gapHistogram(report: Report, flows: readonly OverviewFlow[]): Markup | null {
  const silent = flows.filter((flow) => flow.silence !== null)
  if (silent.length < 2) return null
  const longest = Math.max(1, ...silent.map((flow) => flow.silence ?? 0))
  const decades = Math.ceil(Math.log10(longest / LEAST) + 0.05)
  const bins = binsOf(silent, decades * BINS_PER_DECADE)
  const ticks = ticksOf(report, LEAST * 10 ** decades)
  const highest = Math.max(...bins.map((bin) => bin.problem + bin.latent + bin.ok))
  const inner = PICTURE.width - PICTURE.left - PICTURE.right
  const x = (seconds: number): number =>
    PICTURE.left + (Math.log10(Math.max(seconds, LEAST) / LEAST) / decades) * inner
  const rows = rowsOf(ticks, x)
  const top = 8 + (Math.max(-1, ...rows) + 1) * PICTURE.tick
  const base = top + PICTURE.bars
  // A square root keeps a handful of problems visible beside hundreds of clean closes.
  const height = (amount: number): number => Math.sqrt(amount / highest) * PICTURE.bars
  return markup`<section id="silences" aria-labelledby="silences-title">
<h2 id="silences-title">Silence before the first close</h2>
<p class="quiet">${counted(silent.length, 'close')} that followed a byte; bar heights grow with the square root of their number (red: problems, orange: harmless so far, green: the others). Closes that pile up at one value are a timer.</p>
<div class="scroll"><svg class="histogram" viewBox="0 0 ${PICTURE.width} ${base + PICTURE.axis}" role="img" aria-label="Histogram of ${count(silent.length)} silences; ${ticks.map((tick) => tick.label).join('; ')}">
${bins.map((bin, index) => barOf(bin, index, bins.length, inner, base, height))}
${Array.from({ length: decades + 1 }, (_, index) => decade(LEAST * 10 ** index, x, base))}
<line class="axis" x1="${PICTURE.left}" y1="${base}" x2="${PICTURE.width - PICTURE.right}" y2="${base}"/>
<text x="${PICTURE.left - 6}" y="${top + 8}" text-anchor="end">${count(highest)}</text><text x="${PICTURE.left - 6}" y="${base}" text-anchor="end">0</text>
${ticks.map((tick, index) => tickLine(tick, rows[index] ?? 0, x, base))}
${ticks.map((tick, index) => tickLabel(tick, rows[index] ?? 0, x))}
</svg></div></section>`
}

type Bin = Record<Severity, number>

function binsOf(flows: readonly OverviewFlow[], amount: number): Bin[] {
  const bins = Array.from({ length: amount }, (): Bin => ({ problem: 0, latent: 0, ok: 0 }))
  for (const { silence, severity } of flows) {
    const place = Math.floor(Math.log10(Math.max(silence ?? 0, LEAST) / LEAST) * BINS_PER_DECADE)
    const bin = bins[Math.min(place, amount - 1)]
    if (bin !== undefined) bin[severity]++
  }
  return bins
}

/** Timers that closes show, then those of findings that are not among them; the best attested first. */
function ticksOf(report: Report, most: number): Tick[] {
  const all: Tick[] = [
    ...(report.timers ?? [])
      .filter((timer) => timer.kind === 'silence' && timer.basis !== 'single')
      .map((timer) => ({
        seconds: timer.value,
        label: label(timer.value, timer.settings[0] ?? null, timer.closes),
      })),
    ...report.findings.flatMap(({ timer, count: closes }) =>
      timer === null ? [] : [{ seconds: timer.seconds, label: label(timer.seconds, timer.setting, closes) }],
    ),
  ]
  const ticks: Tick[] = []
  for (const tick of all) {
    const known = ticks.some((other) => Math.abs(Math.log10(other.seconds / tick.seconds)) < 0.01)
    if (!known && tick.seconds >= LEAST && tick.seconds <= most) ticks.push(tick)
  }
  return ticks.slice(0, htmlPolicy.ticks).sort((a, b) => a.seconds - b.seconds)
}

function label(seconds: number, setting: string | null, closes: number): string {
  return `${seconds < 1 ? duration(seconds) : setValue(Math.round(seconds * 100) / 100)} ${setting ?? 'timer'} (${count(closes)})`
}

/** A line of text for each tick's label, lowest first, so that labels do not lie on each other. */
function rowsOf(ticks: readonly Tick[], x: (seconds: number) => number): number[] {
  const ends: number[] = []
  return ticks.map((tick) => {
    const [from, to] = place(tick, x)
    let row = ends.findIndex((end) => end < from)
    if (row < 0) row = ends.push(0) - 1
    ends[row] = to
    return row
  })
}

/** From where to where a label stands: right of its tick, or left of it at the edge. */
function place(tick: Tick, x: (seconds: number) => number): [from: number, to: number] {
  const at = x(tick.seconds)
  const width = tick.label.length * ADVANCE + 8
  return at + width > PICTURE.width ? [at - width, at] : [at, at + width]
}

function tickLine(tick: Tick, row: number, x: (seconds: number) => number, base: number): Markup {
  const at = tenth(x(tick.seconds))
  return markup`<line class="timer" x1="${at}" y1="${5 + row * PICTURE.tick}" x2="${at}" y2="${base}"/>`
}

function tickLabel(tick: Tick, row: number, x: (seconds: number) => number): Markup {
  const at = tenth(x(tick.seconds))
  const isLeft = place(tick, x)[0] < at - 1
  return markup`<text class="timer" x="${isLeft ? at - 5 : at + 5}" y="${14 + row * PICTURE.tick}"${isLeft && markup` text-anchor="end"`}>${tick.label}</text>`
}

function decade(seconds: number, x: (seconds: number) => number, base: number): Markup {
  const at = Math.round(x(seconds))
  const name =
    seconds < 0.0009 ? '100 µs' : seconds < 0.9 ? `${Math.round(seconds * 1000)} ms` : `${count(seconds)} s`
  return markup`<line class="axis" x1="${at}" y1="${base}" x2="${at}" y2="${base + 5}"/><text x="${at}" y="${base + 18}" text-anchor="middle">${name}</text>`
}

function barOf(
  bin: Bin,
  index: number,
  bins: number,
  inner: number,
  base: number,
  height: (amount: number) => number,
): Markup | null {
  const all = bin.problem + bin.latent + bin.ok
  if (all === 0) return null
  const width = inner / bins
  const left = PICTURE.left + index * width
  const whole = Math.max(3, height(all))
  let y = base
  const parts = ORDER.map((severity) => {
    if (bin[severity] === 0) return null
    // Shares of one bar are linear; only whole bars are compared by their root.
    const part = Math.max(2, (bin[severity] / all) * whole)
    y -= part
    return markup`<rect class="s-${severity}" x="${tenth(left + 1)}" y="${tenth(y)}" width="${tenth(width - 2)}" height="${tenth(part)}"/>`
  })
  const from = LEAST * 10 ** (index / BINS_PER_DECADE)
  const to = LEAST * 10 ** ((index + 1) / BINS_PER_DECADE)
  const counts = ORDER.filter((severity) => bin[severity] > 0).map(
    (severity) => `${count(bin[severity])} ${severity}`,
  )
  return markup`<g><title>${index === 0 ? 'up to' : `${duration(from)} to`} ${duration(to)}: ${counts.join(', ')}</title>${parts}</g>`
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}
