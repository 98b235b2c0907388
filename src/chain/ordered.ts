/** Index of the first of `length` things in order that has come `there`; `length`: none has. All after it have, too. */
export function firstIndex(length: number, there: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (there(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Index of the first of the ascending values that is not below `limit`. */
export function firstAtLeast(values: readonly number[], limit: number): number {
  return firstIndex(values.length, (index) => values[index] >= limit)
}

/** Index of the first of the ascending values that is above `limit`. */
export function firstAbove(values: readonly number[], limit: number): number {
  return firstIndex(values.length, (index) => values[index] > limit)
}
