/** A report that `pcap-why --json` wrote, read back: it stands for a capture that may be long gone. */
import { open, readFile } from 'node:fs/promises'
import type { Report } from '../result.js'
import { checkReportShape } from './report-shape.js'
import { notRead } from './system-trouble.js'
import { UsageError } from './usage-error.js'

const SCHEMA = 'pcap-why/report/1'
const HINT = 'a saved report is what  pcap-why incident.pcap --json > incident.json  writes'

/** Whether a file begins like a JSON document; no capture format does. False when it cannot be read: opening it as a capture says why. */
export async function looksLikeJson(path: string): Promise<boolean> {
  if (path === '-') return false
  try {
    const file = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0)
      return /^\ufeff?\s*\{/.test(buffer.toString('utf8', 0, bytesRead))
    } finally {
      await file.close()
    }
  } catch {
    return false
  }
}

/** Reads a saved report. Throws UsageError when it is none, or lacks what a comparison needs. */
export async function readSavedReport(path: string): Promise<Report> {
  let content: unknown
  try {
    content = JSON.parse((await readFile(path, 'utf8')).replace(/^\ufeff/, ''))
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${path} is no JSON document`, HINT)
    throw notRead(path, error)
  }
  if (!isRecord(content) || content['schema'] !== SCHEMA) {
    const found = isRecord(content) && typeof content['schema'] === 'string' ? content['schema'] : 'none'
    throw new UsageError(`${path} is no report of pcap-why: its schema is ${found}, not ${SCHEMA}`, HINT)
  }
  checkReportShape(content, path, HINT)
  return withLadders(content as unknown as Report)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON leaves ladders out that nobody draws. */
function withLadders(report: Report): Report {
  const flows = report.flows.map((flow) =>
    Array.isArray(flow.ladder) ? flow : { ...flow, ladder: [], ladderOmitted: 0 },
  )
  return { ...report, chain: Array.isArray(report.chain) ? report.chain : [], flows }
}
