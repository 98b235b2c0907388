/** Fills the fields that most timers leave at their plain value, so that the data files show only what is special. */
import type { TimerEntry } from './types.js'

type Always =
  | 'id'
  | 'setting'
  | 'closes'
  | 'closer'
  | 'phases'
  | 'stall'
  | 'wire'
  | 'timer'
  | 'syntax'
  | 'fix'
  | 'source'
  | 'verified'
  | 'prior'

/** A timer as written in a data file. */
export type TimerRow = Pick<TimerEntry, Always> & Partial<Omit<TimerEntry, Always | 'component'>>

/**
 * Timers of one component.
 * @param common what they share; a row may override role and tolerance
 */
export function defineTimers(
  common: Pick<TimerEntry, 'component' | 'role' | 'tolerance'>,
  rows: readonly TimerRow[],
): readonly TimerEntry[] {
  return rows.map((row) => ({
    default: null,
    note: null,
    variants: [],
    typical: [],
    clientStatus: [],
    part: null,
    detail: null,
    measuredFrom: null,
    headFrom: null,
    adds: null,
    lazy: false,
    signature: null,
    ...common,
    ...row,
  }))
}
