import { announce, button, byId, element } from './dom.js'
import { RANK, type Model } from './model.js'

/** The filters above time line and table: classes as buttons, host, port and text as fields. */
export class Filters {
  private readonly chips: HTMLButtonElement[] = []
  private readonly count = byId('flow-count')

  constructor(private readonly model: Model) {
    const sizes = new Map<number, number>()
    for (const kind of model.data.flows.kind) sizes.set(kind, (sizes.get(kind) ?? 0) + 1)
    const order = model.data.kinds
      .map((kind, number) => ({ kind, number, size: sizes.get(number) ?? 0 }))
      .sort((a, b) => RANK[a.kind.severity] - RANK[b.kind.severity] || b.size - a.size)
    for (const { kind, number, size } of order) {
      const chip = button('', { class: 'chip', 'data-kind': String(number) }, () => this.toggle(number))
      chip.append(
        element('span', { class: `dot c-${kind.word} ${kind.severity}` }),
        `${kind.title} `,
        element('b', {}, String(size)),
      )
      this.chips.push(chip)
    }
    byId('filter-kinds').replaceChildren(...this.chips)
    for (const name of ['host', 'port', 'text'] as const) {
      const field = byId<HTMLInputElement>(`filter-${name}`)
      field.addEventListener('input', () => {
        model.filter[name] = field.value
        model.update()
      })
    }
    byId('filter-reset').addEventListener('click', () => this.reset())
    document.addEventListener('click', (event) => {
      const finding = (event.target as Element).closest<HTMLElement>('[data-finding]')?.dataset['finding']
      if (finding !== undefined) this.onlyFinding(Number(finding))
    })
    model.onChange((change) => {
      if (change === 'flows') this.draw()
    })
    this.draw()
  }

  /** Everything again. */
  reset(): void {
    const { filter } = this.model
    Object.assign(filter, { host: '', port: '', text: '', range: null, finding: null })
    filter.kinds.clear()
    for (const name of ['host', 'port', 'text']) byId<HTMLInputElement>(`filter-${name}`).value = ''
    this.model.update()
  }

  private onlyFinding(finding: number): void {
    this.reset()
    this.model.filter.finding = finding
    this.model.update()
    byId('flows').scrollIntoView()
    byId('flow-grid').focus({ preventScroll: true })
  }

  private toggle(kind: number): void {
    const { kinds } = this.model.filter
    if (!kinds.delete(kind)) kinds.add(kind)
    this.model.update()
  }

  private draw(): void {
    const { filter, shown, size } = this.model
    for (const chip of this.chips)
      chip.setAttribute('aria-pressed', String(filter.kinds.has(Number(chip.dataset['kind']))))
    const parts = [shown.length === size ? `${size} flows` : `${shown.length} of ${size} flows`]
    if (filter.finding !== null) parts.push('of one finding')
    if (filter.range !== null)
      parts.push(`between ${filter.range[0].toFixed(3)} s and ${filter.range[1].toFixed(3)} s`)
    this.count.textContent = parts.join(', ')
    byId('filter-reset').hidden = shown.length === size && filter.range === null && filter.kinds.size === 0
    announce(parts.join(', '))
  }
}
