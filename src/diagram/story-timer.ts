import type { FlowReport, Timer } from '../result.js'
import { holdsFrame } from './chosen-steps.js'
import { lastDataTime, type Item } from './items.js'
import { inertText } from './inert-text.js'
import { article, hostName, type Legs } from './legs.js'
import { carriesData } from './steps.js'
import type { StoryTimer } from './story.js'
import { settingSeconds } from './units.js'

/** The bracket: from the byte (or handshake) that started the timer to the close that it caused. */
export function timerOf(items: readonly Item[], legs: Legs, focus: FlowReport): StoryTimer | null {
  const { timer, certainty } = focus.verdict
  const close = focus.close.first
  const own = legs.legs.find((leg) => leg.flow === focus)
  if (timer === null || close === null || own === undefined) return null
  const at = (index: number) => items[index] as Item
  const steps = items.map((item) => (item.kind === 'step' && item.step.leg === own ? item.step : null))
  const toRow = steps.findIndex((step) => step !== null && holdsFrame(step, close.frame))
  if (toRow < 0) return null
  let fromRow = -1
  let best = Infinity
  steps.slice(0, toRow).forEach((step, index) => {
    if (step === null) return
    const starts = step.kind === 'handshake' || carriesData(step.first)
    const error = Math.abs(
      close.time - (step.kind === 'handshake' ? step.lastTime : lastDataTime(step)) - timer.seconds,
    )
    // Among equally good starts the later one: a timer is set again by every byte.
    if (starts && error <= best + 0.05) {
      best = Math.min(best, error)
      fromRow = index
    }
  })
  if (fromRow < 0 || at(fromRow).kind !== 'step') return null
  const lines = timerLines(timer, hostName(legs, close.by === 'client' ? own.client : own.server))
  if (focus.verdict.class.endsWith('-abort')) lines.push('perhaps')
  else if (certainty !== 'certain') lines.push(certainty)
  else if (timer.candidates.length > 1 && timer.guessed !== true) lines.push('likely')
  return { fromRow, toRow, lifeline: own.server, lines: lines.map(inertText) }
}

/** Setting first, then whose it is and its value. */
function timerLines(timer: Timer, closer: string): string[] {
  const value = settingSeconds(timer.seconds)
  if (timer.setting === null || timer.guessed === true) return [`timer of ${article(closer)}`, value]
  const [component = '', ...rest] = timer.setting.split('.')
  return rest.length === 0 ? [component, value] : [rest.join('.'), `${component} · ${value}`]
}
