/** What the chain floor remembers of flows that are gone, with unit and reason: enough to judge later ones as if all were still there. */
export const memoryPolicy = {
  /** Pairs of a client address and a server's address and port; a scan or a flood makes a new one with every flow. */
  meetings: 32_768,
  /** Addresses, servers and closing ends of which something is remembered. */
  names: 32_768,
  /** Gaps (and ages, and idle times) kept of one closing end; of more, later ones are not needed to call them a timer. */
  gapsOfEnd: 4096,
  /** Legs remembered of connections that go on after their legs were judged; about 60 bytes each. */
  settledLegs: 131_072,
  /** Shorter gaps are never taken for a timer, however many agree (policy of the verdicts: 1 s, lazy timers 0.3 s early). */
  leastGapNs: 0.65e9,
} as const

/** When an address that serves and one that calls are taken for one host, with unit and reason. */
export const proxyPolicy = {
  /** A proxy turns to the server this soon after a request came in, the look-up of a neighbour's address included; nanoseconds. */
  turnsWithinNs: 20e6,
  /** Two interfaces of a host are written down this far out of order, at most; nanoseconds. */
  slackNs: 1e6,
  /** An end of a handshake is near if it answers this many times sooner than the other: the host itself does so in 0.1 ms. */
  nearer: 2,
  /** Handshakes that say so have to be this many times those that say the opposite. */
  outweighs: 4,
  /** So seldom would connections and requests of any pair in a capture follow on requests by chance. */
  chance: 1e-5,
  /** Addresses compared with each other, the busiest of each capture: a host has few, and hostile captures many. */
  addresses: 8,
  /** Pairs remembered. */
  remembered: 64,
} as const

/** When a request is taken for the one that another was made for, with unit and reason. */
export const legPolicy = {
  /** Capture order at one host can be off by this much between two interfaces; nanoseconds. */
  orderSlackNs: 1e6,
  /** A proxy passes a request on within this time, unless it waits for a connection; nanoseconds. */
  forwardedWithinNs: 200e6,
  /** A proxy that has no connection opens one this soon after the request came in; nanoseconds. */
  openedWithinNs: 20e6,
  /** Under load it may take this long; then only one that stands alone is taken, and is only possible; nanoseconds. */
  loadedWithinNs: 2e9,
  /** Candidates that are compared: two requests, each seen at up to four places. */
  candidates: 8,
  /** Requests with the same content that are compared: as many may be open at once. */
  likeCandidates: 16,
  /** Of two candidates, one is meant only if the other is off by at least this much more; nanoseconds. */
  clearlyApartNs: 2e6,
} as const
