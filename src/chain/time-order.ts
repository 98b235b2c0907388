import { linkingPolicy } from './policy.js'

/**
 * The order of times: indices of the earliest, the next …; of equal ones in the order given. Each is put into the stretch of time that it
 * falls into, of which there are as many as times: where these come at a steady pace nearly all is in order then.
 */
export function orderOfTimes(times: readonly number[]): Int32Array {
  const { length } = times
  let from = Infinity
  let to = -Infinity
  for (let i = 0; i < length; i++) {
    from = Math.min(from, times[i])
    to = Math.max(to, times[i])
  }
  const pace = (length - 1) / (to - from)
  // Of equal times, or such as differ by next to nothing, there is one stretch.
  const perNs = Number.isFinite(pace) ? pace : 0
  const ends = new Int32Array(length + 1)
  for (let i = 0; i < length; i++) ends[Math.floor((times[i] - from) * perNs)]++
  for (let i = 1; i < length; i++) ends[i] += ends[i - 1]
  const order = new Int32Array(length)
  // From the back, so that each end comes down to where its stretch starts.
  for (let i = length - 1; i >= 0; i--) order[--ends[Math.floor((times[i] - from) * perNs)]] = i
  ends[length] = length
  for (let i = 0; i < length; i++) sortStretch(order, ends[i], ends[i + 1], times)
  return order
}

function sortStretch(order: Int32Array, from: number, to: number, times: readonly number[]): void {
  if (to - from > linkingPolicy.comparedEach) {
    order.subarray(from, to).sort((a, b) => times[a] - times[b] || a - b)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const one = order[i]
    let at = i
    for (; at > from && times[order[at - 1]] > times[one]; at--) order[at] = order[at - 1]
    order[at] = one
  }
}
