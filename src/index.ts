/**
 * pcap-why as a library: captures in, a Report out. Runs in Node, in a browser tab and in a worker: nothing here needs an API of Node's.
 * Files and pictures, which do, are in `pcap-why/node`.
 *
 *     import { analyze, MemorySource } from 'pcap-why'
 *     const report = await analyze([new MemorySource(bytes, 'timeout.pcap')])
 *     for (const finding of report.findings) console.log(finding.count, finding.class, finding.title)
 */
export { analyze, type AnalyzeOptions } from './analyze.js'
export { MemorySource } from './capture/memory-source.js'
export type { ByteSource } from './capture/source.js'
export { StreamSource, type ByteStream } from './capture/stream-source.js'
export { ladderText, type LadderTextOptions } from './diagram/ladder-text.js'
export { mermaidLadder } from './diagram/mermaid.js'
export { CaptureError } from './errors.js'
export { reportJson, reportLines } from './report/json.js'
export { markdownReport, type MarkdownOptions } from './report/markdown/markdown-report.js'
export { Pseudonyms } from './report/pseudonyms.js'
export type * from './result.js'
