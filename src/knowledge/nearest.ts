/** The name that was probably meant. */

/** The value whose key is closest to `wanted`, if at most a third of its letters differ; null: none. */
export function nearest(wanted: string, keys: readonly (readonly string[])[]): string | null {
  let best: string | null = null
  let least = Math.floor(wanted.length / 3) + 1
  for (const [key = '', value = ''] of keys) {
    if (Math.abs(key.length - wanted.length) >= least) continue
    const distance = editDistance(wanted, key)
    if (distance < least) [best, least] = [value, distance]
  }
  return best
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
