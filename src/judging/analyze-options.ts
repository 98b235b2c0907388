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
  /**
   * Judge flows soon after they have ended instead of many together, and hand on the report of each that is shown. Those reports are not
   * in `Report.flows` again.
   */
  readonly onFlow?: (flow: FlowReport) => void
  readonly onProgress?: (bytesRead: number, totalBytes: number | null) => void
  readonly signal?: { readonly aborted: boolean }
}
