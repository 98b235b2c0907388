/** The incident report as one HTML file: no network, no script from outside, everything escaped. */
import { SEVERITY_ORDER, type Report } from '../../result.js'
import { notListedLines } from '../not-listed.js'
import { count, counted } from '../numbers.js'
import { htmlPolicy } from '../policy.js'
import { findingsInOrder } from '../terminal-findings.js'
import { chainSection } from './chain-section.js'
import { findingsSection } from './findings-section.js'
import { allFlows, pageData } from './flow-data.js'
import { footSection, headSection, titleOf } from './frame-sections.js'
import { gapHistogram } from './gap-histogram.js'
import { embeddedJson, Markup, markup, policyHash } from './markup.js'
import { PAGE_SCRIPT, PAGE_STYLE } from './page-parts.js'
import { requestsSection } from './requests-section.js'

/** Draws flows; the diagram room does, and the command line brings it here. */
export interface Pictures {
  /** The ladder of a flow as SVG without header; ids begin with `idPrefix`; `maxRows` null: as many as it needs. */
  readonly draw: (stream: number, idPrefix: string, maxRows: number | null) => Promise<string>
  /** The same as text, for flows beyond those that are drawn. */
  readonly text: (stream: number) => string
  /** Style rules that turn the pictures dark, to stand in a page's own style sheet. */
  readonly darkRules: string
}

/** What a caller may choose about the page. */
export interface HtmlOptions {
  readonly pictures: Pictures
  /** How the report was made; null leaves it out. */
  readonly commandLine: string | null
}

/** The whole page as text. */
export async function htmlReport(report: Report, options: HtmlOptions): Promise<string> {
  const { pictures } = options
  const small = new Map<number, string>()
  for (const { example } of findingsInOrder(report).slice(0, htmlPolicy.cards))
    if (hasLadder(report, example))
      small.set(example, await pictures.draw(example, `card-${example}`, htmlPolicy.cardRows))
  const ladders = await flowLadders(report, pictures)
  const flows = allFlows(report)
  const style = PAGE_STYLE + pictures.darkRules
  const policy = `default-src 'none'; script-src ${await policyHash(PAGE_SCRIPT)}; style-src ${await policyHash(style)}; base-uri 'none'; form-action 'none'`
  const sections = [
    ['findings', 'Findings', findingsSection(report, small)],
    ['requests', 'Failed requests', requestsSection(report)],
    ['chain', 'Chain', chainSection(report, flows)],
    ['timeline', 'Time line', timelineSection(flows.length, report)],
    ['silences', 'Silences', gapHistogram(report, flows)],
    ['flows', 'Flows', flowsSection()],
  ] as const
  const present = sections.filter(([, , section]) => section !== null)
  const leftOut = [
    ...notListedLines(report),
    ...(ladders.left > 0
      ? [
          `${counted(ladders.left, 'ladder')} of connections that did not end well are not in this file; pcap-why --flow N --svg draws any of them.`,
        ]
      : []),
  ]
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${titleOf(report)} – pcap-why</title>
<style>${new Markup(style)}</style></head>
<body>${headSection(report)}
<nav aria-label="Sections">${present.map(([id, title]) => markup`<a href="#${id}">${title}</a>`)}<a href="#capture">Capture</a></nav>
<main>${present.map(([, , section]) => section)}</main>
${footSection(report, options.commandLine, leftOut)}
<p id="status" class="unseen" role="status" aria-live="polite"></p>
<script type="application/json" id="data">${embeddedJson(pageData(report, ladders.drawn, ladders.asText))}</script>
<script>${new Markup(PAGE_SCRIPT)}</script>
</body></html>
`.text
}

function hasLadder(report: Report, stream: number): boolean {
  const flow =
    report.flows.find((each) => each.stream === stream) ??
    report.linked?.find((each) => each.stream === stream)
  return flow !== undefined && flow.ladder.length > 0
}

interface Ladders {
  /** SVG documents, and ladders as text, by stream. */
  readonly drawn: ReadonlyMap<number, string>
  readonly asText: ReadonlyMap<number, string>
  /** Told flows without either. */
  readonly left: number
}

/** Ladders of the examples first, then of the other flows and of those linked to them, worst first, as many as may be. */
async function flowLadders(report: Report, pictures: Pictures): Promise<Ladders> {
  const told = [...report.flows, ...(report.linked ?? [])]
    .filter((flow) => flow.ladder.length > 0)
    .sort(
      (a, b) =>
        SEVERITY_ORDER[a.verdict.severity] - SEVERITY_ORDER[b.verdict.severity] || a.stream - b.stream,
    )
    .map((flow) => flow.stream)
  const examples = findingsInOrder(report).map((finding) => finding.example)
  const isTold = new Set(told)
  const streams = [...new Set([...examples.filter((stream) => isTold.has(stream)), ...told])]
  const drawn = new Map<number, string>()
  for (const stream of streams.slice(0, htmlPolicy.drawn))
    drawn.set(stream, await pictures.draw(stream, `flow-${stream}`, null))
  const rest = streams.slice(htmlPolicy.drawn)
  const asText = new Map(rest.slice(0, htmlPolicy.asText).map((stream) => [stream, pictures.text(stream)]))
  return { drawn, asText, left: rest.length - asText.size }
}

function timelineSection(flows: number, report: Report): Markup {
  const left = report.overview?.left ?? 0
  return markup`<section id="timeline" aria-labelledby="timeline-title">
<h2 id="timeline-title">All connections over time</h2>
<p class="quiet">A row each, by start: full while it speaks, hollow while it is silent. A bar ends it with a FIN, a cross with a RST, an arrow when no close was seen; colours as in the filters below. Drag to zoom, click to open.${left > 0 && ` ${counted(left, 'more connection')} not shown.`}</p>
<div class="timeline"><div id="timeline-rows" tabindex="0" role="application" aria-label="Time line of ${count(flows)} flows. Up and down choose a flow, Enter opens it, plus and minus zoom, left and right move, Escape shows everything."><div id="timeline-size"><canvas id="timeline-canvas"></canvas></div></div><div id="timeline-tip" hidden></div></div>
<p class="no-print"><button type="button" id="timeline-reset" hidden>whole capture</button></p>
</section>`
}

function flowsSection(): Markup {
  return markup`<section id="flows" aria-labelledby="flows-title">
<h2 id="flows-title">Flows</h2>
<noscript><p>The table of flows needs JavaScript; pcap-why --all prints it.</p></noscript>
<div class="filters" role="group" aria-label="Filter flows"><div id="filter-kinds"></div></div>
<div class="filters"><label>host <input id="filter-host" type="search" size="16" spellcheck="false"></label>
<label>port <input id="filter-port" type="search" size="6" inputmode="numeric"></label>
<label>text <input id="filter-text" type="search" size="24" spellcheck="false"></label>
<button type="button" id="filter-reset" hidden>show all</button> <span id="flow-count" class="quiet"></span></div>
<p id="flow-print" class="only-print"></p>
<div id="flow-view"><div id="flow-rows"></div>
<aside id="flow-detail" class="detail" aria-labelledby="flow-detail-title" hidden></aside></div>
</section>`
}
