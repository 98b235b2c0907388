/**
 * Every threshold of the verdicts, with unit and reason. Numbers measured against real servers in captures/lab are marked "seen".
 * Nanoseconds end in Ns.
 */
const SECOND = 1e9
const MILLISECOND = 1e6

export const policy = {
  /** A flow closed between requests by its server after this much silence was cut by a timer (seen: timers ≥ 1.96 s, clean ≤ 0.28 s). */
  serverIdleNs: 1 * SECOND,
  /** The same for clients: ordinary ones leave up to 3 s after their last response. */
  clientIdleNs: 4 * SECOND,
  /** Flows that agree on a gap, to call it a timer without knowing the setting. */
  clusterFlows: 3,
  /** Shorter gaps cluster by themselves. */
  clusterLeastGapNs: 1 * SECOND,
  /** A gateway writes its 504 this soon after it closed the upstream leg (seen 0.01–0.2 ms), or at most this much before. */
  consequenceWithinNs: 5 * MILLISECOND,
  consequenceBeforeNs: 1 * MILLISECOND,
  /** A proxy closes the upstream leg this soon after its client left (seen 0.03–4 ms, a second when it is busy). */
  propagatedWithinNs: 1 * SECOND,
  /**
   * Timer gap minus setting for a client-side timer without a known component (section 4, rule 4). Idle servers' timers come late by a
   * share of their length: Linux allows epoll timeouts 0.1 % slack (seen 60.054–60.059 s for 60 s).
   */
  ownTimerEarlySeconds: 0.0015,
  ownTimerLateSeconds: 0.004,
  ownTimerLateShare: 0.001,
  ownTimerLeastSeconds: 2,
  /** What people set is whole seconds, or tenths of one. */
  writtenStepSeconds: 0.1,
  /** A proxy that closes the upstream leg after at least this silence, while its client waits, gave up by a timer of its own. */
  gaveUpNs: 2 * SECOND,
  /** A client host acknowledged the FIN this long before it sent a request: it did not look (or 2 RTT). */
  staleReuseNs: 20 * MILLISECOND,
  /** A host acknowledges a FIN this late at most, if nothing else is to be sent (RFC 1122 4.2.3.2; Linux 40–200 ms). */
  delayedAckNs: 500 * MILLISECOND,
  /** A server that closes sooner than this after the last byte did not wait for a timer. */
  promptCloseNs: 1 * SECOND,
  /** Rules that close without an answer do so this soon after the request (seen: 4.7 ms, nginx's `return 444`). */
  deniedWithinNs: 50 * MILLISECOND,
  /** What stood in a send buffer (Linux: 4 MB at most) while the other side took nothing is through within this time after it reads again. */
  drainedWithinNs: 2 * SECOND,
  /** Two clocks that show less of a difference cannot be told apart by when a timer fired (seen: up to 4 ms late). */
  sameClockNs: 20 * MILLISECOND,
  /** Values of timers are told in milliseconds. */
  clockStepNs: 1 * MILLISECOND,
  /** A request whose bytes all came within this time was sent in one go, as far as that can be told from unreadable bytes. */
  oneGoNs: 1 * SECOND,
  /** … and no longer than this in bytes: one record of TLS, which holds the longest head that servers take. */
  oneGoBytes: 16 * 1024 + 256,
  /** An upload that met a close goes on within this time: who comes later comes anew. */
  restGoesOnNs: 1 * SECOND,
  /** A FIN that was repeated and is older than this is not on its way any more. */
  closeInFlightNs: 1 * SECOND,
  /** Closes of one server after the same idle time that show its keep-alive timer (two agree by chance once in a hundred). */
  keepAliveLikeFlows: 2,
  /** A health check resets its connection this soon after it has read the status (seen: 0.1 ms). */
  statusReadNs: 5 * MILLISECOND,
  /** A request sent longer than this before the close is on its way no more: it was lost, or its receiver's host threw it away. */
  requestInFlightNs: 1 * SECOND,
  /** A FIN this soon after the end of a request comes from a program that had nothing more to send, and may well wait for the answer. */
  halfCloseWithinNs: 50 * MILLISECOND,
  /** Copies of one range without an answer that prove a dead peer (seen: 8–10 in true cases, ≤ 2 in lossy healthy ones). */
  vanishedRepeats: 3,
  /** One repeat after this long proves earlier ones that the capture missed. */
  vanishedLongWaitNs: 3 * SECOND,
  /** Waits between copies double (RFC 6298 5.5): who sends none for so many times the longest wait sends no more … */
  nextCopyFactor: 2.5,
  /** … but a wait is no longer than this (Linux: TCP_RTO_MAX, 120 s), or little longer than the longest seen. */
  nextCopyLatestNs: 150 * SECOND,
  nextCopySlack: 1.25,
  /** The peer must have been silent for this long after the first sending. */
  vanishedSilenceNs: 5 * SECOND,
  /** A stateless RST for a live connection after this much silence: the peer, or a box before it, forgot it. */
  forgottenSilenceNs: 1 * SECOND,
  /** Shorter paths vary too much to say that a RST came back sooner than they allow. */
  pathMeasurableNs: 4 * MILLISECOND,
  /** A FIN acknowledged and not followed by the other side's for this long is a leak. */
  halfClosedNs: 60 * SECOND,
  /** As many leaks at one end prove it sooner, if each is at least this old. */
  halfClosedFlows: 3,
  halfClosedLikeNs: 1 * SECOND,
  /** … and at the end that called so old: pools see that a server has closed when they use the connection next (Apache, urllib3; seen 6.2 s). */
  halfClosedPoolNs: 30 * SECOND,
  /** A zero window that lasts this long to the end of the capture. */
  notReadingNs: 5 * SECOND,
  /** Keep-alive probes without an answer. */
  deadProbes: 3,
  /** Keep-alive probes without an answer when the prober then resets. */
  deadProbesBeforeReset: 1,
  /** SYNs younger than this at the end of the capture are still being answered. */
  connectGraceNs: 3 * SECOND,
  /** A RST is foreign when its TTL is not among its side's other segments by this much. */
  foreignTtl: 1,
  /**
   * Weights of the tests that a RST was not sent by the end it names. Strong: seen in all forged resets of the lab and in no genuine one
   * (tcp-facts B7); weak: genuine resets do it too, now and then. Decisive: the named sender cannot have sent it.
   */
  forgedDecisive: 10,
  forgedStrong: 2,
  forgedWeak: 1,
  /** Sum from which the class is given (a weak test alone is a remark), and from which it is certain. */
  forgedLikely: 2,
  forgedCertain: 10,
  /** New data this long after a RST of the same side did not merely overtake it on the path. */
  afterResetNs: 20 * MILLISECOND,
  /** Data whose numbers stand before those of the RST comes this much later at most when the RST has overtaken it on another path. */
  overtakenWithinNs: 1 * SECOND,
  /** TTLs that Windows' packets begin with and have left: its RSTs have window 0 and no timestamps. */
  windowsTtl: { above: 64, upTo: 128 },
  /** A RST that another capture point did not see by this long after was not merely late there. */
  nearerWatchedNs: 1 * SECOND,
  /** Lazy timers fire up to 0.3 s early: gaps that are shorter by more than this than the shortest of a timer or a cluster reach neither. */
  lazyEarlyNs: 350 * MILLISECOND,
  /** Characters of a path in a sentence: what a request asked for shows in its beginning. */
  pathShown: 60,
  /** Servers that look for idle connections now and then do so once a second (gunicorn, lighttpd; Java's own server: seen 0.7 s apart). */
  sweepNs: 1.1 * SECOND,
  /** A server that leaves a connection without any request for this long closed it by a timer. */
  unusedConnectionNs: 1 * SECOND,
  /** … and so did one that got no more of a request for this long, unless it crashed (seen: 3.3–5.1 s in lighttpd, Go and Java). */
  stalledRequestNs: 2 * SECOND,
} as const

/** Seconds of a span in nanoseconds. */
export function seconds(ns: number): number {
  return ns / SECOND
}

/** Seconds as timers are told: to the millisecond. */
export function toldSeconds(value: number): number {
  return Math.round(value * 1000) / 1000
}
