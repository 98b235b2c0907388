/** Every threshold of the inferred timers, with unit and reason. Nanoseconds end in Ns. */
const SECOND = 1e9
const MILLISECOND = 1e6

/** When closes show a timer and when the order of two is safe, with unit and reason. */
export const timerPolicy = {
  /** Shorter silences and ages agree by themselves: everybody answers and leaves within milliseconds. */
  leastNs: 1 * SECOND,
  /** End clients leave by themselves up to 3 s after their last response. */
  endClientLeastNs: 4 * SECOND,
  /** Busy servers' timers come late now and then: closes this close to a cluster that verdicts give to a timer, or to an announced time, belong to it. */
  lateNs: 100 * MILLISECOND,
  /** A client answers its TLS server's goodbye with a FIN this soon. */
  goodbyeNs: 50 * MILLISECOND,
  /** Closes within this time of each other are one event: a sweep, a script's end. */
  oneMomentNs: 50 * MILLISECOND,
  /** Linux allows epoll timeouts 0.1 % slack, so closes of one long timer spread by this share of it (seen: 60.000–60.059 s). */
  slackShare: 0.001,
  /** A server that looks at its connections once a second closes them anywhere in that second (seen: gunicorn 2.0–3.0 s). */
  tickNs: 1.05 * SECOND,
  /** Closes that make a timer without the word of a verdict: two agree by chance too often. */
  steadyCloses: 3,
  /** The same for closes that agree only within a tick. */
  tickCloses: 5,
  /**
   * A cluster has to stand out: as many closes as its surroundings would put there by chance, and so many standard deviations of that
   * number and so many closes more. A thousand closes spread evenly over ten seconds then show no timer.
   */
  chanceDeviations: 6,
  chanceExtra: 2,
  /** Windows this wide hold a few closes by chance wherever they are laid, also where none is near: all closes count against them. */
  wideNs: 200 * MILLISECOND,
  /** Surroundings of a value, as a share of it to either side. */
  surroundings: 0.5,
  /** Silence is the simpler reading: an age explains better only if its spread is smaller by more than this. */
  simplerNs: 5 * MILLISECOND,
  /** A side that closes sooner after the last response did not wait: it had served enough, or long enough. */
  promptNs: 1 * SECOND,
  /** Fewer requests than this are what a client happened to send, not a limit. */
  leastRequests: 3,
  /** Share of the prompt closes of a side that have to come at the limit. */
  limitShare: 0.5,
  /** Ages at which connections are retired may spread by this share: the limit is noticed at the next response. */
  retiredShare: 0.25,
  /** A client's timers count as its rule when they explain at least this share of its idle closes. */
  ruleShare: 0.5,
  /** Order of two timers is safe with this much between them: nginx fires up to 0.3 s early, polled timers late, and the path takes time. */
  marginNs: 0.5 * SECOND,
  /** A reuse this close to the serving side's timer nearly met it. */
  nearNs: 1 * SECOND,
  /** From the decision to close to the FIN on the wire, and from its arrival until the application looks: a turn of an event loop each. */
  handlingNs: 1 * MILLISECOND,
  /** Reuses just before the timer, and idle connections that reached it, to reckon a risk from. */
  riskReuses: 3,
  riskCloses: 3,
  /** Legs remembered, each with 2 KB or more: when there are as many, the half with the fewest connections is forgotten. */
  legs: 16_384,
  /** Closes kept of one leg, side and phase; of more, every second, fourth … is kept. */
  closesKept: 4096,
  /** Width of the finest class of idle gaps, and how many classes are kept of one leg before they are joined two by two. */
  gapClassNs: 50 * MILLISECOND,
  gapClasses: 2048,
  /** End clients of one server are counted up to this many. */
  clientsCounted: 100_000,
  /** What is advised where the order is wrong: the serving side's timer so many times the other's, and at least so many seconds more … */
  longerBy: 1.25,
  longerBySeconds: 5,
  /** … or the reusing side's timer this share of the other's. */
  shorterTo: 0.8,
  /** More timers of one leg, side and phase are no configuration. */
  timersPerGroup: 8,
  /** Streams named for one timer. */
  streamsNamed: 20,
} as const

/** Seconds of a span in nanoseconds, to the microsecond: no clock here tells more. */
export function seconds(ns: number): number {
  return Math.round(ns / 1e3) / 1e6
}
