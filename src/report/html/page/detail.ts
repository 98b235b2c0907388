import { announce, button, byId, copyText, element } from './dom.js'
import type { Model } from './model.js'

/** The flow that is open, beside the table: sentence, ladder, proof, why nothing else, and how to check it. */
export class Detail {
  private readonly panel = byId('flow-detail')
  private from: HTMLElement | null = null

  constructor(private readonly model: Model) {
    model.onChange((change) => {
      if (change === 'open') this.draw()
    })
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.panel.contains(document.activeElement)) this.close()
    })
  }

  private close(): void {
    this.model.show(null)
    history.replaceState(null, '', '#flows')
    ;(this.from ?? byId('flow-grid')).focus()
  }

  private draw(): void {
    const { open } = this.model
    byId('flow-view').classList.toggle('with-detail', open !== null)
    this.panel.hidden = open === null
    if (open === null) return
    const stream = this.model.data.flows.stream[open] ?? 0
    const active = document.activeElement
    if (active instanceof HTMLElement && !this.panel.contains(active))
      this.from = active === document.body ? null : active
    history.replaceState(null, '', `#flow-${stream}`)
    const title = element('h3', { tabindex: '-1', id: 'flow-detail-title' }, `Flow ${stream}`)
    this.panel.replaceChildren(...this.content(open, stream, title))
    this.panel.scrollTop = 0
    title.focus({ preventScroll: true })
    const box = this.panel.getBoundingClientRect()
    if (box.top < 0 || box.top > innerHeight * 0.6) this.panel.scrollIntoView({ block: 'start' })
    announce(`flow ${stream} opened`)
  }

  private content(flow: number, stream: number, title: HTMLElement): HTMLElement[] {
    const { model } = this
    const kind = model.kindOf(flow)
    const detail = model.data.details[String(stream)]
    const head = element(
      'p',
      { class: 'head' },
      element('span', { class: `pill c-${kind.word} ${kind.severity}` }, kind.title),
      element('span', { class: 'quiet' }, detail?.aside ?? ''),
    )
    const closer = button('×', { class: 'close', 'aria-label': `Close flow ${stream}` }, () => this.close())
    const hosts = element('p', { class: 'hosts' }, `${model.clientOf(flow)} → ${model.serverOf(flow)}`)
    const sentence = element('p', { class: 'sentence' }, model.textOf(model.data.flows.summary[flow]))
    const parts = [closer, title, head, sentence, hosts, this.ladder(stream)]
    if (detail !== undefined) parts.push(...this.told(detail))
    parts.push(this.check(flow, stream))
    return parts
  }

  private ladder(stream: number): HTMLElement {
    const { ladders, textLadders } = this.model.data
    const lines = textLadders[String(stream)]
    if (lines !== undefined) return element('pre', { class: 'ladder', tabindex: '0' }, lines)
    const text = ladders[String(stream)]
    if (text === undefined) {
      const command = `pcap-why ${this.model.data.captures} --flow ${stream} --svg flow-${stream}.svg`
      return element(
        'p',
        { class: 'quiet' },
        'The ladder is not in this file; draw it with ',
        element('code', {}, command),
      )
    }
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement
    const figure = element('figure', {
      class: 'ladder',
      tabindex: '0',
      'aria-label': `Sequence diagram of flow ${stream}`,
    })
    if (svg.localName === 'svg') figure.append(document.importNode(svg, true))
    return figure
  }

  private told(detail: NonNullable<Model['data']['details'][string]>): HTMLElement[] {
    const parts: HTMLElement[] = []
    const heading = (text: string): HTMLElement => element('h4', {}, text)
    if (detail.evidence.length > 0) {
      const rows = detail.evidence.map(([frame, text]) =>
        element('tr', {}, element('th', { scope: 'row', class: 'n' }, `#${frame}`), element('td', {}, text)),
      )
      parts.push(
        heading('Evidence'),
        element('table', { class: 'plain evidence' }, element('tbody', {}, ...rows)),
      )
    }
    if (detail.fix.length > 0)
      parts.push(heading('Fix'), ...detail.fix.map((line) => element('p', {}, element('code', {}, line))))
    if (detail.remarks.length > 0) parts.push(heading('Also'), listOf(detail.remarks.map((line) => [line])))
    if (detail.links.length > 0) {
      const links = detail.links.map(([stream, words]): (Node | string)[] => [
        element('a', { href: `#flow-${stream}` }, `flow ${stream}`),
        ` ${words}`,
      ])
      parts.push(heading('Linked flows'), listOf(links))
    }
    parts.push(heading('Facts'), pairs(detail.facts))
    if (detail.notThis.length > 0) {
      const why = element(
        'details',
        { class: 'why-not' },
        element('summary', {}, `Why not something else (${detail.notThis.length})`),
        pairs(detail.notThis),
      )
      parts.push(why)
    }
    return parts
  }

  /** The display filter that shows this flow in Wireshark. */
  private check(flow: number, stream: number): HTMLElement {
    const filter = this.model.data.ownStreams ? `tcp.stream == ${stream}` : this.addressFilter(flow)
    const shown = element('code', {}, filter)
    const copy = button(
      'copy',
      { 'aria-label': 'Copy the Wireshark filter' },
      () => void copyText(filter, shown),
    )
    return element('p', { class: 'check' }, 'Check in Wireshark: ', shown, ' ', copy)
  }

  private addressFilter(flow: number): string {
    const { flows } = this.model.data
    const ends = [
      [this.model.textOf(flows.client[flow]), flows.clientPort[flow]],
      [this.model.textOf(flows.server[flow]), flows.serverPort[flow]],
    ] as const
    return ends
      .map(([host, port]) => {
        const ip = host.split(' ').at(-1) ?? ''
        return `${ip.includes(':') ? 'ipv6.addr' : 'ip.addr'} == ${ip} && tcp.port == ${port}`
      })
      .join(' && ')
  }
}

function listOf(items: readonly (readonly (Node | string)[])[]): HTMLElement {
  return element('ul', {}, ...items.map((item) => element('li', {}, ...item)))
}

function pairs(items: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    'dl',
    {},
    ...items.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  )
}
