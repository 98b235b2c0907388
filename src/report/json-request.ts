/** One failed request of the machine output, field by field in the order of the contract. */
import type { Endpoint, FailedRequest, RequestLeg } from '../result.js'

function endpointJson({ ip, port, role }: Endpoint): object {
  return { ip, port, role }
}

function pointJson(point: { readonly frame: number; readonly after: number } | null): object | null {
  return point === null ? null : { frame: point.frame, after: point.after }
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
    reset: reset === null ? null : { by: reset.by, frame: reset.frame, after: reset.after },
    close: close === null ? null : { by: close.by, flag: close.flag, frame: close.frame, after: close.after },
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
