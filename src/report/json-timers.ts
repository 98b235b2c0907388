/** Inferred timers and the order of legs as machine output, field by field in the order of the contract. */
import type { FindingHost, InferredTimer, LegOrder, Report } from '../result.js'
import { jsonLine, listJson } from './json-line.js'

/** A host of a finding, a timer or a leg as plain data. */
export function hostJson({ ip, port, role }: FindingHost): object {
  return port === undefined ? { ip, role } : { ip, port, role }
}

/** One timer as plain data. */
export function inferredTimerJson(timer: InferredTimer): object {
  const { by, phase, kind, value, min, max, closes, of, settings, basis } = timer
  const { declaredSeconds, sampled, streams, summary } = timer
  return {
    client: hostJson(timer.client),
    server: hostJson(timer.server),
    ...{ by, phase, kind, value, min, max, closes, of, settings, basis },
    ...{ declaredSeconds, sampled, streams, summary },
  }
}

/** One leg's order as plain data. */
export function legOrderJson(leg: LegOrder): object {
  const { clientSeconds, serverSeconds, clientBasis, serverBasis, longestReuseSeconds, order, because } = leg
  const { connections, reuses, clientCloses, serverCloses, nearMisses, races, racesPerHour, risk, fix } = leg
  return {
    client: hostJson(leg.client),
    server: hostJson(leg.server),
    ...{ clientSeconds, serverSeconds, clientBasis, serverBasis, longestReuseSeconds, order, because },
    ...{ connections, reuses, clientCloses, serverCloses, nearMisses, races, racesPerHour, risk, fix },
  }
}

/** The document of `pcap-why timers --json`: `pcap-why/timers/1`, one timer or leg a line. */
export function* timersJson(report: Report): Generator<string> {
  yield `{\n  "schema": "pcap-why/timers/1",\n  "version": ${jsonLine(report.version)},\n`
  yield* listJson('timers', (report.timers ?? []).map(inferredTimerJson), false)
  yield* listJson('legs', (report.legs ?? []).map(legOrderJson), true)
  yield '}\n'
}
