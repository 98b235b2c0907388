/** When the clocks of captures that were taken at different places are compared, with unit and reason. */
export const clockPolicy = {
  /** Files that are looked at in all. Of one rotation alone more than this are not compared; of several, the first files of each. */
  captures: 16,
  /** Bytes of each file that are looked at: thousands of connections, and less than a second. */
  bytes: 32 * 1024 * 1024,
  /** A number that more connections or requests of one capture have was not chosen to tell them apart. */
  alike: 4,
  /** Share of sightings at either end that may be odd (a retry, a SYN of which one capture missed the first). */
  odd: 0.1,
  /** Requests without an id that have to agree: one alone may be another one with the same words. */
  requestsAgree: 3,
  /** Bounds further apart than this tell nothing, nanoseconds: a SYN that was sent again, a request that waited for its turn. */
  widestNs: 1e9,
  /** Clocks whose difference wandered more than this while both captured cannot be set right by one number, nanoseconds. */
  wandersNs: 50e6,
  /** Clocks agree within this, nanoseconds: packets are stamped within it. */
  agreeNs: 1e6,
  /** Below this a difference is told as no more than a tenth of a millisecond, nanoseconds: no clock is set as well. */
  leastToldNs: 0.1e6,
  /** A leg may be closed this much after the one before it was, nanoseconds: what ends without an answer need not end in order. */
  unansweredNs: 50e6,
  /** Share of requests that may look as if they had come out of a proxy before they came in: more, and which came first cannot be told. */
  contradict: 0.01,
} as const
