/** What would have had to be otherwise for a class whose signs are there, too, but that another class goes before. */
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Verdict } from '../result.js'

type Judged = Pick<Verdict, 'class' | 'variant' | 'evidence'>

/** Of each class that can go before another: what it would take for it not to. */
const UNLESS: Readonly<Record<Verdict['class'], (verdict: Judged, facts: FlowFacts) => string>> = {
  refused: () => 'the SYN had not been refused',
  'connect-timeout': () => 'a SYN had been answered',
  'keepalive-race': () => 'no request had met the close of an idle connection',
  'half-open-zombie': ({ variant }) => ZOMBIES[variant ?? ''] ?? 'the other end had still been there',
  'middlebox-reset': ({ evidence: [first] }, facts) =>
    `the RST${first === undefined ? '' : ` (frame ${facts.frameName(first.frame)})`} had been its named sender's own: its marks say that it was not`,
  shutdown: () =>
    'the server had not closed other idle connections in the same moment, after silences that no one timer explains',
  'idle-timeout': () => 'no timer explained the moment of the close',
  'client-abort': () => 'the client had waited for what it was owed',
  clean: () => 'something had been owed, or cut off',
  'server-abort': () => 'the server had sent what it owed',
  open: () => 'a side had closed',
  unclassified: () => 'more of it were in the capture',
}

const ZOMBIES: Readonly<Record<string, string>> = {
  vanished: 'the other end had answered what was repeated to it',
  forgotten: 'the RST had not come from a stack that knew no such connection, after a silence',
  'half-closed': 'the other end had closed its side, too',
  'not-reading': 'the receiver had opened its window again',
  'probed-dead': 'the keep-alive probes had been answered',
}

/** Why a class whose checks all hold is not the verdict. */
export function outrankedBy(verdict: Judged, facts: FlowFacts): string {
  return `its signs are there, too, but it would be the verdict only if ${UNLESS[verdict.class](verdict, facts)}`
}
