/** How much of a run the report lists, with unit and reason. What is beyond is counted and said, never dropped in silence. */
export type ListingLimits = Readonly<
  Record<
    | 'flowsOfFinding'
    | 'flowsInAll'
    | 'otherFlowsInAll'
    | 'linkedInAll'
    | 'requestsInAll'
    | 'numbersOfFinding'
    | 'clientsOfFinding',
    number
  >
>

/** Limits of an ordinary run. */
export const listingPolicy: ListingLimits = {
  /** Flows listed of one finding: nobody reads more, and each takes some 10 KB with its ladder. */
  flowsOfFinding: 500,
  /** Flows listed of all findings together. */
  flowsInAll: 10_000,
  /** Flows listed in all, when clean ones are asked for, too. */
  otherFlowsInAll: 100_000,
  /** Flows reported because they are linked to a listed one. */
  linkedInAll: 10_000,
  /** Failed requests told through all their legs: about 2 KB each. */
  requestsInAll: 10_000,
  /** Flows of findings whose numbers are kept for the distribution; of more, every second, fourth … is kept. */
  numbersOfFinding: 65_536,
  /** Client addresses of one finding that are told apart. */
  clientsOfFinding: 65_536,
}

/** The same for runs that hand flows on and may go on for days: what was handed on need not be listed. */
export const streamPolicy: ListingLimits = {
  ...listingPolicy,
  /** Flows kept of one finding, without their ladders, to choose its example among. */
  flowsOfFinding: 50,
  flowsInAll: 2000,
  requestsInAll: 500,
  numbersOfFinding: 4096,
}

/** Packets of a side that must all have been seen twice before one that was not means anything; a handshake and a request make as many. */
export const PATH_PROVEN_BY = 3

/** Other connections to the same address whose packets were passed on, before a SYN that was not means anything. */
export const PASSED_CONNECTIONS = 3

/** Failures of one address no further apart than this are one outage: a program that is restarted is back within seconds, a host's other connections are used again sooner. */
export const OUTAGE_APART_SECONDS = 5

/** Servers that stop no further apart than this are restarted one after another. */
export const RESTARTS_APART_SECONDS = 60

/** A server that answers elsewhere so long after it fell silent on a connection is there: by then a lost packet would have been sent again twice. */
export const STILL_SILENT_SECONDS = 3

/** Answers of servers kept, one of each second and server: 18 hours of one server, about 10 MB. */
export const ANSWERS_KEPT = 65_536

/** Closes of one server further apart than this are two restarts of it, not one: those of one restart came within 50 ms. */
export const RESTART_BURST_SECONDS = 1

/** Closed ports of a host that one other host tries once each, for it to look like a scan: no program has so many addresses wrong. */
export const SCANNED_PORTS = 5
