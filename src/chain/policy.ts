/** What the chain floor remembers of flows that are gone, with unit and reason: enough to judge later ones as if all were still there. */
export const memoryPolicy = {
  /** Pairs of a client address and a server's address and port; a scan or a flood makes a new one with every flow. */
  meetings: 8192,
  /** … of one server's address and port so many: a thousand clients tell what it is, and every round looks at all that is remembered. */
  clientsOfServer: 1024,
  /** … and of those that nobody answered so many: they tell nothing but that somebody called. */
  meetingsUnanswered: 1024,
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
  /** Legs of one request that are remembered, those that last longest: a request is tried a few times, and seen at a few places. */
  legsOfRequest: 16,
  /** Of two candidates, one is meant only if the other is off by at least this much more; nanoseconds. */
  clearlyApartNs: 2e6,
} as const

/**
 * What a cluster of equal gaps has to exceed, so that chance does not make it. Closes at no steady time fall into a window as a Poisson
 * count: its mean is the number of closes times the width of the window over their range, its deviation the root of that. The wider the
 * window the more fall into it: of 60 idle connections that nginx closes anywhere between 5 and 45 s, 0.9 lie within any 600 ms (300 ms to
 * either side, as its lazy timers need), and in some of the hundred such windows there are three or four; of 20 ms windows it takes 900
 * closes until one holds as many. A timer of them all, or of most, stands far above that at any width.
 */
export const clusterPolicy = {
  /** Timer closes of one setting agree this closely (measured: 0–8 ms; polled and lazy timers do worse and need other evidence); nanoseconds. */
  spreadNs: 20e6,
  /** nginx re-arms its client-side timers lazily, up to this much early; nanoseconds. */
  lazySpreadNs: 300e6,
  /** Neighbourhood of a cluster, in its own half widths on either side: wide enough to count, narrow enough to be alike. */
  neighbourhood: 10,
  /** Standard deviations of the Poisson count that chance is granted: of a thousand places to look at, none reaches it. */
  beyondChance: 5,
  /** Windows in the range of an end's closes that it takes to tell the share of empty ones; with a larger share taken the closes are counted instead. */
  leastWindows: 10,
  mostTaken: 0.95,
  /** Idle connections that show a server's timer, if all but one ended within this spread (lazy timers included); nanoseconds. */
  steadyFlows: 3,
  steadySpreadNs: 300e6,
  /** A close sooner than that timer by more than polled ones vary (gunicorn, lighttpd: 1 s) was not its doing; nanoseconds. */
  soonerByNs: 1.1e9,
} as const

/** How far legs and callers are followed, and what is asked of them, with unit and reason. */
export const linkingPolicy = {
  /** Requests looked at, at most, to find the one that another was made for: newer ones first. Bounds hostile captures. */
  candidates: 64,
  /** A connection that carries its first request this soon was opened for it; nanoseconds. */
  opensWithinNs: 1e9,
  /** Chains longer than this are not followed: every host may call every other in a mesh. */
  legsInChain: 5,
  /** Callers kept of each host: one stands for the many clients of a front end, unless it is known to be a proxy. */
  callersKept: 8,
  /** From a request that is judged to the one that it was made for, and on to what else may have been made for that one. */
  stepsToRivals: 2,
  /** Of more times than this in one stretch, each is no longer compared with each to put them in order. */
  comparedEach: 32,
  /** Connections with fewer requests are looked through each time: to remember where one was left costs as much. */
  requestsToSkip: 8,
  /** A proxy closes the leg behind this soon after its client left (seen: 0.03–4 ms); nanoseconds. */
  leavesWithinNs: 5e6,
  /** Each question of a round is about a moment that lies so far before the one before, at most; else all are looked through; nanoseconds. */
  askedBackNs: 0.25e9,
} as const

/** How near a close comes to the timer that `Keep-Alive: timeout=` announced, with unit and reason. */
export const announcedPolicy = {
  /** So much sooner: the header's number is whole seconds, the clock starts before the response is seen; nanoseconds. */
  earlyNs: 50e6,
  /** So much later: some servers wait a second more than they announce, so that nobody who believes them is cut off (Node's keepAliveTimeoutBuffer); nanoseconds. */
  lateNs: 1.3e9,
} as const

/** When connections that closed together were closed by a process that stopped, with unit and reason. */
export const shutdownPolicy = {
  /** A process that stops closes its idle connections within this time; nanoseconds. */
  oneMomentNs: 50e6,
  /** Fewer closes at once are coincidence. */
  leastFlows: 3,
  /** Requests that a proxy left unanswered on both legs: of so few at once, each after another wait, not two timers end by chance. */
  leastCut: 2,
  /** A program that stops refuses the next connection; one that comes later tells nothing of a close before; nanoseconds. */
  refusedWithinNs: 10e9,
  /** It closes the two legs of one request this soon after each other; nanoseconds. */
  bothLegsNs: 5e6,
  /** Connections silent for less may have been closed for a reason of their own; nanoseconds. */
  leastSilenceNs: 1e9,
  /** The silences must differ by more than this many times the closes do, or a common timer explains both. */
  spreadRatio: 2,
  /** A gap that this server shows at another moment too is a timer, and silences that differ by less are one timer's; nanoseconds. */
  sameGapNs: 20e6,
} as const
