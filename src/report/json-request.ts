/** One failed request of the machine output, field by field in the order of the contract. */
import type { Endpoint, FailedRequest, LegMoment, RequestLeg } from '../result.js'
import { placeJson } from './json-flow.js'

function endpointJson({ ip, port, role }: Endpoint): object {
  return { ip, port, role }
}

function pointJson(point: LegMoment | null): object | null {
  return point === null ? null : { ...placeJson(point), after: point.after }
}

function legJson(leg: RequestLeg): object {
  const { answer, close, reset = null } = leg
  return {
    capture: leg.capture,
    stream: leg.stream,
    alsoSeen: leg.alsoSeen,
    depth: leg.depth,
    client: endpointJson(leg.client),
    server: endpointJson(leg.server),
    opened: pointJson(leg.opened),
    request: pointJson(leg.request),
    answer:
      answer === null ? null : { ...pointJson(answer), status: answer.status, complete: answer.complete },
    reset: reset === null ? null : { by: reset.by, ...pointJson(reset) },
    close: close === null ? null : { by: close.by, flag: close.flag, ...pointJson(close) },
    class: leg.class,
    part: leg.part,
    certainty: leg.certainty,
    text: leg.text,
  }
}

/** One failed request as plain data in the contract's order. */
export function requestJson(failed: FailedRequest): object {
  const { request, capture, time, status, causeStream, sentence } = failed
  return { request, capture, time, status, causeStream, sentence, legs: failed.legs.map(legJson) }
}
