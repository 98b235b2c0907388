import type { Report, Verdict, VerdictClass } from '../result.js'

/** Counts verdicts. */
export class Tally {
  private flows = 0
  private problems = 0
  private latent = 0
  private readonly byClass: Partial<Record<VerdictClass, number>> = {}

  /** Twins of flows that ended badly and were counted: they may be judged much later, when that flow is gone. */
  private readonly counted = new Set<number>()

  /**
   * Counts a flow. `twins`: the same connection seen at other places or on the other side of a NAT.
   * Returns whether its bad end is not counted, because a twin's was counted before.
   */
  add(stream: number, verdict: Pick<Verdict, 'class' | 'severity'>, twins: readonly number[]): boolean {
    this.flows++
    this.byClass[verdict.class] = (this.byClass[verdict.class] ?? 0) + 1
    if (verdict.severity === 'ok') return false
    if (this.counted.has(stream)) return true
    for (const twin of twins) this.counted.add(twin)
    if (verdict.severity === 'problem') this.problems++
    if (verdict.severity === 'latent') this.latent++
    return false
  }

  /** The counts, as the Report has them. */
  summary(): Report['summary'] {
    return { flows: this.flows, byClass: this.byClass, problems: this.problems, latent: this.latent }
  }
}
