/** What judging may hold at a time, with unit and reason. Below these limits a run is judged as one, with all of it known. */
export const judgingPolicy = {
  /**
   * Ended flows that are judged together, once so many wait: what follows each other (legs, retries, like closes) ends within seconds
   * and stands side by side. About 5 KB each while they wait and are judged; with twice as many a capture of 150,000 connections took a
   * tenth more memory, and no less time.
   */
  flowsTogether: 2048,
  /** Flows still open that are looked at beside them, those with the latest segments first: they may be the other legs. */
  openBeside: 4096,
  /** Addresses of servers remembered to tell which open flows may be legs; beyond, all of them may. */
  serversKnown: 65_536,
  /** Flows that have ended and wait for a leg that has not; more are judged without it. */
  flowsWaiting: 2048,
  /**
   * Pairs of addresses remembered from which on the SYNs of a flood are only counted (lone-syns.ts): as many as are remembered of callers
   * that nobody answered, so that the same are.
   */
  loneSynsFrom: 1024,
  /** Files that a flow names as those in which its later frames are numbered; the rest is counted. */
  filesNamed: 8,
  /** Address texts kept of each family; then they are made anew. */
  addressTexts: 65_536,
  /** In a live run flows are judged this long after the round before, in time of the capture. */
  roundsApartNs: 1e9,
  /** … but not before this share of the open flows has ended: looking at open ones costs as much as judging. */
  liveShare: 0.125,
  /** … unless the round before is as long ago as this. */
  roundsAtLeastNs: 30e9,
} as const
