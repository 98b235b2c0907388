/** Software that looks at its timers only now and then: whatever ran out meanwhile ends in one moment. */

/** Seconds between two looks, by software word. Squid counts in whole seconds and looks once in each (seen with 5.7). */
const POLLS: ReadonlyMap<string, number> = new Map([['squid', 1]])

/** Time between two looks at the timers of this software, in seconds; 0: it sets a clock for each, or is not known. */
export function pollSeconds(software: string | null): number {
  return software === null ? 0 : (POLLS.get(software) ?? 0)
}
