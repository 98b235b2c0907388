/** The findings as cards: what happened, how often, between whom, why we think so, what to change, and a small ladder. */
import type { Finding, FlowReport, Report } from '../../result.js'
import { count, counted, setValue } from '../numbers.js'
import { htmlPolicy, showPolicy } from '../policy.js'
import { findingsInOrder, provingFrame, settingSureness, spreadText } from '../terminal-findings.js'
import { classTitle, namedHost, phaseWords } from '../words.js'
import { Markup, markup } from './markup.js'

/** What the colours and lines of every ladder mean. */
const LEGEND = markup`<p class="quiet legend">In the ladders: <b class="is-request">request</b> · <b class="is-response">response</b> · handshake, ACK · <b class="is-fin">FIN (close)</b> · <b class="is-reset">RST (abort), error response</b>; dashed: sent again; half dotted: crossed on the way, inferred from ACK numbers; tinted: what decided. Times count from a ladder's first row.</p>`

/** All findings, worst first. `ladders` are small pictures by stream. */
export function findingsSection(report: Report, ladders: ReadonlyMap<number, string>): Markup {
  const findings = findingsInOrder(report)
  const flows = new Map(report.flows.map((flow) => [flow.stream, flow]))
  const cards = findings
    .slice(0, htmlPolicy.cards)
    .map((finding) => card(report, finding, flows.get(finding.example), ladders))
  const left = findings.length - cards.length
  return markup`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
${cards.length === 0 && markup`<p class="nothing">No connection of this capture ended badly.</p>`}
${ladders.size > 0 && LEGEND}
${cards}
${left > 0 && markup`<p class="nothing">${counted(left, 'more finding')}: filter the flow table by class to see them.</p>`}
</section>`
}

function card(
  report: Report,
  finding: Finding,
  example: FlowReport | undefined,
  ladders: ReadonlyMap<number, string>,
): Markup {
  const number = report.findings.indexOf(finding)
  const ladder = ladders.get(finding.example)
  const title = classTitle(finding)
  const spread = spreadText(finding)
  return markup`<article class="card ${finding.severity}" aria-labelledby="finding-${number}">
<div class="told">
<p class="head"><span class="pill c-${finding.class}">${count(finding.count)} × ${title}</span>
<span class="quiet">${[finding.certainty, ...(finding.variant === null ? [] : [finding.variant.replaceAll('-', ' ')]), ...(finding.phase === null ? [] : [phaseWords(finding.phase)])].join(' · ')}</span></p>
<h3 id="finding-${number}">${finding.title}</h3>
<p class="hosts">${namedHost(finding.client)} → ${namedHost(finding.server)}</p>
${reasons(finding)}
${timerLine(finding)}
${spread !== null && markup`<p class="quiet">${spread}</p>`}
${logLines(finding)}
${finding.fix.length > 0 && markup`<div class="fix"><h4>Fix</h4>${finding.fix.map((line) => markup`<p><code>${line}</code></p>`)}</div>`}
<p class="links"><a href="#flow-${finding.example}">${exampleWords(report, finding, example)}</a>
${flowsOf(finding) > 1 && markup`<button type="button" data-finding="${number}">show all ${count(flowsOf(finding))} flows</button>`}</p>
</div>
${ladder !== undefined && markup`<figure class="small-ladder">${new Markup(ladder)}<figcaption>Flow ${finding.example}${finding.count > 1 && `, the clearest of ${count(finding.count)}`}</figcaption></figure>`}
</article>`
}

/** What stands under the title; the timer has a line of its own. */
function reasons({ detail, timerLine: ofTimer }: Finding): Markup | null {
  const lines = detail.filter((line) => line !== ofTimer)
  return lines.length === 0
    ? null
    : markup`<ul class="reasons">${lines.map((line) => markup`<li>${line}</li>`)}</ul>`
}

/** All of an incident: what followed from it, too. */
function flowsOf({ count: own, parts = [] }: Finding): number {
  return parts.reduce((sum, part) => sum + part.count, own)
}

function exampleWords(report: Report, finding: Finding, example: FlowReport | undefined): string {
  const frame = example === undefined ? null : provingFrame(report, example)
  return `Proof: flow ${finding.example}${frame === null ? '' : `, frame ${frame}`}`
}

function timerLine(finding: Finding): Markup | null {
  const { timer } = finding
  if (timer === null) return null
  const setting = timer.setting === null ? 'no known setting has this value' : timer.setting
  const others = timer.candidates.filter((each) => each !== timer.setting)
  const or =
    others.length === 0
      ? ''
      : ` or ${others.slice(0, showPolicy.settings).join(', ')}${others.length > showPolicy.settings ? ` and ${others.length - showPolicy.settings} more` : ''}`
  const sure = timer.guessed === true ? 'of software that is not known, perhaps ' : settingSureness(finding)
  if (finding.class.endsWith('-abort'))
    return markup`<p class="timer">If a timer ended it: <b>${setValue(timer.seconds)}</b> <code>${setting}</code>${or}</p>`
  return markup`<p class="timer"><b>${setValue(timer.seconds)}</b> ${sure}<code>${setting}</code>${or}</p>`
}

function logLines({ logWords = [] }: Finding): Markup | null {
  if (logWords.length === 0) return null
  return markup`<details class="logs"><summary>What the logs say of it</summary><dl>${logWords.map(
    ({ component, text }) => markup`<dt>${component}</dt><dd><code>${text}</code></dd>`,
  )}</dl></details>`
}
