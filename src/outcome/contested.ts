/** Connections that got no answer from a server that answered others meanwhile: then it is not the server that is gone. */
import { endText } from '../facts/end-text.js'
import type { FlowReport } from '../result.js'
import type { Answer, AnswersHeard } from './answers.js'
import { divided, type Part } from './finding-part.js'
import { findingPolicy } from './policy.js'

/** What the server of an unanswered connection said elsewhere while it owed an answer there; null: nothing was seen, or it is no such connection. */
function answeredElsewhere(flow: FlowReport, answers: AnswersHeard): Answer | null {
  const from = silentFrom(flow)
  if (from === null) return null
  // The end of the flow is the last copy that nobody answered: a host that came back later had been gone.
  const answer = answers.within(
    flow.server.ip,
    flow.server.port,
    from + findingPolicy.stillSilentSeconds,
    flow.end,
  )
  return answer === null || answer.stream === flow.stream ? null : answer
}

/** Since when its server has been silent; null: it is not said to be, or the moment is not known. */
function silentFrom({ verdict, close, start, ladder }: FlowReport): number | null {
  if (verdict.class === 'connect-timeout') return start
  if (verdict.variant !== 'vanished' || verdict.gone !== 'server') return null
  const since = verdict.evidence.find(({ text }) => text.startsWith('first segment that nothing answers'))
  if (since === undefined) return null
  const places = [close.first, close.lastData, ...ladder]
  return places.find((place) => place?.frame === since.frame && place.capture === since.capture)?.time ?? null
}

/** The flow with what speaks against a dead server said; unchanged where nothing does. */
export function told(flow: FlowReport, answers: AnswersHeard): FlowReport {
  const answer = answeredElsewhere(flow, answers)
  if (answer === null) return flow
  const { verdict, server } = flow
  const where = endText(server)
  const remark = `${where} answered others meanwhile (flow ${answer.stream} at ${answer.time.toFixed(3)} s): it was there, and this connection got no answer`
  return {
    ...flow,
    verdict: {
      ...verdict,
      summary: verdict.summary.replace(
        /^(.{1,200}?) vanished: /,
        '$1 no longer answered on this connection: ',
      ),
      fix: fixOf(flow, where),
      remarks: [remark, ...verdict.remarks],
    },
  }
}

function fixOf({ verdict }: FlowReport, where: string): readonly string[] {
  const find =
    verdict.class === 'connect-timeout'
      ? `find out what drops some of the SYNs to ${where}: a full accept queue, a filter or rate limit, one of several paths or hosts behind that address`
      : `find out what drops the packets of single connections to ${where}: a firewall or NAT that forgot them, one of several paths or hosts behind that address`
  return [find, ...verdict.fix.filter((line) => !line.startsWith('find out what drops'))]
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
