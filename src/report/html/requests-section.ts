/** Failed requests, each followed through the chain: a row per leg, a bar from the request to its answer or its end. */
import type { FailedRequest, FramePlace, LegMoment, Report, RequestLeg } from '../../result.js'
import { frameName } from '../frame-names.js'
import { counted, duration, moment } from '../numbers.js'
import { htmlPolicy } from '../policy.js'
import { address } from '../words.js'
import { markup, type Markup } from './markup.js'

/** Width of the bars' common axis in units of their picture. */
const WIDTH = 400

/** Null when no failed request was followed. */
export function requestsSection(report: Report): Markup | null {
  const requests = report.requests ?? []
  if (requests.length === 0) return null
  const left = requests.length - htmlPolicy.requests
  return markup`<section id="requests" aria-labelledby="requests-title">
<h2 id="requests-title">Failed requests <span class="quiet">${requests.length}</span></h2>
<p class="quiet">The bar of a leg is hollow while it waits; a dot is the beginning of the answer, a stroke the end of the connection.</p>
${requests.slice(0, htmlPolicy.requests).map((request, index) => requestItem(report, request, index < 3))}
${left > 0 && markup`<p class="nothing">${counted(left, 'more failed request')} not listed here; --json holds them all.</p>`}
</section>`
}

function requestItem(report: Report, request: FailedRequest, open: boolean): Markup {
  const { legs } = request
  const span = Math.max(0.001, ...legs.flatMap((leg) => timesOf(leg)))
  return markup`<details class="request"${open && markup` open`}><summary>
<span class="status${request.status !== null && request.status < 400 && ' fine'}">${request.status ?? 'no status'}</span>
<code>${request.request ?? 'a request that was not readable'}</code> <span class="quiet">at ${moment(request.time)}</span></summary>
<p>${request.sentence}</p>
<div class="scroll"><table class="plain legs"><thead><tr><th scope="col">leg</th><th scope="col">request</th><th scope="col">answer</th><th scope="col">end</th><th scope="col">${duration(span)} from left to right</th><th scope="col">what happened</th></tr></thead>
<tbody>${legs.map((leg) => legRow(report, leg, span))}</tbody></table></div></details>`
}

function timesOf(leg: RequestLeg): number[] {
  return [leg.opened, leg.request, leg.answer, endOf(leg)].flatMap((event) =>
    event === null ? [] : [event.after],
  )
}

/** What ended the request on this leg: its stream was reset, or the connection closed. */
function endOf({ close, reset = null }: RequestLeg): RequestEnd | null {
  return reset === null ? close : { ...reset, flag: 'RST_STREAM' }
}

interface RequestEnd extends LegMoment {
  readonly by: 'client' | 'server'
  readonly flag: 'FIN' | 'RST' | 'RST_STREAM'
}

function legRow(report: Report, leg: RequestLeg, span: number): Markup {
  const { client, server, request, answer } = leg
  const close = endOf(leg)
  const name = `${client.role ?? address(client)} → ${server.role ?? address(server)}`
  const sign = (place: FramePlace): string => `#${frameName(report, leg.capture, place)}`
  const at = (event: LegMoment | null): Markup =>
    event === null
      ? markup`<td class="quiet">none seen</td>`
      : markup`<td>+${duration(event.after)} <span class="quiet">${sign(event)}</span></td>`
  const status = answer?.status ?? null
  return markup`<tr class="${leg.part}"><th scope="row"><a href="#flow-${leg.stream}">${name}</a> <span class="quiet">flow ${leg.stream}${leg.alsoSeen.length > 0 && `, also ${leg.alsoSeen.join(', ')}`}</span>${leg.part !== 'other' && markup` <span class="part">${leg.part}</span>`}</th>
${at(request)}
${answer === null ? markup`<td class="quiet">none seen</td>` : markup`<td>${status === null ? 'began' : markup`<b>${status}</b>`}${answer.complete === false && ', cut off'} +${duration(answer.after)} <span class="quiet">${sign(answer)}</span></td>`}
${close === null ? markup`<td class="quiet">none seen</td>` : markup`<td>${close.flag} by the ${close.by} +${duration(close.after)} <span class="quiet">${sign(close)}</span></td>`}
<td>${bar(leg, span)}</td><td>${leg.text}${leg.certainty !== null && leg.certainty !== 'certain' && markup` <span class="quiet">link ${leg.certainty}</span>`}</td></tr>`
}

/** The request's life on this leg: waiting hollow, the answer full, the close a bar. */
function bar(leg: RequestLeg, span: number): Markup {
  const x = (after: number): number =>
    Math.round((Math.min(Math.max(after, 0), span) / span) * (WIDTH - 8)) + 4
  const { request, answer } = leg
  const close = endOf(leg)
  const from = request?.after ?? 0
  const to = Math.max(from, answer?.after ?? close?.after ?? span)
  const failed = answer === null || (answer.status ?? 0) >= 400
  return markup`<svg class="bar" viewBox="0 0 ${WIDTH} 16" width="${WIDTH / 2}" height="16" role="img" aria-label="from ${duration(from)} to ${duration(to)}">
<rect class="wait" x="${x(from)}" y="5" width="${Math.max(2, x(to) - x(from))}" height="6"/>
${answer !== null && markup`<circle class="${failed ? 'bad' : 'good'}" cx="${x(answer.after)}" cy="8" r="4"/>`}
${close !== null && markup`<rect class="${close.flag === 'FIN' ? 'fin' : 'rst'}" x="${x(close.after) - 1}" y="1" width="3" height="14"/>`}</svg>`
}
