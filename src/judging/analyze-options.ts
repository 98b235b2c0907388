import type { RoleRule } from '../chain/roles.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { UserTimeout } from '../knowledge/types.js'
import type { FlowReport } from '../result.js'

/** What the user can ask of an analysis. */
export interface AnalyzeOptions {
  /** Report every flow, not only those with severity problem or latent. */
  readonly all?: boolean
  /** A flow to report whatever its severity. */
  readonly flow?: number | null
  /** Fill `Report.overview`: every flow in short. */
  readonly overview?: boolean
  readonly roles?: readonly RoleRule[]
  /** Only flows that match are judged. */
  readonly filter?: ((flow: Pick<FlowFacts, 'client' | 'server'>) => boolean) | null
  readonly timeouts?: readonly UserTimeout[]
  /** Leave query values in labels. */
  readonly showSecrets?: boolean
  /** Told of each flow that is shown, as soon as it is judged; flows are judged soon after their end then, not many together. */
  readonly onFlow?: (flow: FlowReport) => void
  /**
   * With `onFlow`: takes a listener that is to be told while a source is silent for how long it has been, in nanoseconds. Without it a
   * flow that was closed is handed on only when later segments show that it stayed so.
   */
  readonly whenQuiet?: (listener: (forNs: number) => void) => void
  /** false: `onFlow` gets the reports without their ladders, and they are not kept for `Report.flows`. For runs that may go on for days. */
  readonly keepFlows?: boolean
  /** Seed of the hash of connections, 32 bits that no capture's author can know; by default drawn here. The result does not depend on it. */
  readonly hashSeed?: number
  readonly onProgress?: (bytesRead: number, totalBytes: number | null) => void
  readonly signal?: { readonly aborted: boolean }
}
