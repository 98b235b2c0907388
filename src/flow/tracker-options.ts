import type { OnFlowEnd } from './flow-ends.js'
import type { SegmentWatcher } from './segment-watcher.js'
import type { WiresharkRules } from './wireshark-rules.js'

/** What the owner of a tracker may ask of it. */
export interface TrackerOptions {
  /** Told of every segment, copies included. */
  readonly watcher?: SegmentWatcher
  /** Take copies of a packet for segments like any other, as the references do. */
  readonly keepCopies?: boolean
  /** Keep no rows of the flows' ladders: for runs that don't look back. The frame that provoked a RST stays unknown then. */
  readonly withoutLadder?: boolean
  /** Whose rules number the streams. */
  readonly rules?: WiresharkRules
  /**
   * Told of every flow when it is over, the ones still open at `finish` included; then memory stays bounded (see limits.ts). Not with a
   * watcher or the rules of 4.0. Without it no flow ends before the captures do, and a flow's row is its stream number.
   */
  readonly onFlowEnd?: OnFlowEnd
  /** With `onFlowEnd`: tell of closed flows sooner, for somebody waits (LIVE_… in limits.ts). */
  readonly live?: boolean
  /** Take no segment the short way (ordinary.ts); what is learnt is the same. */
  readonly closely?: boolean
}
