/** How far the reading has come, on one line of a terminal that is gone when the work is done. */
import { bytes } from '../report/numbers.js'
import type { Screen } from './look.js'
import { FIRST_PROGRESS_MS, PROGRESS_EVERY_MS, USUAL_SCREEN } from './policy.js'

const BAR = 24

/** A terminal to draw on. */
export interface ProgressScreen extends Screen {
  write(text: string): unknown
}

function timeLeft(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s left`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s left`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`
}

/** The line for a moment: `[####----]  41 %  1.20 GB of 2.93 GB  412 MB/s  4 s left`. `total` null: size unknown. */
export function progressLine(done: number, total: number | null, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0
  if (total === null || total <= 0) return `${bytes(done)} read  ${bytes(Math.round(rate))}/s`
  const share = Math.min(1, done / total)
  const filled = Math.round(share * BAR)
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`
  const left = rate > 0 && share < 1 ? `  ${timeLeft((total - done) / rate)}` : ''
  const percent = String(Math.floor(share * 100)).padStart(3)
  return `${bar} ${percent} %  ${bytes(done)} of ${bytes(total)}  ${bytes(Math.round(rate))}/s${left}`
}

/** Draws the line while bytes come in; silent when the screen is no terminal. */
export class Progress {
  readonly #screen: () => ProgressScreen
  readonly #now: () => number
  readonly #begun: number
  #next: number
  #drawn = false

  /** `screen` is asked for when there is something to draw; `now` in milliseconds, any origin. */
  constructor(screen: () => ProgressScreen, now: () => number) {
    this.#screen = screen
    this.#now = now
    this.#begun = now()
    this.#next = this.#begun + FIRST_PROGRESS_MS
  }

  /** So many bytes were read, of so many; `total` null: nobody knows. */
  show(done: number, total: number | null): void {
    const now = this.#now()
    if (now < this.#next) return
    this.#next = now + PROGRESS_EVERY_MS
    const screen = this.#screen()
    if (screen.isTTY !== true) return
    const line = progressLine(done, total, now - this.#begun)
    screen.write(`\r${line.slice(0, (screen.columns ?? USUAL_SCREEN) - 1)}\x1b[K`)
    this.#drawn = true
  }

  /** Takes the line away. */
  end(): void {
    if (this.#drawn) this.#screen().write('\r\x1b[K')
    this.#drawn = false
  }
}
