import type { ShutdownFacts } from '../facts/leg-facts.js'

/** What a program that stopped closed in that moment; `whose` goes with idle connections: ` of its own clients`. */
export function closedByStop({ flows, unanswered, told }: ShutdownFacts, whose = ''): string {
  if (told !== undefined) return `${flows} requests of its clients with ${told}`
  return unanswered === true
    ? `${flows} connections of its clients without an answer`
    : `${flows} idle connections${whose}`
}

/** What that says of it. */
export function stopText({ unanswered, told }: ShutdownFacts): string {
  if (told !== undefined) return 'it was stopping, or cut its connections to that server'
  return unanswered === true ? 'its process ended' : 'it was shutting down'
}
