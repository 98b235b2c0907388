/** Among how many connections or requests of one capture a class of failure could have shown. */
import { counted } from '../report/numbers.js'
import type { LegExposure, Report, VerdictClass } from '../result.js'
import { openerOf } from './legs.js'

/** What a rule is about. */
export type Subject = VerdictClass | 'problems'

/** The opportunities of one capture. */
export interface Opportunities {
  /** Where most of them were: a request that passes through a chain has one on each leg, and is one all the same. */
  readonly count: number
  /** On all legs. */
  readonly inAll: number
  /** Those among them that were not over when the capture ended: they may still have failed. */
  readonly open: number
  readonly words: string
}

type Counted = (leg: LegExposure) => number

/** What a class is counted among, of one leg, and how many of those the capture did not show to their end. */
function trying(of: Subject): { readonly words: string; readonly all: Counted; readonly open: Counted } {
  switch (of) {
    case 'keepalive-race':
      return { words: 'requests on reused connections', all: (leg) => leg.reuses, open: () => 0 }
    case 'idle-timeout':
    case 'client-abort':
    case 'server-abort':
      return { words: 'requests', all: (leg) => leg.requests, open: (leg) => leg.pending.count }
    case 'refused':
    case 'connect-timeout':
      return { words: 'connections opened', all: (leg) => leg.opened, open: (leg) => leg.unconnected }
    default:
      return {
        words: 'connections',
        all: (leg) => leg.connections,
        open: (leg) => leg.pending.count + leg.unconnected,
      }
  }
}

/** Among how many a class could have shown. Those who open the legs of one host make one level of a chain. */
export function opportunities(report: Report, of: Subject): Opportunities {
  const { words, all, open } = trying(of)
  const levels = new Map<string, { all: number; open: number }>()
  for (const leg of report.exposure?.legs ?? []) {
    const opener = openerOf(leg)
    const level = levels.get(opener) ?? { all: 0, open: 0 }
    levels.set(opener, { all: level.all + all(leg), open: level.open + open(leg) })
  }
  const list = [...levels.values()]
  return {
    words,
    count: Math.max(0, ...list.map((level) => level.all)),
    inAll: list.reduce((sum, level) => sum + level.all, 0),
    open: Math.max(0, ...list.map((level) => level.open)),
  }
}

/** What is said of those that were not over. */
export function openText({ open }: Opportunities): string {
  return open === 0
    ? ''
    : ` (${counted(open, 'was', 'were')} still waiting when the capture ended, and ${open === 1 ? 'counts' : 'count'} as failed)`
}
