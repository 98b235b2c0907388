import type { Report, Verdict, VerdictClass } from '../result.js'

/** Counts verdicts. */
export class Tally {
  private flows = 0
  private problems = 0
  private latent = 0
  private readonly byClass: Partial<Record<VerdictClass, number>> = {}

  add(verdict: Pick<Verdict, 'class' | 'severity'>): void {
    this.flows++
    this.byClass[verdict.class] = (this.byClass[verdict.class] ?? 0) + 1
    if (verdict.severity === 'problem') this.problems++
    if (verdict.severity === 'latent') this.latent++
  }

  summary(): Report['summary'] {
    return { flows: this.flows, byClass: this.byClass, problems: this.problems, latent: this.latent }
  }
}
