/** `--expect` and `--expect-file`: rules from words, and what is known of the settings they name. */
import { readFile } from 'node:fs/promises'
import { componentName, entriesOf, entry, type TimerEntry } from '../knowledge/look-up.js'
import type { Phase, Report, Side } from '../result.js'
import { isRule, parseRule, ruleLines, type Rule } from '../verify/rules.js'
import type { KnownTimer } from '../verify/timer-rule.js'
import { SETTINGS_NAMED } from './policy.js'
import { notRead } from './system-trouble.js'
import { UsageError } from './usage-error.js'

function ruleOf(text: string, where: string): Rule {
  const rule = parseRule(text)
  if (!isRule(rule)) throw new UsageError(`${where}: ${rule.trouble}`, rule.hint)
  return rule
}

/** All rules, those of the command line first. Throws UsageError that names the rule, or the file and its line. */
export async function readRules(texts: readonly string[], files: readonly string[]): Promise<Rule[]> {
  const rules = texts.map((text) => ruleOf(text, `--expect ${text}`))
  for (const path of files) {
    let content: string
    try {
      content = await readFile(path, 'utf8')
    } catch (error) {
      throw notRead(`${path}: the file of expectations`, error)
    }
    const lines = ruleLines(content)
    if (lines.length === 0)
      throw new UsageError(`${path}: no expectation in it`, 'one rule a line, # for comments')
    rules.push(...lines.map(({ line, text }) => ruleOf(text, `${path}:${line}`)))
  }
  return rules
}

const PHASES: ReadonlySet<string> = new Set<Phase>([
  'awaiting-request',
  'mid-request',
  'awaiting-response',
  'mid-response',
  'between-requests',
])

function sideOf({ closer, closes }: TimerEntry): Side | null {
  if (closer === 'initiator') return 'client'
  if (closer === 'acceptor') return 'server'
  if (closes === 'upstream') return 'client'
  return closes === 'downstream' ? 'server' : null
}

/** What the knowledge base says of a setting; null when it has none of that name, or nobody's silence tells of it. */
export function knownTimer(setting: string): KnownTimer | null {
  const timer = entry(setting)
  const side = timer === null ? null : sideOf(timer)
  if (timer === null || side === null) return null
  const isPhase = (phase: string): phase is Phase => PHASES.has(phase)
  // An age or a count is not outlasted by one long wait.
  const phases = timer.timer === 'gap' || timer.timer === 'total' ? timer.phases.filter(isPhase) : []
  return {
    component: timer.component,
    side,
    phases: phases.filter((phase) => timer.timer === 'gap' || phase !== 'mid-response'),
  }
}

/** A setting that nobody has heard of is a slip of the pen, not a timer that did not fire. Throws UsageError. */
export function checkSettings(
  rules: readonly Rule[],
  configured: readonly { readonly component: string; readonly setting: string }[],
  fresh: Report,
): void {
  const seen = new Set([
    ...configured.map(({ component, setting }) => `${component}.${setting}`),
    ...(fresh.timers ?? []).flatMap((timer) => timer.settings),
  ])
  for (const rule of rules) {
    if (rule.kind !== 'timer' || seen.has(rule.setting) || entry(rule.setting) !== null) continue
    const component = rule.setting.slice(0, rule.setting.indexOf('.'))
    const others = entriesOf(component).map(({ id }) => id)
    const hint =
      others.length === 0
        ? 'write it as component.setting, for example nginx.proxy_read_timeout; --timeouts names your own'
        : `${componentName(component) ?? component} has ${others.slice(0, SETTINGS_NAMED).join(', ')}${others.length > SETTINGS_NAMED ? ' …' : ''}`
    throw new UsageError(`--expect ${rule.text}: no setting is called ${rule.setting}`, hint)
  }
}
