import type { Limit } from '../sureness.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { closeWord, party, sentence } from '../wording.js'

/** What every clean end says. */
export function cleanRuling(c: Case, limits: readonly Limit[], summary: string, remarks: string[]): Ruling {
  const { first, second } = c.facts.close
  const evidence = []
  if (first !== null)
    evidence.push({ frame: first.frame, text: `first close: ${closeWord(c.facts)} by ${party(c, first.by)}` })
  if (second !== null)
    evidence.push({ frame: second.frame, text: `second close: ${second.flag} by ${party(c, second.by)}` })
  return {
    limits,
    phase: c.facts.standing.phase,
    closer: first?.by ?? 'none',
    timer: null,
    causeStream: null,
    summary: sentence(summary),
    evidence,
    fix: [],
    remarks,
  }
}
