/** Bounds and tolerances of the look-up, with unit and reason. The tolerance of each timer stands with it. */
export const lookUpPolicy = {
  /** Most answers that one look-up gives. */
  candidates: 12,
  /** One fit has to be better than another by this much to come first for that: timers of equal value are not told apart by milliseconds. Seconds. */
  missStep: 0.1,
  /** Times arrive as sums of floating-point numbers; a microsecond is far below any timer's own tolerance. Seconds. */
  rounding: 1e-6,
  /** Accepted around the value of a setting that the knowledge base does not have: no polling is known of it. Seconds. */
  plainEarly: 0.05,
  plainLate: 0.25,
  /** Longer waits do not occur: such a number is rather milliseconds given as seconds. Seconds, a year. */
  longestWait: 366 * 86_400,
  /** Kinds of closes whose timers are remembered; a status is three digits that anybody may send. */
  kindsKept: 512,
  /** Header values whose software is remembered: every response of a server has the same. Beyond it they are looked at anew. */
  headersKept: 1024,
} as const
