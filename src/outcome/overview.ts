import type { Roles } from '../chain/roles.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Stretch } from '../facts/silences.js'
import type { FramePlace, Overview, OverviewFlow, Verdict } from '../result.js'
import { exposurePolicy } from './policy.js'

/** What one flow is until the roles of all hosts are known. */
type Entry = Omit<OverviewFlow, 'client' | 'server'> & {
  readonly client: FlowFacts['client']
  readonly server: FlowFacts['server']
}

/** Gathers all flows in short while they are judged. Bounded: later flows are only counted. */
export class OverviewList {
  private readonly entries: Entry[] = []
  private left = 0

  /**
   * @param startNs the time that counts as 0
   * @param placeOf a frame as a report on a flow of the capture names it
   */
  constructor(
    private readonly startNs: number,
    private readonly placeOf: (capture: number, number: number) => FramePlace,
    private readonly most: number = exposurePolicy.flowsInOverview,
  ) {}

  /** Adds a flow; `silences`: its longest stretches without a new byte. */
  add(facts: FlowFacts, verdict: Verdict, silences: readonly Stretch[]): void {
    if (this.entries.length >= this.most) {
      this.left++
      return
    }
    const since = (ns: number): number => (ns - this.startNs) / 1e9
    const { first } = facts.close
    this.entries.push({
      capture: facts.capture,
      stream: facts.stream,
      client: facts.client,
      server: facts.server,
      start: since(facts.startNs),
      end: since(facts.endNs),
      frames: facts.frames,
      payloadBytes: facts.sides.client.payloadBytes + facts.sides.server.payloadBytes,
      class: verdict.class,
      variant: verdict.variant,
      severity: verdict.severity,
      close:
        first === null
          ? null
          : {
              by: first.by,
              flag: first.flag,
              ...this.placeOf(facts.capture, first.frame),
              time: since(first.ns),
            },
      silence: facts.lastData === null || facts.silenceNs === null ? null : facts.silenceNs / 1e9,
      silences: silences.map(({ fromNs, toNs }) => [since(fromNs), since(toNs)]),
      summary: verdict.summary,
    })
  }

  /** The section of the Report. */
  section(roles: Pick<Roles, 'of'>): Overview {
    const named = (end: { readonly ip: string; readonly port: number }) => ({
      ip: end.ip,
      port: end.port,
      role: roles.of(end.ip, end.port).role,
    })
    const flows = this.entries.map((entry) => ({
      ...entry,
      client: named(entry.client),
      server: named(entry.server),
    }))
    return { flows: flows.sort((a, b) => a.stream - b.stream), left: this.left }
  }
}
