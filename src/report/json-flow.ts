/** One flow of the machine output, field by field in the order of the contract. */
import type { Close, CloseEvent, Endpoint, FlowReport, FramePlace, Timer, Verdict } from '../result.js'

/** What else a machine may ask for. */
export interface JsonOptions {
  /** Adds `ladder`, `ladderOmitted` and `ladderGaps` to each flow, or to the findings' examples: they are long, and most readers do not draw. */
  readonly ladder?: boolean | 'examples'
}

function endpointJson({ ip, port, role, software }: Endpoint): object {
  return { ip, port, role, software }
}

/** A timer as plain data; null stays null. */
export function timerJson(timer: Timer | null): object | null {
  return timer === null
    ? null
    : {
        seconds: timer.seconds,
        setting: timer.setting,
        candidates: timer.candidates,
        ...(timer.guessed && { guessed: true }),
      }
}

/** A frame, with its file where that is not the flow's or the leg's. */
export function placeJson({ frame, capture }: FramePlace): { frame: number; capture?: number } {
  return { frame, ...(capture !== undefined && { capture }) }
}

function closeEventJson(event: CloseEvent | null): object | null {
  if (event === null) return null
  const { by, flag, rstForm, time } = event
  return { by, flag, rstForm, ...placeJson(event), time }
}

function closeJson(close: Close): object {
  const { lastData, silence, owed, phase } = close
  return {
    first: closeEventJson(close.first),
    second: closeEventJson(close.second),
    lastData: lastData === null ? null : { by: lastData.by, ...placeJson(lastData), time: lastData.time },
    silence,
    owed,
    phase,
  }
}

function verdictJson(verdict: Verdict): object {
  return {
    class: verdict.class,
    variant: verdict.variant,
    severity: verdict.severity,
    certainty: verdict.certainty,
    phase: verdict.phase,
    closer: verdict.closer,
    timer: timerJson(verdict.timer),
    causeStream: verdict.causeStream,
    ...(verdict.pendingRequest == null ? {} : { pendingRequest: verdict.pendingRequest }),
    ...(verdict.gone === undefined ? {} : { gone: verdict.gone }),
    summary: verdict.summary,
    evidence: verdict.evidence.map((one) => ({ ...placeJson(one), text: one.text })),
    notThis: verdict.notThis.map((other) => ({ class: other.class, because: other.because })),
    fix: verdict.fix,
    remarks: verdict.remarks,
  }
}

/** One flow as plain data in the contract's order. */
export function flowJson(flow: FlowReport, options: JsonOptions = {}): object {
  return {
    capture: flow.capture,
    ...(flow.later && { later: flow.later }),
    stream: flow.stream,
    client: endpointJson(flow.client),
    server: endpointJson(flow.server),
    clientBasis: flow.clientBasis,
    start: flow.start,
    end: flow.end,
    frames: flow.frames,
    payloadBytes: { client: flow.payloadBytes.client, server: flow.payloadBytes.server },
    completeness: flow.completeness,
    history: flow.history,
    exchanges: flow.exchanges,
    ...(flow.events == null ? {} : { events: flow.events }),
    ...(flow.tls == null ? {} : { tls: flow.tls }),
    close: closeJson(flow.close),
    verdict: verdictJson(flow.verdict),
    links: flow.links.map(({ stream, relation, certainty, as }) => ({
      stream,
      relation,
      certainty,
      ...(as && { as }),
    })),
    ...(options.ladder === true
      ? {
          ladder: flow.ladder,
          ladderOmitted: flow.ladderOmitted,
          ...(flow.ladderGaps !== undefined && { ladderGaps: flow.ladderGaps }),
        }
      : {}),
  }
}
