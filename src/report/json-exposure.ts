/** Opportunities for failures as machine output, field by field in the order of the contract. */
import type { Durations, Exposure, LegExposure } from '../result.js'
import { jsonLine } from './json-line.js'

function durationsJson({ count, longest, longestStream, bins }: Durations): object {
  return { count, longest, longestStream, bins }
}

function legExposureJson(leg: LegExposure): object {
  const {
    client,
    server,
    clientSoftware,
    serverSoftware,
    connections,
    opened,
    unconnected,
    requests,
    reuses,
  } = leg
  const { idleCloses, closesAnswered } = leg
  return {
    client: { ip: client.ip, role: client.role },
    server: { ip: server.ip, port: server.port, role: server.role },
    ...{ clientSoftware, serverSoftware, connections, opened, unconnected, requests, reuses },
    reuseGaps: durationsJson(leg.reuseGaps),
    answered: durationsJson(leg.answered),
    unanswered: durationsJson(leg.unanswered),
    pending: durationsJson(leg.pending),
    responses: durationsJson(leg.responses),
    unfinished: durationsJson(leg.unfinished),
    pauses: durationsJson(leg.pauses),
    arrivals: durationsJson(leg.arrivals),
    tunnels: durationsJson(leg.tunnels),
    idleCloses: { client: durationsJson(idleCloses.client), server: durationsJson(idleCloses.server) },
    closesAnswered: { client: closesAnswered.client, server: closesAnswered.server },
    ages: durationsJson(leg.ages),
  }
}

/** The whole section as plain data. */
export function exposureJson({ seconds, legsOmitted, legs }: Exposure): object {
  return { seconds, legsOmitted, legs: legs.map(legExposureJson) }
}

/** The section as a member of a document, one leg a line. */
export function* exposureMember({ seconds, legsOmitted, legs }: Exposure): Generator<string> {
  yield `  "exposure": {"seconds":${jsonLine(seconds)},"legsOmitted":${jsonLine(legsOmitted)},"legs":[`
  for (let index = 0; index < legs.length; index++) {
    const leg = legs[index]
    if (leg !== undefined) yield `${index === 0 ? '' : ','}\n    ${jsonLine(legExposureJson(leg))}`
  }
  yield `${legs.length === 0 ? '' : '\n  '}]},\n`
}
