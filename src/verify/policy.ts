/** Every threshold of a comparison, with its unit and its reason. */
export const verifyPolicy = {
  /** Probability below which an absence is no accident: the 95 % that was asked for, one-sided. */
  level: 0.05,
  /** Share below a timer's value that still counts as having reached it: measured values lie this close to what was set. */
  reachedShare: 0.005,
  /** Two values are one timer when they differ by no more than this many seconds, or this share of the older one. */
  sameTimerSeconds: 0.1,
  sameTimerShare: 0.02,
  /** Timers fire up to this many seconds early (nginx's client-side timers), but at most this share of their value. */
  earlySeconds: 0.3,
  earlyShare: 0.1,
  /** And late by at most this many seconds, or this share (polled timers, busy hosts). */
  lateSeconds: 1,
  lateShare: 0.02,
  /** An end that closes sooner after a response is done with it, and shows no keep-alive timer. Seconds, as in the verdicts. */
  idleSeconds: 1,
  /** Failures that all came after a wait this long are of requests that take their time: quick ones prove nothing about them. Seconds. */
  waitSeconds: 1,
  /** A reuse may lie this far beyond the reusing side's own timer: its clock and the capture point's differ. Seconds. */
  reuseBeyondSeconds: 0.05,
  /** Closes of one restart lie within this time: they are one event, not as many as there were connections. Seconds. */
  oneEventSeconds: 1,
  /** Without a capture to compare with, an absence is told when at most this share of the opportunities can fail. */
  rateWithoutBefore: 0.05,
  /** Terms of a sum of probabilities; beyond it the rest changes no digit that is shown. */
  terms: 100_000,
  /** Sums of exponentials are right to about ten digits: a probability that equals the level is not above it. Share of the level. */
  rounding: 1e-9,
} as const

/** The histograms beside each other. */
export const histogramPolicy = {
  /** Columns per power of ten: as many as the eye can tell apart. */
  perDecade: 12,
  /** Nothing shorter matters to a timer, and everything shorter is one column. Seconds. */
  shortest: 0.001,
  /** Columns of an axis, never shorter than one power of ten and a half: a single column tells no distribution. */
  leastColumns: 18,
} as const
