/** What speaks against a connection that one end still holds, of each kind. */
import { otherSide } from '../../facts/flow-facts.js'
import type { Side } from '../../result.js'
import type { Case } from '../verdict-rule.js'
import { actor, requestName, requestWords } from '../wording.js'

/** What the RST of the side `by`, which knows no such connection, answers. */
export function triggerName(c: Case, by: Side): string {
  const { conversation, sides } = c.facts
  const trigger = sides[by].rst?.triggerFrame ?? 0
  const { probes, payloadBeforeClose, payloadCoveredNs } = sides[otherSide(by)]
  // Nothing that it had sent could be sent again any more.
  const acknowledged = payloadBeforeClose === null || payloadCoveredNs !== null
  if (probes.all > 0 && acknowledged && payloadBeforeClose?.frame !== trigger) return 'a TCP keep-alive probe'
  if (by === 'client') return `what ${actor(c, 'server')} sent`
  // Of several requests without an answer it need not be the first that met the RST.
  const met = conversation?.exchanges.findLast(
    ({ requestStart }) => requestStart !== null && requestStart.frame <= trigger,
  )
  return met === undefined ? requestName(c.facts) : requestWords(met, 'the request')
}

/** What ended a connection besides the FIN of one side. */
export function notHalfClosed({ facts }: Case, spoke: boolean): string {
  const { first, second } = facts.close
  if (first === null) return 'no side closed'
  if (second !== null)
    return `both sides closed it (frames ${facts.frameName(first.frame)} and ${facts.frameName(second.frame)}): no end was left holding it`
  if (spoke) return `the other side went on sending after the FIN (frame ${facts.frameName(first.frame)})`
  return `the ${first.by} reset it after its FIN (frame ${facts.frameName(facts.sides[first.by].rst?.frame ?? first.frame)})`
}

/** Why `sender` is none that waits in vain. */
export function notRepeated({ facts }: Case, sender: Side): string {
  const gone = otherSide(sender)
  const repeats = facts.sides[sender].unanswered?.repeats ?? 0
  if (repeats > 0) return `only ${repeats} ${repeats === 1 ? 'copy' : 'copies'} went unanswered`
  return (facts.sides[gone].unanswered?.repeats ?? 0) === 0
    ? 'neither side repeated anything without an answer'
    : `nothing was repeated to the ${gone} without an answer`
}

/** Why no probes show the other end of `prober` dead. */
export function notProbed({ facts }: Case, prober: Side, established: boolean): string {
  const { probes } = facts.sides[prober]
  if (facts.syn !== null && !established)
    return 'the connection was never established: no end can have held it'
  return probes.all === 0
    ? `the ${prober} sent no keep-alive probe`
    : `${probes.unanswered} probes went unanswered`
}
