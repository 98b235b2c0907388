/** Connections that got no answer from a server that answered others meanwhile: then it is not the server that is gone. */
import { endText } from '../facts/end-text.js'
import type { FlowReport } from '../result.js'
import type { Answer, AnswersHeard } from './answers.js'
import { divided, type Part } from './finding-part.js'
import { findingPolicy } from './policy.js'

/** What the server of an unanswered connection said elsewhere while it owed an answer there; null: nothing was seen, or it is no such connection. */
function answeredElsewhere(flow: FlowReport, answers: AnswersHeard): Answer | null {
  const from = flow.verdict.class === 'connect-timeout' ? flow.start : (flow.unansweredSince ?? null)
  if (flow.verdict.told?.ifThere === undefined || from === null) return null
  // The end of the flow is the last copy that nobody answered: a host that came back later had been gone.
  const answer = answers.within(
    flow.server.ip,
    flow.server.port,
    from + findingPolicy.stillSilentSeconds,
    flow.end,
  )
  return answer === null || answer.stream === flow.stream ? null : answer
}

/** The flow with what speaks against a dead server said; unchanged where nothing does. */
export function told(flow: FlowReport, answers: AnswersHeard): FlowReport {
  const answer = answeredElsewhere(flow, answers)
  if (answer === null) return flow
  const { verdict, server } = flow
  const remark = `${endText(server)} answered others meanwhile (flow ${answer.stream} at ${answer.time.toFixed(3)} s): it was there, and this connection got no answer`
  return {
    ...flow,
    verdict: { ...verdict, ...verdict.told?.ifThere, remarks: [remark, ...verdict.remarks] },
  }
}

/** Flows of one kind: those whose server was silent to all, and those that it answered beside; each told as what it is. */
export function apartFromContested(part: Part, answers: AnswersHeard): Part[] {
  const contested = new Set(part.flows.filter((flow) => answeredElsewhere(flow, answers) !== null))
  if (contested.size === 0) return [part]
  return divided(part, (flow) => contested.has(flow)).map((one) =>
    contested.has(one.flows[0])
      ? { ...one, contested: true, flows: one.flows.map((flow) => told(flow, answers)) }
      : one,
  )
}
