/** What the references say of the captures of a corpus: tshark per frame and per conversation, Zeek per connection. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { MARK_BITS, MARK_NAMES, type MarkName } from '../src/flow/marks.js'

/** Marks that tshark knows. */
export const REFERENCE_MARKS: readonly MarkName[] = MARK_NAMES.filter((name) => name !== 'duplicate_capture')

/** One TCP frame as tshark sees it. */
export interface FrameTruth {
  readonly frame: number
  /** null: the header is cut short. */
  readonly stream: number | null
  readonly marks: number
  readonly completeness: number
  /** The header is a quotation in an ICMP error. */
  readonly quoted: boolean
  readonly flags: number
  readonly payload: number
}

/** One row of a table with named columns. */
export type Fields = Readonly<Record<string, string>>

function tableOf(text: string): { names: string[]; rows: string[][] } {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const rows = lines.map((line) => line.split('\t'))
  return { names: rows[0] ?? [], rows: rows.slice(1) }
}

function fieldsOf(text: string): Fields[] {
  const { names, rows } = tableOf(text)
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ''])))
}

/** tshark's rows of one capture; empty when the corpus has none of it. */
export function frameTruth(folder: string, name: string): FrameTruth[] {
  const file = join(folder, 'truth-tshark', `${name}.frames.tsv.gz`)
  if (!existsSync(file)) return []
  const { names, rows } = tableOf(gunzipSync(readFileSync(file)).toString())
  const at = (column: string): number => names.indexOf(column)
  const columns = REFERENCE_MARKS.map((mark) => [at(mark), MARK_BITS[mark]] as const)
  const [frame, stream, completeness] = [at('frame.number'), at('tcp.stream'), at('tcp.completeness')]
  const [quoted, flags, payload] = [at('in_icmp'), at('tcp.flags'), at('tcp.len')]
  return rows.map((row) => ({
    frame: Number(row[frame]),
    stream: row[stream] === '' ? null : Number(row[stream]),
    marks: columns.reduce((sum, [column, bit]) => (row[column] === '1' ? sum | bit : sum), 0),
    completeness: Number(row[completeness]),
    quoted: row[quoted] === '1',
    flags: Number(row[flags]),
    payload: Number(row[payload]),
  }))
}

/** tshark's conversations of every capture of a folder, by the capture's name. */
export function conversationTruth(folder: string): Map<string, Fields[]> {
  const file = join(folder, 'truth-tshark', 'conversations.tsv.gz')
  const byCapture = new Map<string, Fields[]>()
  if (!existsSync(file)) return byCapture
  for (const row of fieldsOf(gunzipSync(readFileSync(file)).toString())) {
    const rows = byCapture.get(row['capture']) ?? []
    rows.push(row)
    byCapture.set(row['capture'], rows)
  }
  return byCapture
}

/** Zeek's connections of one capture (its own test baselines); empty when there are none. */
export function zeekTruth(folder: string, name: string): Fields[] {
  const file = join(folder, 'truth-zeek', `${name}.tsv`)
  return existsSync(file) ? fieldsOf(readFileSync(file, 'utf8')) : []
}
