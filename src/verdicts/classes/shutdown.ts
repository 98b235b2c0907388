import type { ShutdownFacts } from '../../facts/leg-facts.js'
import { policy } from '../policy.js'
import { closedByStop, stopText } from '../stopping-words.js'
import { endedBehind } from '../signs.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading, type Rule } from '../verdict-rule.js'
import { actor, closeWord, party, sentence, span } from '../wording.js'

/** A server closed several idle connections in one moment: restart or deploy. */
export const shutdown: Rule = {
  code: 'shutdown',
  title: 'shutdown',
  readings: (c) => [reading(c)],
}

const DRAIN = 'take the server out of the pool before it stops (drain), so that no request meets the close'
const LONG_LIVED =
  'long-lived connections outlive no restart for longer than the server waits for them (nginx: worker_shutdown_timeout, HAProxy: hard-stop-after): make that longer, or their clients connect again'

const MAY_BE_SWEEP =
  'a server that looks through its idle connections once a second closes those together that fell due meanwhile: that looks the same'

/** The silences differ by no more than the pause between two looks at all idle connections. */
function mayBeSweep(group: ShutdownFacts | null): boolean {
  return group !== null && group.unanswered !== true && group.silencesSpreadNs <= policy.sweepNs
}

function closedText(group: ShutdownFacts): string {
  return group.unanswered === true
    ? `the idle connection in the moment it closed ${closedByStop(group)}: ${stopText(group)}`
    : `${closedByStop(group)} within ${span(group.withinNs)} although their silences differed by ${span(group.silencesSpreadNs)}: ${stopText(group)}`
}

function reading(c: Case): Reading {
  const { facts, around } = c
  const { first } = facts.close
  const group = around.shutdown
  const behind = facts.standing.phase === 'tunnel' ? endedBehind(c) : null
  const { phase } = facts.standing
  return {
    variant: null,
    checks: [
      check(
        'the server closed first',
        first?.by === 'server',
        first === null ? 'no side closed' : 'the client closed first',
      ),
      check(
        'it was between requests, or a tunnel',
        phase === 'between-requests' || phase === 'tunnel',
        phase === null
          ? 'whether it was between requests cannot be read'
          : `it was not between requests but ${phase}`,
      ),
      check(
        'it closed others in the same moment, after different silences',
        group !== null,
        'no other connections of this server ended in the same moment after different silences',
      ),
      check(
        'no leg behind it had ended before',
        behind === null,
        `the server behind it had closed flow ${behind?.upstream.stream} before`,
      ),
    ],
    ruling: () => ({
      limits: [
        limit('likely', 'it rests on like flows: timers that end together by chance look the same'),
        limit('possible', MAY_BE_SWEEP, mayBeSweep(group)),
      ],
      phase,
      closer: 'server',
      timer: null,
      causeStream: null,
      summary: sentence(`${actor(c, 'server')} closed ${group === null ? '' : closedText(group)}`),
      evidence:
        first === null
          ? []
          : [
              {
                frame: first.frame,
                text: `${closeWord(facts)} by ${party(c, 'server')} after ${span(facts.silenceNs ?? 0)} of silence`,
              },
            ],
      fix: [phase === 'tunnel' ? LONG_LIVED : DRAIN],
      remarks: mayBeSweep(group) ? [MAY_BE_SWEEP] : [],
    }),
  }
}
