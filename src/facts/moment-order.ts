import type { Moment } from './flow-facts.js'

/**
 * Whether `a` was captured before `b`. Frame numbers begin anew in every file of a rotation, so they only decide between frames of the
 * same time: within one file time never goes back.
 */
export function isBefore(a: Moment, b: Moment): boolean {
  return a.ns === b.ns ? a.frame < b.frame : a.ns < b.ns
}
