/** Expectations as they are written: `no keepalive-race`, `idle-timeout<=2`, `timer nginx.proxy_read_timeout>=600s`. */
import { CLASS_WORDS } from '../report/words.js'
import type { VerdictClass } from '../result.js'

/** How a number is compared. */
export type Relation = '<' | '<=' | '=' | '>=' | '>'

/** One expectation. `problems` stands for failures of any class. */
export type Rule =
  | { readonly kind: 'fixed'; readonly text: string }
  | { readonly kind: 'none'; readonly text: string; readonly of: VerdictClass | 'problems' }
  | {
      readonly kind: 'count'
      readonly text: string
      readonly of: VerdictClass | 'problems'
      readonly relation: Relation
      readonly limit: number
    }
  | {
      /** Failed connections as a share of what could have failed, 0…1. */
      readonly kind: 'share'
      readonly text: string
      readonly of: VerdictClass | 'problems'
      readonly relation: '<' | '<='
      readonly limit: number
    }
  | {
      readonly kind: 'timer'
      readonly text: string
      /** `component.setting`. */
      readonly setting: string
      readonly relation: Relation
      readonly seconds: number
    }

/** A rule that cannot be read, and what was expected in its place. */
export interface RuleTrouble {
  readonly trouble: string
  readonly hint: string
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 }

/** What can be written, for messages. */
const RULE_EXAMPLES =
  'rules are: fixed, no <class>, no problems, <class><=2, <class><1%, timer nginx.proxy_read_timeout>=600s'

function subject(word: string): VerdictClass | 'problems' | null {
  if (word === 'problem' || word === 'problems') return 'problems'
  return CLASS_WORDS.find((known) => known === word) ?? null
}

function unknownClass(word: string): RuleTrouble {
  return {
    trouble: `no class is called "${word}"`,
    hint: `the classes are ${CLASS_WORDS.join(', ')}, and problems for any of them`,
  }
}

/** Reads one rule. */
export function parseRule(line: string): Rule | RuleTrouble {
  const text = line.trim().replace(/\s+/g, ' ')
  if (text === 'fixed') return { kind: 'fixed', text }
  const [, absent] = /^no ([\w-]+)$/.exec(text) ?? []
  if (absent !== undefined) {
    const of = subject(absent)
    return of === null ? unknownClass(absent) : { kind: 'none', text, of }
  }
  const [, setting, timerRelation, value, unit] =
    /^timer ([\w.()/ -]+?\.[\w.()/ -]+?) ?(<=|>=|==?|<|>) ?(\d+(?:\.\d+)?) ?(ms|s|min|m|h)?$/.exec(text) ?? []
  if (setting !== undefined) {
    const seconds = Number(value) * (UNITS[unit ?? 's'] ?? 1)
    return { kind: 'timer', text, setting, relation: relationOf(timerRelation ?? '='), seconds }
  }
  return parseCount(text)
}

function relationOf(sign: string): Relation {
  return sign === '==' ? '=' : (sign as Relation)
}

function parseCount(text: string): Rule | RuleTrouble {
  const [, word, sign, number, percent] =
    /^([\w-]+) ?(<=|>=|==?|<|>) ?(\d+(?:\.\d+)?) ?(%)?$/.exec(text) ?? []
  if (word === undefined || sign === undefined) {
    return { trouble: `"${text}" is no rule`, hint: RULE_EXAMPLES }
  }
  const of = subject(word)
  if (of === null) return unknownClass(word)
  const relation = relationOf(sign)
  if (percent === undefined) return { kind: 'count', text, of, relation, limit: Number(number) }
  const limit = Number(number) / 100
  if (limit > 1) return { trouble: `"${text}" allows more than all of them`, hint: RULE_EXAMPLES }
  if (relation !== '<' && relation !== '<=') {
    return { trouble: `"${text}": a share can only be limited from above`, hint: RULE_EXAMPLES }
  }
  return { kind: 'share', text, of, relation, limit }
}

/** Whether a rule could be read. */
export function isRule(parsed: Rule | RuleTrouble): parsed is Rule {
  return 'kind' in parsed
}

/** The rules of a file: one a line; `#` begins a comment. Each with its line number, from 1. */
export function ruleLines(text: string): { readonly line: number; readonly text: string }[] {
  return text
    .split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, text: content.replace(/(^|\s)#.*$/, '').trim() }))
    .filter((one) => one.text !== '')
}

/** `a <= b` and so on. */
export function holds(value: number, relation: Relation, limit: number): boolean {
  switch (relation) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '=':
      return value === limit
    case '>=':
      return value >= limit
    case '>':
      return value > limit
  }
}
