/** Thresholds of what is read off a flow, with unit and reason. */
export const factsPolicy = {
  /** RST numbers further ahead than this are no position in the stream (forged, or another connection's); bytes. */
  plausibleAhead: 1 << 20,
  /** Delayed ACKs wait at most this long on Linux, so an ACK later than that does not tell when its segment arrived; nanoseconds. */
  delayedAckNs: 40e6,
  /** Once may be a lost acknowledgement. */
  synAcksAgain: 2,
  /** Copies from which on data that is never acknowledged does not get through: loss alone hardly takes so many in a row. */
  copiesOfLost: 3,
  /** Its receiver was seen alive so long after it was sent: no acknowledgement is as late; nanoseconds. */
  aliveAfterNs: 2e9,
  /** A connection that ends this soon after a message ended because of it, or at least did not wait for an answer to it; nanoseconds. */
  atOnceNs: 1e9,
  /** A client goes on with what it was sending within this time; whoever asks anew may, too; nanoseconds. */
  goesOnNs: 1e9,
  /** A request that meets a close is told of it within a round trip; shorter than any timeout that is met; nanoseconds. */
  soonNs: 1e9,
  /** Bytes of TLS that are too few for a request of HTTP/1: the shortest has 27, and TLS puts 22 to 29 around it. */
  noRequestBytes: 48,
  /** A response this short before its sender's close, to a request that is absent or incomplete, is a goodbye (seen: 0.02–0.9 ms); nanoseconds. */
  goodbyeWithinNs: 50e6,
  /**
   * Rates of the clocks behind TCP timestamps, ticks a second (RFC 7323 5.4 allows 1 to 1000): Linux and Windows 1000, other kernels by
   * their timer (HZ 100, 250, 300 …), older ones 2 and 10.
   */
  stampRates: [1, 2, 10, 20, 50, 60, 64, 100, 128, 200, 250, 256, 300, 500, 512, 1000, 1024],
  /** A clock that runs at a rate is off by less than this share of it, and by so many ticks. */
  stampSlack: 0.05,
  stampTicks: 20,
  /** Clocks of up to so many ticks a second tick seldom: by one tick more they may be off. */
  seldomTicks: 20,
  /** Clocks of two ends that tick alike agree within this share. */
  stampsAgree: 0.02,
  /** Only longer connections are compared, nanoseconds; and only clocks of up to 1000 ticks a second can be far behind. */
  stampedLongNs: 5e9,
  /** Shorter pauses are part of talking; nanoseconds. */
  shortestSilenceNs: 1e9,
  /** Silences kept of one flow: the longest ones. */
  silencesKept: 6,
} as const
