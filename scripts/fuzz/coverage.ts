/** Which inputs took a way through a function that no input had taken before: V8's own block coverage, asked after every run. */
import { Session } from 'node:inspector'

/** Only code of ours counts. */
const OURS = /\/(?:src|dist)\/(?!cli\/)/

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

interface Covered {
  readonly result: readonly {
    readonly scriptId: string
    readonly url: string
    readonly functions: readonly { readonly ranges: readonly Range[] }[]
  }[]
}

export class Coverage {
  private readonly session = new Session()
  private readonly seen = new Set<string>()

  constructor() {
    this.session.connect()
    this.session.post('Profiler.enable')
    this.session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true })
  }

  /** Ways through functions taken so far. */
  get ways(): number {
    return this.seen.size
  }

  /** How many new ways were taken since the last question. */
  fresh(): number {
    const before = this.seen.size
    this.session.post('Profiler.takePreciseCoverage', (error: Error | null, covered?: Covered) => {
      if (error !== null) throw error
      for (const { scriptId, url, functions } of covered?.result ?? []) {
        if (!OURS.test(url)) continue
        for (const { ranges } of functions) {
          // V8 lists the function and the blocks in it that were left out: together they say which way was taken through it.
          if ((ranges[0]?.count ?? 0) === 0) continue
          const left = ranges.filter(({ count }) => count === 0)
          const way = left.map(({ startOffset, endOffset }) => `${startOffset}-${endOffset}`).join()
          this.seen.add(`${scriptId}:${ranges[0]?.startOffset ?? 0}:${way}`)
        }
      }
    })
    return this.seen.size - before
  }
}
