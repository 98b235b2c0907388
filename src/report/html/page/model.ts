import type { PageData, PageKind } from '../page-data.js'

/** Severities from worst to best. */
export const RANK = { problem: 0, latent: 1, ok: 2 } as const

/** A column of the table by which it can be sorted. */
export type SortKey =
  'stream' | 'start' | 'length' | 'client' | 'server' | 'kind' | 'closer' | 'silence' | 'bytes'

/** What the reader wants to see. */
export interface Filter {
  /** Numbers of kinds; empty: all. */
  kinds: Set<number>
  host: string
  port: string
  text: string
  /** Seconds: only flows that live in this time. */
  range: readonly [from: number, to: number] | null
  /** Number of a finding. */
  finding: number | null
}

/** What has changed, for those who show it. */
export type Change = 'flows' | 'cursor' | 'open'

/** The flows, what is filtered and sorted, and which one is open. Flows are indexes into the columns. */
export class Model {
  readonly filter: Filter = { kinds: new Set(), host: '', port: '', text: '', range: null, finding: null }
  sort: { key: SortKey; down: boolean } = { key: 'stream', down: false }
  /** In the order of the table. */
  shown: readonly number[] = []
  /** The same by start. */
  byStart: readonly number[] = []
  /** Flow under the cursor, and the one that is open. */
  cursor: number | null = null
  open: number | null = null
  private readonly listeners: ((change: Change) => void)[] = []
  private readonly haystacks: string[] = []

  constructor(readonly data: PageData) {
    this.update()
  }

  get size(): number {
    return this.data.flows.stream.length
  }

  kindOf(flow: number): PageKind {
    return this.data.kinds[this.data.flows.kind[flow] as number] as PageKind
  }

  textOf(number: number | undefined): string {
    return this.data.texts[number ?? -1] ?? ''
  }

  /** `client 10.0.0.1:50000`, `[fd00::1]:50000`. */
  clientOf(flow: number): string {
    return this.endOf(this.data.flows.client[flow], this.data.flows.clientPort[flow])
  }

  serverOf(flow: number): string {
    return this.endOf(this.data.flows.server[flow], this.data.flows.serverPort[flow])
  }

  private endOf(host: number | undefined, port: number | undefined): string {
    return `${this.textOf(host).replace(/\S*:\S*$/, '[$&]')}:${port ?? ''}`
  }

  /** `client FIN`; `none` when no close was seen. */
  closerOf(flow: number): string {
    return (
      ['none', 'client FIN', 'client RST', 'server FIN', 'server RST'][this.data.flows.closer[flow] ?? 0] ??
      ''
    )
  }

  /** The flow of a stream number; null when the page does not hold it. */
  flowOfStream(stream: number): number | null {
    const flow = this.data.flows.stream.indexOf(stream)
    return flow < 0 ? null : flow
  }

  onChange(listener: (change: Change) => void): void {
    this.listeners.push(listener)
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change)
  }

  /** Filters and sorts again. */
  update(): void {
    const { flows } = this.data
    const passing = this.passing()
    const shown = Array.from({ length: this.size }, (_, flow) => flow).filter(passing)
    const start = (flow: number): number => flows.start[flow] ?? 0
    this.byStart = [...shown].sort((a, b) => start(a) - start(b) || a - b)
    const sign = this.sort.down ? -1 : 1
    const key = this.keyOf()
    this.shown = shown.sort((a, b) => {
      const [x, y] = [key(a), key(b)]
      // What was not seen stands last, whichever way the rest is sorted.
      if (x === null || y === null) return Number(x === null) - Number(y === null) || a - b
      const order = typeof x === 'number' ? x - (y as number) : x < y ? -1 : x > y ? 1 : 0
      return sign * order || a - b
    })
    this.tell('flows')
  }

  moveTo(flow: number | null): void {
    this.cursor = flow
    this.tell('cursor')
  }

  show(flow: number | null): void {
    this.open = flow
    if (flow !== null) this.cursor = flow
    this.tell('open')
  }

  private passing(): (flow: number) => boolean {
    const { kinds, range, finding } = this.filter
    const { flows } = this.data
    const streams = finding === null ? null : new Set(this.data.findings[finding])
    const host = this.filter.host.trim().toLowerCase()
    const port = this.filter.port.trim()
    const words = this.filter.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    return (flow) => {
      if (kinds.size > 0 && !kinds.has(flows.kind[flow] as number)) return false
      if (streams !== null && !streams.has(flows.stream[flow] as number)) return false
      if (
        range !== null &&
        ((flows.end[flow] as number) < range[0] || (flows.start[flow] as number) > range[1])
      )
        return false
      if (port !== '' && String(flows.clientPort[flow]) !== port && String(flows.serverPort[flow]) !== port)
        return false
      if (
        host !== '' &&
        !`${this.textOf(flows.client[flow])} ${this.textOf(flows.server[flow])}`.toLowerCase().includes(host)
      )
        return false
      return words.length === 0 || words.every((word) => this.haystack(flow).includes(word))
    }
  }

  /** Everything of a row that text can be looked for in; made when first asked for. */
  private haystack(flow: number): string {
    this.haystacks[flow] ??= [
      `flow ${this.data.flows.stream[flow] ?? ''}`,
      this.kindOf(flow).title,
      this.kindOf(flow).word,
      this.clientOf(flow),
      this.serverOf(flow),
      this.closerOf(flow),
      this.textOf(this.data.flows.summary[flow]),
    ]
      .join(' ')
      .toLowerCase()
    return this.haystacks[flow]
  }

  private keyOf(): (flow: number) => number | string | null {
    const { flows } = this.data
    switch (this.sort.key) {
      case 'length':
        return (flow) => (flows.end[flow] as number) - (flows.start[flow] as number)
      case 'client':
        return (flow) => this.clientOf(flow)
      case 'server':
        return (flow) => this.serverOf(flow)
      case 'kind':
        return (flow) => `${RANK[this.kindOf(flow).severity]} ${this.kindOf(flow).title}`
      case 'closer':
        return (flow) => this.closerOf(flow)
      default: {
        const column = flows[this.sort.key]
        return (flow) => column[flow] ?? null
      }
    }
  }
}
