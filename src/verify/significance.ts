import { verifyPolicy } from './policy.js'

/**
 * Exact tests, no normal approximation: what the change of a count can mean. All values are one-sided.
 * Two samples of trials: R. A. Fisher, "The logic of inductive inference", J. R. Stat. Soc. 98 (1935) 39–82: given all failures of both
 * samples, their split is hypergeometric, so the rate before is treated as the estimate it is.
 * Two samples of time: J. Przyborowski & H. Wilenski, Biometrika 31 (1940) 313–323: given all events, their split is binomial.
 * One sample: C. J. Clopper & E. S. Pearson, Biometrika 26 (1934) 404–413; for no failure in n it is about 3/n (rule of three).
 */

/** Failures among trials. */
export interface Trials {
  readonly failed: number
  readonly of: number
}

/** ln n! of small n, each the sum of logarithms that was needed so far. */
const logFactorials: number[] = [0]
/** Above this Stirling's series (three terms) is as exact as a double. */
const TABLE = 1000

function logFactorial(n: number): number {
  if (n > TABLE) {
    const x = n + 1
    return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3)
  }
  for (let i = logFactorials.length; i <= n; i++) logFactorials.push(logFactorials[i - 1] + Math.log(i))
  return logFactorials[n]
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/**
 * Fisher's exact test: the probability of `after.failed` or fewer failures in the second sample if nothing had changed,
 * given how many there were in both. 1 when there is nothing to tell from.
 */
export function fisherExact(before: Trials, after: Trials): number {
  const failed = before.failed + after.failed
  const all = before.of + after.of
  if (failed === 0 || after.of === 0) return 1
  const least = Math.max(0, failed - before.of)
  let sum = 0
  for (let k = after.failed; k >= least && after.failed - k < verifyPolicy.terms; k--)
    sum += Math.exp(logChoose(before.of, failed - k) + logChoose(after.of, k) - logChoose(all, failed))
  return Math.min(1, sum)
}

/**
 * Conditional test of two Poisson rates: the probability of `after` or fewer events in the second time if the rate were the
 * same. Times in any one unit; 1 when there is nothing to tell from.
 */
export function poissonRates(
  before: { readonly events: number; readonly time: number },
  after: { readonly events: number; readonly time: number },
): number {
  const events = before.events + after.events
  const share = after.time / (before.time + after.time)
  if (events === 0 || !(share > 0)) return 1
  return binomialAtMost(after.events, events, share)
}

/** P(X ≤ k) for X binomial of n trials with probability p. */
function binomialAtMost(k: number, n: number, p: number): number {
  if (k >= n || p <= 0) return 1
  if (p >= 1) return 0
  let sum = 0
  for (let i = k; i >= 0 && k - i < verifyPolicy.terms; i--)
    sum += Math.exp(logChoose(n, i) + i * Math.log(p) + (n - i) * Math.log1p(-p))
  return Math.min(1, sum)
}

/** Clopper and Pearson's one-sided upper bound of a rate: the largest under which so few failures are still as likely as `level`. */
export function upperBound({ failed, of }: Trials, level: number): number {
  if (of === 0 || failed >= of) return 1
  return bisect((p) => binomialAtMost(failed, of, p) > level)
}

/** Clopper and Pearson's one-sided lower bound of a rate. */
export function lowerBound({ failed, of }: Trials, level: number): number {
  if (of === 0 || failed === 0) return 0
  return bisect((p) => 1 - binomialAtMost(failed - 1, of, p) <= level)
}

/** The edge between the rates that satisfy and those that do not; `holds` holds for small ones. */
function bisect(holds: (rate: number) => boolean): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Whether a probability is small enough. */
export function isSignificant(p: number, level: number): boolean {
  return p <= level * (1 + verifyPolicy.rounding)
}

/** The fewest that make `p` at most `level`, when more make it smaller; null: not even `most` do. */
export function fewest(p: (many: number) => number, level: number, most = 2 ** 40): number | null {
  let high = 1
  while (!isSignificant(p(high), level)) {
    if (high >= most) return null
    high *= 2
  }
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (!isSignificant(p(middle), level)) low = middle
    else high = middle
  }
  return high
}
