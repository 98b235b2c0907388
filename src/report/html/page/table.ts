import { COLUMNS, type Column } from './columns.js'
import { byId, element } from './dom.js'
import type { Model, SortKey } from './model.js'

/** Height of a row; the style sheet says the same. */
const ROW = 30
/** Rows drawn beyond the edges of what is seen. */
const SPARE = 12

/** The table of flows: only the rows in sight are in the document. */
export class FlowTable {
  private readonly scroller = byId('flow-rows')
  private readonly body = element('tbody')
  private readonly grid = element('table', {
    id: 'flow-grid',
    role: 'grid',
    class: 'flows',
    tabindex: '0',
    'aria-label': 'Flows: up and down choose, Enter opens',
  })
  private readonly heads = new Map<SortKey, HTMLTableCellElement>()

  constructor(private readonly model: Model) {
    const head = element('tr', { 'aria-rowindex': '1' })
    for (const column of COLUMNS) head.append(this.headCell(column))
    this.grid.append(element('thead', {}, head), this.body)
    this.scroller.replaceChildren(this.grid)
    this.scroller.addEventListener('scroll', () => this.draw(), { passive: true })
    this.grid.addEventListener('keydown', (event) => this.onKey(event))
    this.body.addEventListener('click', (event) => {
      const row = (event.target as Element).closest('tr')
      if (row?.dataset['flow'] !== undefined) model.show(Number(row.dataset['flow']))
    })
    model.onChange((change) => {
      if (change === 'flows') this.scroller.scrollTop = 0
      else this.reveal()
      this.draw()
    })
    addEventListener('resize', () => this.draw())
    this.draw()
  }

  /** Puts all rows into the document, for print; `most` bounds them. */
  drawAll(most: number): void {
    this.fill(0, Math.min(most, this.model.shown.length))
  }

  /** The rows in sight and a few around them. */
  draw(): void {
    const from = Math.max(0, Math.floor(this.scroller.scrollTop / ROW) - SPARE)
    // It is as high as its rows, up to a part of the window: before they are there, its own height says nothing.
    const to = Math.ceil((this.scroller.scrollTop + innerHeight) / ROW) + SPARE
    this.fill(from, Math.min(to, this.model.shown.length))
  }

  private fill(from: number, to: number): void {
    const { shown, sort } = this.model
    const rows = shown.slice(from, to).map((flow, index) => this.row(flow, from + index))
    this.body.replaceChildren(spacer(from), ...rows, spacer(shown.length - to))
    this.grid.setAttribute('aria-rowcount', String(shown.length + 1))
    for (const [key, cell] of this.heads)
      cell.setAttribute('aria-sort', key !== sort.key ? 'none' : sort.down ? 'descending' : 'ascending')
    const cursor = this.model.cursor
    const inSight = cursor !== null && shown.slice(from, to).includes(cursor)
    if (inSight) this.grid.setAttribute('aria-activedescendant', `row-${cursor}`)
    else this.grid.removeAttribute('aria-activedescendant')
  }

  private headCell(column: Column): HTMLTableCellElement {
    const cell = element('th', { scope: 'col', class: column.className })
    const { key } = column
    if (key === null) {
      cell.append(column.title)
      return cell
    }
    const sorter = element('button', { type: 'button' }, column.title)
    sorter.addEventListener('click', () => {
      const { sort } = this.model
      this.model.sort = { key, down: sort.key === key ? !sort.down : false }
      this.model.update()
    })
    cell.append(sorter)
    this.heads.set(key, cell)
    return cell
  }

  private row(flow: number, place: number): HTMLTableRowElement {
    const { model } = this
    const kind = model.kindOf(flow)
    const row = element('tr', {
      id: `row-${flow}`,
      'data-flow': String(flow),
      'aria-rowindex': String(place + 2),
      class: kind.severity,
    })
    row.setAttribute('aria-selected', String(flow === model.open))
    if (flow === model.cursor) row.classList.add('cursor')
    for (const column of COLUMNS) {
      const text = column.text(model, flow)
      const cell = element('td', { class: column.className })
      if (column.key === 'kind') cell.append(element('span', { class: `dot c-${kind.word}` }), text)
      else cell.append(text)
      if (column.className === 'w-why' || column.className === 'w-host') cell.title = text
      row.append(cell)
    }
    return row
  }

  /** Brings the cursor into sight. */
  private reveal(): void {
    const place = this.model.cursor === null ? -1 : this.model.shown.indexOf(this.model.cursor)
    if (place < 0) return
    const { scrollTop, clientHeight } = this.scroller
    if (place * ROW < scrollTop) this.scroller.scrollTop = place * ROW
    else if ((place + 2) * ROW > scrollTop + clientHeight)
      this.scroller.scrollTop = (place + 2) * ROW - clientHeight
  }

  private onKey(event: KeyboardEvent): void {
    // Keys of a focused heading are the heading's own.
    if (event.target !== this.grid) return
    const { shown, cursor } = this.model
    const place = cursor === null ? -1 : shown.indexOf(cursor)
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 2)
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    }
    const step = steps[event.key]
    if (step !== undefined) {
      const next = shown[Math.min(shown.length - 1, Math.max(0, place + step))]
      if (next !== undefined) this.model.moveTo(next)
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (cursor !== null) this.model.show(cursor)
    } else return
    event.preventDefault()
  }
}

/** Keeps the place of rows that are not in the document. */
function spacer(rows: number): HTMLTableRowElement {
  // One cell: with a cell for each column those that a narrow screen leaves out would take room.
  const row = element('tr', { class: 'spacer', 'aria-hidden': 'true' }, element('td'))
  row.style.height = `${rows * ROW}px`
  return row
}
