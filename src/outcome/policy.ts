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

/** How flows become findings and findings become incidents, with unit and reason. */
export const findingPolicy = {
  /** Values of one timer lie closer together than this: lazy timers come up to 0.3 s early. Seconds. */
  sameTimerSeconds: 0.3,
  /** Values of timers that are told apart in one kind of flow while flows come in; beyond, they count with the first. */
  timersOfKind: 1000,
  /** A silence whose number the sentence tells lies this close to it; ages and gaps on the closer's clock do not. Seconds. */
  toldSeconds: 0.1,
  /** … and within their range, to the digits of that. Seconds. */
  rangeSeconds: 0.005,
  /** Silences and idle times within this of the middle one are the usual ones: what is set agrees to the millisecond. Seconds. */
  usualSilenceSeconds: 0.01,
  usualIdleSeconds: 0.001,
  /** Two numbers of seconds that somebody wrote are one if they differ by less; seconds. */
  sameSettingSeconds: 0.001,
  /** Failures of one address no further apart than this are one outage: a program that is restarted is back within seconds, a host's other connections are used again sooner. */
  outageApartSeconds: 5,
  /** Servers that stop no further apart than this are restarted one after another. */
  restartsApartSeconds: 60,
  /** Closes of one server further apart than this are two restarts of it, not one: those of one restart came within 50 ms. */
  restartBurstSeconds: 1,
  /** Closed ports of a host that one other host tries once each, for it to look like a scan: no program has so many addresses wrong. */
  scannedPorts: 5,
  /** A server that answers elsewhere so long after it fell silent on a connection is there: by then a lost packet would have been sent again twice. */
  stillSilentSeconds: 3,
  /** Answers of servers kept, one of each second and server: 18 hours of one server, about 10 MB. */
  answersKept: 65_536,
} as const

/** The value to suggest for a timer that cut waits short, with unit and reason. */
export const fixPolicy = {
  /**
   * A wait that was cut would have lasted longer than the timer; how much longer no packet shows. Twice the longest cut wait is room for
   * one that takes as long again, and it is above every wait in the capture.
   */
  room: 2,
  /** Suggested seconds above the first number are rounded up to a multiple of the second, so that they read as if somebody chose them. */
  steps: [
    [60, 10],
    [10, 5],
    [0, 1],
  ] satisfies readonly (readonly [above: number, step: number])[],
  /** … unless they exceed one by no more than this share of a step: a timer that fired a few milliseconds late is no reason for another. */
  stepSlack: 0.02,
  /** The longest silence counts instead of the timer if it is longer by more than the first (late timers are still the timer), and by less than the second (then it was another's). Seconds. */
  lateSeconds: 0.3,
  otherTimerSeconds: 1,
} as const

/** When copies of packets tell something of the way through the capturing host. */
export const pathPolicy = {
  /** Packets of a side that must all have been seen twice before one that was not means anything; a handshake and a request make as many. */
  provenBy: 3,
  /** Other connections to the same address whose packets were passed on, before a SYN that was not means anything. */
  passedConnections: 3,
} as const

/** How far a failed request is followed. */
export const chainViewPolicy = {
  /** Legs behind one another; longer chains are a loop, or a capture made to look like one. */
  depth: 8,
  /** Legs of one request, tries included. */
  legs: 16,
  /** Verdicts that point at one another, from a failed leg to its cause: no more than a chain has legs. */
  stepsToCause: 8,
  /** An answer may be captured this much before the close that led to it, at another place or interface; nanoseconds. */
  answeredBeforeNs: 50e6,
  /** Requests of the flow asked for that are told one by one. */
  carried: 3,
  /** Legs that a picture follows from the flow it is about. */
  legsLinked: 4,
} as const

/** What is kept to compare captures and to draw all flows. */
export const exposurePolicy = {
  /** Legs followed: a scan touches every port of a network, and each leg takes some kilobytes. */
  legs: 2000,
  /** Legs that a report lists, those with trouble and the busiest first. */
  legsListed: 200,
  /** Shorter durations are one bin: below a microsecond a capture's clock tells nothing. Nanoseconds. */
  shortestNs: 1000,
  /** Flows of the overview; each costs a few hundred bytes, and nobody can tell more rows apart. */
  flowsInOverview: 20_000,
} as const

/** What one line lists before it counts the rest. */
export const linePolicy = {
  /** Streams of a finding's cause or parts, and servers. */
  streams: 6,
  /** Ports in a title. */
  ports: 4,
  /** Interfaces in a remark on lost frames: those with the largest losses. */
  interfaces: 4,
  /** Characters of an interface's name, which may be as long as whoever wrote the file likes. */
  interfaceName: 40,
  /** Steps backwards of a capture's clock below this are frames written out of order, not worth a line; nanoseconds. */
  backwardNs: 1e6,
  /** Legs that a proxy closes no longer before another end with it (seen: 30–200 µs); nanoseconds. */
  withItNs: 5e6,
} as const
