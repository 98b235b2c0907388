/** How closely values agree by chance. Plain arithmetic: knows no connection. */
import { clusterPolicy } from './policy.js'

/**
 * How many of the ascending values fall into any window of this width by chance, as the share of empty windows tells (Poisson: e^−mean).
 * What a timer brings together fills one window, however many they are, and is no chance elsewhere. 0: too few to tell.
 */
export function perWindow(values: readonly number[], width: number): number {
  if (values.length === 0) return 0
  const windowOf = (value: number): number => Math.floor((value - values[0]) / width)
  const windows = windowOf(values[values.length - 1]) + 1
  if (windows < clusterPolicy.leastWindows) return 0
  let taken = 0
  let most = 0
  for (let n = 0, from = 0; n < values.length; n++) {
    if (n === 0 || windowOf(values[n]) !== windowOf(values[n - 1])) {
      taken++
      from = n
    }
    most = Math.max(most, n + 1 - from)
  }
  // One of them may be the cluster in question.
  const share = (taken - 1) / windows
  return share < clusterPolicy.mostTaken ? -Math.log(1 - share) : (values.length - most) / windows
}
