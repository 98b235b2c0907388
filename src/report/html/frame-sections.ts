/** Head and foot of the page: what was looked at, what came out, what could not be seen. */
import type { CaptureSummary, Report } from '../../result.js'
import { captureNotes, fileNames, filesBefore, labelledText, secondsCovered } from '../capture-notes.js'
import { endingsOf } from '../endings.js'
import { bytes, count, counted, duration } from '../numbers.js'
import { showPolicy } from '../policy.js'
import { classTitle, reasonWords } from '../words.js'
import { markup, type Markup } from './markup.js'

/** File names, times, counts. */
export function headSection(report: Report): Markup {
  const { flows, problems, latent } = report.summary
  const [first] = report.captures
  const when = first?.start == null ? '' : ` · from ${first.start.slice(0, 19).replace('T', ' ')} UTC`
  const length = secondsCovered(report)
  const frames = report.captures.reduce((sum, capture) => sum + capture.frames, 0)
  return markup`<header class="top">
<p class="brand">pcap-why</p>
<h1>${titleOf(report)}</h1>
<p class="quiet">${duration(length)} · ${counted(frames, 'frame')} · ${counted(flows, 'connection')}${when} · times as seen at the capture point</p>
<ul class="sums"><li class="${problems > 0 ? 'problem' : 'ok'}"><b>${count(problems)}</b> went wrong</li>
<li class="${latent > 0 ? 'latent' : 'ok'}"><b>${count(latent)}</b> harmless so far</li>
<li class="ok"><b>${count(Math.max(0, flows - problems - latent))}</b> others</li></ul>
</header>`
}

/** The captures by name; a folder says nothing here. */
export function titleOf(report: Report): string {
  const names = report.captures.map((capture) => capture.file.replace(/^.*\//, ''))
  const more = names.length > showPolicy.names ? ` and ${names.length - showPolicy.names} more` : ''
  return `${names.slice(0, showPolicy.names).join(', ')}${more}`
}

/** Capture facts, what was not seen, version and command line. */
export function footSection(report: Report, commandLine: string | null, leftOut: readonly string[]): Markup {
  const endings = endingsOf(report).map((ending) => `${count(ending.count)} × ${classTitle(ending)}`)
  return markup`<footer id="capture"><h2>The capture</h2>
${captureParts(report.captures)}
${endings.length > 0 && markup`<p>Connections: ${endings.join(' · ')}</p>`}
${leftOut.map((line) => markup`<p>${line}</p>`)}
<p class="quiet">pcap-why ${report.version}${commandLine !== null && markup` · <code>${commandLine}</code>`}</p></footer>`
}

/** Of a few captures all there is to say of each; of many the first, and what is to be said of all. */
function captureParts(captures: readonly CaptureSummary[]): Markup[] {
  if (captures.length <= showPolicy.captures) return captures.map(captureFacts)
  const itself = (file: string): string => file
  const names = fileNames(
    captures.map(({ file }) => file),
    itself,
  )
  const size = captures.reduce((sum, capture) => sum + capture.bytes, 0)
  const notes = captureNotes(captures).map(
    (note) => markup`<li>${filesBefore(note, itself) + labelledText(note)}</li>`,
  )
  return [
    markup`<dl class="facts"><dt>files</dt><dd class="mono">${names}</dd>
<dt>together</dt><dd>${counted(captures.length, 'file')}, ${bytes(size)}; all times are as seen at the capture point</dd>
<dt>not seen</dt><dd>${notes.length === 0 ? 'nothing is known to be missing' : markup`<ul>${notes}</ul>`}</dd></dl>`,
  ]
}

function captureFacts(capture: CaptureSummary): Markup {
  const undecoded = Object.entries(capture.notDecoded).filter(([, amount]) => amount > 0)
  const unread = undecoded.reduce((sum, [, amount]) => sum + amount, 0)
  const notSeen = [
    ...(capture.truncated
      ? ['The file ends in the middle of a packet; everything before that was analysed.']
      : []),
    ...capture.notSeen,
  ]
  return markup`<dl class="facts"><dt>file</dt><dd class="mono">${capture.file}</dd>
<dt>format</dt><dd>${capture.format}, ${capture.linkTypes.join(', ')}, ${bytes(capture.bytes)}</dd>
<dt>frames</dt><dd>${count(capture.frames)}${capture.duplicates > 0 && `, of them ${counted(capture.duplicates, 'copy', 'copies')} set aside`}${unread > 0 && `; ${count(unread)} not TCP over IP (${undecoded.map(([reason, amount]) => `${count(amount)} ${reasonWords(reason)}`).join(', ')})`}</dd>
<dt>time</dt><dd>${capture.start ?? 'no frame'}${capture.start !== null && `, ${duration(capture.seconds)} long`}; all times are as seen at the capture point</dd>
<dt>not seen</dt><dd>${notSeen.length === 0 ? 'nothing is known to be missing' : markup`<ul>${notSeen.map((line) => markup`<li>${line}</li>`)}</ul>`}</dd></dl>`
}
