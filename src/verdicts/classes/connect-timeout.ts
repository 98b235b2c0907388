import { endText } from '../../facts/end-text.js'
import { fixText } from '../../knowledge/fix-text.js'
import { policy, seconds } from '../policy.js'
import { downstreamOf } from '../signs.js'
import { limit } from '../sureness.js'
import { timerOf } from '../timer-match.js'
import { check, type Case, type Reading, type Rule } from '../verdict-rule.js'
import { actor, sentence, span } from '../wording.js'

/** SYNs that nobody answered. */
export const connectTimeout: Rule = {
  code: 'connect-timeout',
  title: 'connect timeout',
  readings: (c) => [reading(c), answeredTooLate(c)],
}

function reading(c: Case): Reading {
  const { facts } = c
  const { syn, synAck, sides } = facts
  const waited = syn === null ? 0 : facts.captureEndNs - syn.ns
  const silent = sides.server.segments === 0
  return {
    variant: null,
    checks: [
      check('the capture shows the SYN', syn !== null, 'no SYN is in the capture'),
      check('no SYN-ACK came', synAck === null, `frame ${facts.frameName(synAck?.frame)} is a SYN-ACK`),
      check(
        'the server sent nothing at all',
        silent,
        `the server answered (frame ${facts.frameName(sides.server.lastSegment?.frame)})`,
      ),
      check(
        'the client sent nothing but SYNs',
        sides.client.segments <= 1 + (syn?.repeats ?? 0),
        'it went on as if it had got an answer: the capture lacks that',
      ),
      check(
        'the SYN was sent again',
        (syn?.repeats ?? 0) > 0,
        'the SYN was sent only once: its sender did not insist',
      ),
      check(
        `the capture goes on for ${seconds(policy.connectGraceNs)} s after the SYN`,
        waited >= policy.connectGraceNs,
        `the capture ends ${span(waited)} after the SYN`,
      ),
    ],
    ruling: () => ruling(c),
  }
}

/** The server's answer met a client that had given up: its host knows of no such connection any more. */
function answeredTooLate(c: Case): Reading {
  const { syn, synAck, close, sides } = c.facts
  const took = syn === null || synAck === null ? 0 : synAck.ns - syn.ns
  const sent = (syn?.repeats ?? 0) + 1
  return {
    variant: null,
    checks: [
      check('the capture shows the SYN', syn !== null, 'no SYN is in the capture'),
      check('a SYN-ACK came', synAck !== null, 'no SYN-ACK came'),
      check(
        'the SYN had been sent again, and waited for a second or more',
        sent > 1 && took >= policy.promptCloseNs,
        'the SYN was answered without delay',
      ),
      check(
        'the client answered it with the RST of a host that knows no such connection, and sent nothing else',
        close.first?.by === 'client' &&
          close.first.form === 'stateless' &&
          sides.client.segments <= sent + (sides.client.rst?.count ?? 0),
        'the client took the connection',
      ),
    ],
    ruling: () => ({
      limits: [limit('likely', 'a scanner that sends its SYN again looks the same')],
      phase: 'connecting',
      closer: 'client',
      timer: null,
      causeStream: null,
      summary: sentence(
        `${endText(c.facts.server)} answered the first of ${sent} SYNs only after ${span(took)}, when ${actor(c, 'client')} had given up`,
      ),
      evidence: [
        { frame: syn?.frame ?? 0, text: `first of ${sent} SYNs` },
        { frame: synAck?.frame ?? 0, text: `SYN-ACK, ${span(took)} later` },
        { frame: close.first?.frame ?? 0, text: 'RST (stateless) by the client: it waits no longer' },
      ],
      fix: [
        `find out what held ${endText(c.facts.server)} or the way to it up (full accept queue, loss, a firewall)`,
      ],
      remarks: [],
    }),
  }
}

function ruling(c: Case): ReturnType<Reading['ruling']> {
  const { facts } = c
  const syn = facts.syn
  const link = downstreamOf(c)
  const answer = link?.downstreamExchange.responseStart ?? null
  const next = link === null ? null : c.around.retryOf(link)
  const endNs = next?.upstream.startNs ?? answer?.timeNs ?? null
  // Who sends another SYN has not given up: what came before that is no end of this try.
  const gaveUpNs = endNs === null || syn === null || endNs < syn.lastNs ? null : endNs - syn.ns
  const { timer, best } = timerOf(c, 'client', 'connecting', gaveUpNs, 'SILENCE')
  const sent = (syn?.repeats ?? 0) + 1
  const span1 = syn === null ? 0 : syn.lastNs - syn.ns
  const then =
    next === null
      ? `answered ${link?.downstreamExchange.status ?? 'its client'}`
      : `tried again (flow ${next.upstream.stream})`
  const consequence =
    gaveUpNs === null ? '' : `; ${actor(c, 'client')} gave up after ${span(gaveUpNs)} and ${then}`
  const where = endText(facts.server)
  const summary = sentence(`${where} answered none of ${sent} SYNs in ${span(span1)}${consequence}`)
  const ofTimer = best === null || gaveUpNs === null ? [] : [fixText(best)]
  const evidence = [
    { frame: syn?.frame ?? 0, text: `first of ${sent} SYNs within ${span(span1)}, none answered` },
  ]
  if (answer !== null && next === null && gaveUpNs !== null)
    evidence.push({
      frame: answer.frame,
      text: `${link?.downstreamExchange.status} to the client of flow ${link?.downstream.stream}, ${span(gaveUpNs)} after the first SYN`,
    })
  return {
    limits: [
      limit('likely', 'no connection in the capture shows both its directions', !c.around.bothWays),
      limit(
        'likely',
        'the answer to the latest SYN may still have been on its way',
        syn === null || facts.captureEndNs - syn.lastNs < policy.connectGraceNs,
      ),
    ],
    phase: 'connecting',
    closer: 'none',
    timer: gaveUpNs === null ? null : timer,
    causeStream: null,
    summary,
    evidence,
    fix: [
      `find out what drops packets to ${where} (host down, firewall, routing, full accept queue)`,
      ...ofTimer,
    ],
    remarks:
      gaveUpNs === null
        ? ['giving up a connect leaves no packet: when the sender stopped waiting is not in the capture']
        : [],
    told: {
      ifThere: {
        summary,
        fix: [
          `find out what drops some of the SYNs to ${where}: a full accept queue, a filter or rate limit, one of several paths or hosts behind that address`,
          ...ofTimer,
        ],
      },
    },
  }
}
