import type { SideFacts } from '../../facts/flow-facts.js'
import { neverAccepted } from '../../facts/arrivals.js'
import { otherSide } from '../../facts/flow-facts.js'
import type { Side } from '../../result.js'
import { policy, seconds } from '../policy.js'
import { check, type Case, type Reading, type Rule } from '../verdict-rule.js'
import { span } from '../wording.js'
import { notHalfClosed, notProbed, notRepeated } from './half-open-zombie-words.js'
import { probedDeadRuling, vanishedRuling } from './half-open-zombie-gone.js'
import { forgottenRuling, halfClosedRuling, notReadingRuling } from './half-open-zombie-ruling.js'
import { answersUnseen, established, nothingOwed, silenceBeforeTrigger } from './half-open-zombie-signs.js'

/** One side is gone or takes no part any more, while the other still holds the connection. */
export const halfOpenZombie: Rule = {
  code: 'half-open-zombie',
  title: 'half-open zombie',
  readings: (c) => [
    probedDead(c, 'server'),
    probedDead(c, 'client'),
    notReading(c, 'client'),
    notReading(c, 'server'),
    vanished(c, 'server'),
    vanished(c, 'client'),
    forgotten(c),
    halfClosed(c),
  ],
}

/** The same range, or FIN, sent again and again without any answer. `sender` still holds the connection. */
function vanished(c: Case, sender: Side): Reading {
  const side = c.facts.sides[sender]
  const peer = c.facts.sides[otherSide(sender)]
  const waiting = side.unanswered
  const repeats = waiting?.repeats ?? 0
  const insists =
    repeats >= policy.vanishedRepeats ||
    (repeats >= 1 && (waiting?.longestWaitNs ?? 0) >= policy.vanishedLongWaitNs)
  const silent = waiting === null ? 0 : c.facts.captureEndNs - waiting.since.ns
  const gone = otherSide(sender)
  return {
    variant: 'vanished',
    checks: [
      check('the connection was established', established(c), 'the handshake was not completed'),
      check('something was sent again and again without an answer', insists, notRepeated(c, sender)),
      check(
        `the ${gone} stayed silent for ${seconds(policy.vanishedSilenceNs)} s`,
        silent >= policy.vanishedSilenceNs,
        `the capture shows only ${span(silent)} of its silence`,
      ),
      check(
        `the ${gone} had not closed before`,
        peer.fin === null && peer.rst === null,
        `the ${gone} had closed`,
      ),
      check(
        `what the ${gone} answers would be in the capture`,
        !answersUnseen(c, sender),
        `the ${sender} acknowledged bytes of the ${gone} that the capture lacks: its answers may be missing too`,
      ),
      check(
        'its window was not shut',
        peer.zeroWindowSince === null,
        `the ${gone} had closed its window: it does not read, but it is there`,
      ),
    ],
    ruling: () => vanishedRuling(c, sender),
  }
}

/** After a silence the peer answers with the RST of a stack that knows no such connection. */
function forgotten(c: Case): Reading {
  const { facts } = c
  const { first } = facts.close
  const by = first?.by ?? 'server'
  const rst = facts.sides[by].rst
  const silence = silenceBeforeTrigger(c, by)
  return {
    variant: 'forgotten',
    checks: [
      check('the connection was established', established(c), 'the handshake was not completed'),
      check(
        'the first close is the RST of a stack that knows no such connection',
        first?.form === 'stateless',
        'no such RST came first',
      ),
      check(
        'it answers a segment of the other side',
        rst?.triggerFrame != null,
        'nothing the other side sent provoked it',
      ),
      check(
        'the server had taken the connection',
        !neverAccepted(facts),
        'the server repeated its SYN-ACK and acknowledged nothing of the client: it never had the connection whole',
      ),
      check(
        'a silence lay before',
        silence >= policy.forgottenSilenceNs,
        `only ${span(silence)} of silence lay before`,
      ),
    ],
    ruling: () => forgottenRuling(c, by, silence),
  }
}

/** One FIN, acknowledged, nothing owed, and the other end never follows: a socket in CLOSE_WAIT. */
function halfClosed(c: Case): Reading {
  const { facts, around } = c
  const { first, second } = facts.close
  const fin = first === null ? null : facts.sides[first.by].fin
  const other = first === null ? null : facts.sides[otherSide(first.by)]
  const held = first === null ? 0 : facts.captureEndNs - first.ns
  const lasted =
    held >= policy.halfClosedNs ||
    (around.likeHalfClosed >= policy.halfClosedFlows &&
      held >= (first?.by === 'server' ? policy.halfClosedPoolNs : policy.halfClosedLikeNs))
  const reset = first !== null && facts.sides[first.by].rst !== null
  const spoke =
    first !== null && other !== null && other.lastPayload !== null && other.lastPayload.ns > first.ns
  return {
    variant: 'half-closed',
    checks: [
      check('a side sent a FIN', first?.flag === 'FIN', first === null ? 'no side closed' : 'it was reset'),
      check('the FIN was acknowledged', fin?.acked != null, 'the FIN was not acknowledged'),
      check(
        'nothing but that FIN ended it: the other side neither closed nor sent anything after it',
        second === null && !spoke && !reset,
        notHalfClosed(c, spoke),
      ),
      check(
        'what the other side sent is all in the capture',
        other?.missingTo === null,
        'the other side had sent bytes, or its FIN, that the capture lacks',
      ),
      check('nothing was owed', nothingOwed(c), 'something was owed when it closed'),
      check(
        `that lasted ${seconds(policy.halfClosedNs)} s, or it happened to ${policy.halfClosedFlows} connections of that end`,
        lasted,
        `the capture shows ${span(held)} of it, ${around.likeHalfClosed} times at that end`,
      ),
    ],
    ruling: () => halfClosedRuling(c, held),
  }
}

/** A window that stays shut. `reader` has stopped reading. */
function notReading(c: Case, reader: Side): Reading {
  const { facts } = c
  const side = facts.sides[reader]
  const since = side.zeroWindowSince
  const held = since === null ? 0 : facts.captureEndNs - since.ns
  const sender: SideFacts = facts.sides[otherSide(reader)]
  return {
    variant: 'not-reading',
    checks: [
      check(
        `the ${reader} shut its receive window and never opened it again`,
        since !== null,
        `the ${reader}'s window was open`,
      ),
      check(
        `that lasted ${seconds(policy.notReadingNs)} s`,
        held >= policy.notReadingNs,
        `it lasted ${span(held)}`,
      ),
      check('the other side probed it', sender.probes.all > 0, 'no probe was sent'),
      check(
        'its host answers the probes',
        sender.probes.unanswered < policy.deadProbes,
        `${sender.probes.unanswered} probes went unanswered: its host is gone`,
      ),
      check(
        'no side closed',
        facts.close.first === null,
        `frame ${facts.frameName(facts.close.first?.frame)} closes it`,
      ),
    ],
    ruling: () => notReadingRuling(c, reader, held),
  }
}

/** TCP keep-alive probes that nobody answers. `prober` still holds the connection. */
function probedDead(c: Case, prober: Side): Reading {
  const { facts } = c
  const side = facts.sides[prober]
  const { first } = facts.close
  const reset = first?.by === prober && first.flag === 'RST' && first.form !== 'stateless'
  const least = reset ? policy.deadProbesBeforeReset : policy.deadProbes
  const peer = facts.sides[otherSide(prober)]
  return {
    variant: 'probed-dead',
    checks: [
      check(
        `keep-alive probes of the ${prober} went unanswered`,
        side.probes.unanswered >= least,
        notProbed(c, prober, established(c)),
      ),
      check(
        'the other side had not closed',
        peer.fin === null && peer.rst === null,
        'the other side had closed',
      ),
      check(
        "the other side's window was not shut, or it has left several probes unanswered",
        peer.zeroWindowSince === null || side.probes.unanswered >= policy.deadProbes,
        'its window was shut: these are window probes',
      ),
      check('only a reset by the prober ends it', first === null || reset, 'another close ended it'),
      check('both directions were captured', !facts.oneDirection, 'only one direction is in the capture'),
    ],
    ruling: () => probedDeadRuling(c, prober, reset),
  }
}
