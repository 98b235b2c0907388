import type { Report, Verdict, VerdictClass } from '../result.js'

/** Counts verdicts. */
export class Tally {
  private flows = 0
  private problems = 0
  private latent = 0
  private readonly byClass: Partial<Record<VerdictClass, number>> = {}

  private readonly bad = new Set<number>()

  /** `twins`: the same connection seen at other places or on the other side of a NAT; a problem of theirs is not counted again. */
  add(stream: number, verdict: Pick<Verdict, 'class' | 'severity'>, twins: readonly number[]): void {
    this.flows++
    this.byClass[verdict.class] = (this.byClass[verdict.class] ?? 0) + 1
    if (verdict.severity === 'ok') return
    this.bad.add(stream)
    if (twins.some((twin) => twin < stream && this.bad.has(twin))) return
    if (verdict.severity === 'problem') this.problems++
    if (verdict.severity === 'latent') this.latent++
  }

  summary(): Report['summary'] {
    return { flows: this.flows, byClass: this.byClass, problems: this.problems, latent: this.latent }
  }
}
