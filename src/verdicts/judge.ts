import type { Verdict, VerdictClass } from '../result.js'
import { outrankedBy } from './outranked.js'
import { pendingRequest, retryRemark } from './pending-request.js'
import { aheadText } from './clock-ahead-text.js'
import { toldPhase } from './read-phase.js'
import { rules } from './registry.js'
import { severityOf } from './severity.js'
import { certaintyOf, holeLimits } from './sureness.js'
import type { Case, Reading } from './verdict-rule.js'

/** Classes that are nothing but a wait up to the end of the capture. */
const RESTS_ON_WAITING: ReadonlySet<VerdictClass> = new Set(['connect-timeout', 'half-open-zombie'])
const SET_BACK = 'the clock of the capture was set back meanwhile: how long that lasted cannot be told'

/** The verdict of one flow: the first class whose checks all hold, and every other class with its first failing check. */
export function judge(c: Case): Verdict {
  const notThis: { class: VerdictClass; because: string }[] = []
  let verdict: Omit<Verdict, 'notThis'> | null = null
  const ahead = aheadText(c)
  for (const rule of rules) {
    const readings = rule.readings(c)
    const timeless = timelessText(c, rule.code, ahead)
    const reading = timeless === null ? readings.find(holds) : undefined
    if (verdict === null && reading !== undefined) {
      const { limits, ...ruling } = reading.ruling()
      const pending = pendingRequest(c, rule.code, reading.variant)
      // Of a leg that only followed, its cause tells.
      const retry = pending === null || reading.variant === 'propagated' ? null : retryRemark(c, pending)
      const evidence = [...ruling.evidence].sort((a, b) => a.frame - b.frame)
      verdict = {
        class: rule.code,
        variant: reading.variant,
        severity: severityOf(rule.code, c),
        certainty: certaintyOf([...limits, ...holeLimits(c.facts)]),
        ...ruling,
        phase: toldPhase(c, rule.code, ruling.phase),
        evidence,
        pendingRequest: pending?.read ?? null,
        remarks: retry === null ? ruling.remarks : [retry, ...ruling.remarks],
      }
    } else if (rule.code !== 'unclassified') {
      notThis.push({
        class: rule.code,
        because:
          reading === undefined
            ? (timeless ?? whyNot(readings))
            : verdict === null
              ? ''
              : outrankedBy(verdict, c.facts),
      })
    }
  }
  if (verdict === null) throw new Error('the registry has no class that always applies')
  if (ahead === null) return { ...verdict, notThis }
  return { ...verdict, timer: null, remarks: [...verdict.remarks, ahead], notThis }
}

/** Why nothing can be said of a class that rests on how long something lasted, of this flow; null: it can. `ahead`: that the capture's clock was set forward. */
function timelessText(c: Case, code: VerdictClass, ahead: string | null): string | null {
  if (RESTS_ON_WAITING.has(code)) return c.facts.clockSetBack ? SET_BACK : null
  return code === 'idle-timeout' ? ahead : null
}

function holds(reading: Reading): boolean {
  return reading.checks.every((check) => check.holds === true)
}

/** The first failing check of the reading that came closest. */
function whyNot(readings: readonly Reading[]): string {
  let best = ''
  let bestHeld = -1
  for (const reading of readings) {
    const failing = reading.checks.findIndex((check) => check.holds !== true)
    if (failing <= bestHeld) continue
    bestHeld = failing
    const check = reading.checks[failing]
    best = check.holds === 'unknown' ? `it cannot be seen whether ${check.claim}` : check.otherwise
  }
  return best
}
