import type { PageData } from '../page-data.js'
import { Detail } from './detail.js'
import { byId } from './dom.js'
import { Filters } from './filters.js'
import { Model } from './model.js'
import { FlowTable } from './table.js'
import { Timeline } from './timeline.js'

/** A print of all flows would be a book. */
const PRINTED_ROWS = 200

/** Cells say the name of their column: on a narrow screen each stands in a line of its own. */
function nameCells(table: HTMLTableElement): void {
  const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent ?? '')
  if (names.length === 0) return
  for (const row of table.tBodies[0]?.rows ?? [])
    for (const [index, cell] of [...row.cells].entries()) cell.dataset['name'] = names[index] ?? ''
  table.classList.add('named')
}

/** Puts the parts of the page together. */
function main(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table.plain')) nameCells(table)
  const model = new Model(JSON.parse(byId('data').textContent ?? '') as PageData)
  // Whoever opens the page has a problem: those flows first.
  model.sort = { key: 'kind', down: false }
  model.update()
  const table = new FlowTable(model)
  new Timeline(model)
  new Filters(model)
  new Detail(model)
  const followLink = (): void => {
    const [, stream] = /^#flow-(\d+)$/.exec(location.hash) ?? []
    const flow = stream === undefined ? null : model.flowOfStream(Number(stream))
    if (flow !== null) model.show(flow)
  }
  addEventListener('hashchange', followLink)
  addEventListener('beforeprint', () => {
    const isCut = model.shown.length > PRINTED_ROWS
    byId('flow-print').textContent = isCut ? `The first ${PRINTED_ROWS} rows are printed.` : ''
    table.drawAll(PRINTED_ROWS)
  })
  addEventListener('afterprint', () => table.draw())
  followLink()
}

main()
