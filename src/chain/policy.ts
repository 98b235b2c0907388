/** What the chain floor remembers of flows that are gone, with unit and reason: enough to judge later ones as if all were still there. */
export const memoryPolicy = {
  /** Pairs of a client address and a server's address and port; a scan or a flood makes a new one with every flow. */
  meetings: 32_768,
  /** Addresses, servers and closing ends of which something is remembered. */
  names: 32_768,
  /** Gaps (and ages, and idle times) kept of one closing end; of more, later ones are not needed to call them a timer. */
  gapsOfEnd: 4096,
  /** Shorter gaps are never taken for a timer, however many agree (policy of the verdicts: 1 s, lazy timers 0.3 s early). */
  leastGapNs: 0.65e9,
} as const
