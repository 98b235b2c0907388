/** What a report counts but does not list, because there is too much of it. */
import type { Report } from '../result.js'
import { counted } from './numbers.js'

/** One sentence for each kind of thing; none when everything is listed. */
export function notListedLines({ summary }: Report): string[] {
  const { notListed = 0, requestsNotListed = 0 } = summary
  return [
    ...(notListed > 0
      ? [
          `… and ${counted(notListed, 'more connection')} like those: counted in the findings, too many to be listed`,
        ]
      : []),
    ...(requestsNotListed > 0
      ? [`… and ${counted(requestsNotListed, 'more failed request')}: counted, too many to be told`]
      : []),
  ]
}
