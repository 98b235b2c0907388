/** The chain: its hosts, who closes first on which leg, the timers read off the closes, and whether their order is safe. */
import type { ChainHost, InferredTimer, LegOrder, OverviewFlow, Report } from '../../result.js'
import { count, counted, duration, setValue } from '../numbers.js'
import { htmlPolicy, showPolicy } from '../policy.js'
import { address, namedHost, phaseWords } from '../words.js'
import { markup, type Markup } from './markup.js'

/** The chain; null when neither hosts nor legs are known. */
export function chainSection(report: Report, flows: readonly OverviewFlow[]): Markup | null {
  const legs = report.legs ?? []
  const timers = report.timers ?? []
  const closes = closesByLeg(flows)
  if (report.chain.length < 2 && legs.length === 0 && timers.length === 0 && closes.length === 0) return null
  return markup`<section id="chain" aria-labelledby="chain-title">
<h2 id="chain-title">The chain</h2>
${report.chain.length > 1 && markup`<ol class="chain">${report.chain.map(hostItem)}</ol>`}
${closesTable(closes)}
${ordersTable(legs)}
${timersTable(timers)}
</section>`
}

function hostItem(host: ChainHost): Markup {
  const { role, software, ips, ports, hosts, basis } = host
  const shown = ips.slice(0, htmlPolicy.ipsOfHost).join(', ')
  const more =
    ips.length > htmlPolicy.ipsOfHost ? ` and ${count(ips.length - htmlPolicy.ipsOfHost)} more` : ''
  return markup`<li><b>${role}</b>${software !== null && software !== role && ` ${software}`}
<span class="mono">${shown}${more}${ports.length > 0 && ` :${ports.slice(0, htmlPolicy.portsOfHost).join(', :')}`}</span>
<span class="quiet">${hosts > 1 && `${counted(hosts, 'host')} · `}role: ${basis}</span></li>`
}

interface LegCloses {
  readonly name: string
  readonly flows: number
  readonly client: number
  readonly server: number
  readonly resets: number
  readonly open: number
}

/** Who closed first, per pair of host and service; clients without a role of their own count as one. */
function closesByLeg(flows: readonly OverviewFlow[]): LegCloses[] {
  const legs = new Map<string, { -readonly [K in keyof LegCloses]: LegCloses[K] }>()
  for (const { client, server, close } of flows) {
    const from = client.role === null || client.role === 'client' ? 'clients' : `${client.role} ${client.ip}`
    const name = `${from} → ${server.role === null ? '' : `${server.role} `}${address(server)}`
    const leg = legs.get(name) ?? { name, flows: 0, client: 0, server: 0, resets: 0, open: 0 }
    legs.set(name, leg)
    leg.flows++
    if (close === null) leg.open++
    else leg[close.by]++
    if (close?.flag === 'RST') leg.resets++
  }
  return [...legs.values()].sort((a, b) => b.flows - a.flows || (a.name < b.name ? -1 : 1))
}

function closesTable(legs: readonly LegCloses[]): Markup | null {
  if (legs.length === 0) return null
  const rows = legs.slice(0, htmlPolicy.rows).map((leg) => {
    return markup`<tr><th scope="row">${leg.name}</th><td class="n">${count(leg.flows)}</td><td class="n">${count(leg.client)}</td><td class="n">${count(leg.server)}</td><td class="n">${count(leg.resets)}</td><td class="n">${count(leg.open)}</td></tr>`
  })
  const left = legs.length - rows.length
  return markup`<div class="scroll"><table class="plain"><caption>Who closes first${left > 0 && ` (${counted(left, 'leg')} with fewer flows left out)`}</caption>
<thead><tr><th scope="col">leg</th><th scope="col" class="n">flows</th><th scope="col" class="n">client first</th><th scope="col" class="n">server first</th><th scope="col" class="n">of them by RST</th><th scope="col" class="n">no close seen</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}

/** `60 s`, `60 s, its default`, `not seen`. */
function idleSeconds(value: number | null, basis: LegOrder['clientBasis'] | LegOrder['serverBasis']): string {
  if (value === null) return 'not seen'
  const ground =
    basis === null || basis === 'seen' ? '' : basis === 'default' ? ', the default' : `, ${basis}`
  return `${setValue(value)}${ground}`
}

function ordersTable(legs: readonly LegOrder[]): Markup | null {
  if (legs.length === 0) return null
  const rows = legs.slice(0, htmlPolicy.rows).map((leg) => {
    return markup`<tr class="${leg.order}"><th scope="row">${namedHost(leg.client)} → ${namedHost(leg.server)}</th>
<td><span class="order ${leg.order}">${leg.order}</span></td><td class="n">${idleSeconds(leg.clientSeconds, leg.clientBasis)}</td><td class="n">${idleSeconds(leg.serverSeconds, leg.serverBasis)}</td>
<td class="n">${leg.longestReuseSeconds === null ? 'never reused' : duration(leg.longestReuseSeconds)}</td><td class="n">${count(leg.races)}</td>
<td>${leg.because}${leg.risk !== null && markup`<br>${leg.risk}`}${leg.fix.map((line) => markup`<br><code>${line}</code>`)}</td></tr>`
  })
  return markup`<div class="scroll"><table class="plain"><caption>Keep-alive timers: whoever reuses connections has to give up idle ones first${leftOut(legs, rows, 'leg')}</caption>
<thead><tr><th scope="col">leg</th><th scope="col">order</th><th scope="col" class="n">client gives up after</th><th scope="col" class="n">server gives up after</th><th scope="col" class="n">longest idle before reuse</th><th scope="col" class="n">races</th><th scope="col">why</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}

const BASIS: Readonly<Record<InferredTimer['basis'], string>> = {
  configured: 'as configured',
  declared: 'announced by the server',
  steady: '',
  single: 'one close only',
}

function closesOf(timer: InferredTimer): string {
  if (timer.of === 0) return 'none seen'
  return `${count(timer.closes)} of ${count(timer.of)}${timer.sampled ? ' sampled' : ''}`
}

function leftOut(all: readonly unknown[], rows: readonly unknown[], what: string): string {
  const left = all.length - rows.length
  return left > 0 ? ` (${counted(left, `more ${what}`)} in --json)` : ''
}

function timersTable(timers: readonly InferredTimer[]): Markup | null {
  if (timers.length === 0) return null
  const rows = timers.slice(0, htmlPolicy.rows).map((timer) => {
    const value = timer.kind === 'requests' ? counted(timer.value, 'request') : duration(timer.value)
    const closer = timer.by === 'client' ? timer.client : timer.server
    return markup`<tr><th scope="row">${namedHost(timer.client)} → ${namedHost(timer.server)}</th><td>${namedHost(closer)}</td>
<td class="n"><b>${value}</b></td><td>${timer.kind === 'silence' ? 'of silence' : timer.kind === 'age' ? 'of age' : ''} ${phaseWords(timer.phase)}</td><td class="n">${closesOf(timer)}</td>
<td>${timer.settings.slice(0, showPolicy.settings).map((setting, index) => markup`${index > 0 && ', '}<code>${setting}</code>`)}${timer.settings.length > showPolicy.settings && ` and ${timer.settings.length - showPolicy.settings} more`}${timer.basis !== 'steady' && markup` <span class="quiet">${BASIS[timer.basis]}</span>`}</td></tr>`
  })
  return markup`<div class="scroll"><table class="plain"><caption>Timers read off the closes${leftOut(timers, rows, 'timer')}</caption>
<thead><tr><th scope="col">leg</th><th scope="col">gives up</th><th scope="col" class="n">after</th><th scope="col">counted</th><th scope="col" class="n">closes</th><th scope="col">settings that fit</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}
