/** Fisher's test in whole numbers: slow, and beyond doubt. */
import type { Trials } from '../../src/verify/significance.js'

function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n
  let result = 1n
  for (let i = 0; i < k; i++) result = (result * BigInt(n - i)) / BigInt(i + 1)
  return result
}

/** P(so few failures or fewer in the second sample), the number of failures in both being given. */
export function exactFisher(before: Trials, after: Trials): number {
  const failed = before.failed + after.failed
  if (failed === 0 || after.of === 0) return 1
  let ways = 0n
  for (let k = 0; k <= after.failed; k++) ways += choose(before.of, failed - k) * choose(after.of, k)
  const all = choose(before.of + after.of, failed)
  // Thirty digits behind the point, then a double.
  return Number((ways * 10n ** 40n) / all) / 1e40
}
