import type { Moment } from './flow-facts.js'

/**
 * Whether `a` was captured before `b`. Numbers of different captures that are read together tell no order, so they only decide between
 * frames of the same time: within one file time never goes back.
 */
export function isBefore(a: Moment, b: Moment): boolean {
  return a.ns === b.ns ? a.frame < b.frame : a.ns < b.ns
}
