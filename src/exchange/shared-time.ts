/** A moment that others are told by, nanoseconds since the epoch of the run. */
export interface Anchor {
  readonly ns: number
}

/** What has not happened lies beside this one. */
export const NEVER: Anchor = { ns: Infinity }

let latest: Anchor = { ns: 0 }

/**
 * A moment from which this one is a whole number of 32 bits apart, with a sign: a few seconds of all flows have one. V8 keeps every other
 * number of an object in an object of its own; of hundred thousands of exchanges that is room, and time to look there.
 */
export function anchorOf(ns: number): Anchor {
  if (ns === Infinity) return NEVER
  const apart = ns - latest.ns
  return (apart | 0) === apart && latest.ns + apart === ns ? latest : (latest = { ns })
}
