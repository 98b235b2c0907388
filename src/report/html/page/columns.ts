import { bytes, seconds } from './dom.js'
import type { Model, SortKey } from './model.js'

/** A column of the table; without a key it can't be sorted by. */
export interface Column {
  readonly key: SortKey | null
  readonly title: string
  readonly className: string
  readonly text: (model: Model, flow: number) => string
}

/** What is looked for first stands first: an open flow takes half of the width. */
export const COLUMNS: readonly Column[] = [
  {
    key: 'stream',
    title: 'flow',
    className: 'n w-flow',
    text: ({ data }, f) => String(data.flows.stream[f]),
  },
  { key: 'kind', title: 'verdict', className: 'w-kind', text: (model, f) => model.kindOf(f).title },
  { key: 'client', title: 'client', className: 'w-host', text: (model, f) => model.clientOf(f) },
  { key: 'server', title: 'server', className: 'w-host', text: (model, f) => model.serverOf(f) },
  { key: 'closer', title: 'first close', className: 'w-close', text: (model, f) => model.closerOf(f) },
  {
    key: 'silence',
    title: 'silence',
    className: 'n w-length',
    text: ({ data }, f) => span(data.flows.silence[f]),
  },
  {
    key: 'length',
    title: 'length',
    className: 'n w-length',
    text: ({ data }, f) => span((data.flows.end[f] ?? 0) - (data.flows.start[f] ?? 0)),
  },
  {
    key: 'start',
    title: 'start',
    className: 'n w-start',
    text: ({ data }, f) => `${(data.flows.start[f] ?? 0).toFixed(3)} s`,
  },
  {
    key: 'bytes',
    title: 'payload',
    className: 'n w-bytes',
    text: ({ data }, f) => bytes(data.flows.bytes[f] ?? 0),
  },
  {
    key: null,
    title: 'why',
    className: 'w-why',
    text: (model, f) => model.textOf(model.data.flows.summary[f]),
  },
]

function span(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : seconds(value)
}
