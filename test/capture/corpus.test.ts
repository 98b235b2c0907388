/**
 * Every capture of a corpus against what tshark says of it, frame by frame. The corpus is not part of the project: name its folder
 * in CORPUS (captures, with truth-tshark/<name>.frames.tsv.gz beside them). Without it these tests are skipped.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openSource } from '../../src/capture/file-source.js'
import { ODD_QUOTED } from '../../src/decode/segments.js'
import { CaptureError } from '../../src/errors.js'
import type { Row } from '../helpers/rows.js'
import { readRows } from '../helpers/rows.js'
import { DIFFERENCES } from './corpus-differences.js'

const corpus = process.env['CORPUS'] ?? ''
const folders = [corpus, join(corpus, 'formats')].filter((folder) => corpus !== '' && existsSync(folder))
const files = folders.flatMap((folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(tsv|md)$/.test(entry.name))
    .map((entry) => ({ folder, name: entry.name })),
)

type Truth = Readonly<Record<string, string>>

function truthOf(folder: string, name: string): Map<number, Truth> {
  const file = join(folder, 'truth-tshark', `${name}.frames.tsv.gz`)
  if (!existsSync(file)) return new Map()
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
  const names = lines[0].split('\t')
  return new Map(
    lines.slice(1).map((line) => {
      const fields = line.split('\t')
      const truth = Object.fromEntries(names.map((key, i) => [key, fields[i]]))
      return [Number(truth['frame.number']), truth]
    }),
  )
}

/** What differs between our rows of a frame and the truth; the last row is the innermost header, as in the truth. */
function differences(rows: readonly Row[], truth: Truth, epochNs: bigint): string[] {
  // Without a stream tshark could not read the header either.
  if (rows.length === 0) return truth['tcp.stream'] === '' ? [] : ['missing']
  const row = rows[rows.length - 1]
  const host = (side: 'src' | 'dst'): string => {
    const ip = truth[`ip.${side}`]
    return `${ip.includes(':') ? `[${ip}]` : ip}:${truth[`tcp.${side}port`]}`
  }
  const found: string[] = []
  // An empty field: tshark gave up before it.
  const check = (field: string, ours: number, column: string, mask = 0xffffffff): void => {
    const theirs = truth[column]
    if (theirs !== '' && ours !== (Number(theirs) & mask) >>> 0) found.push(field)
  }
  if (row.ends !== `${host('src')} > ${host('dst')}`) found.push('ends')
  check('seq', row.seq, 'tcp.seq_raw')
  check('ack', row.ack, 'tcp.ack_raw')
  check('flags', row.flags, 'tcp.flags', 0x1ff)
  check('payload', row.payloadLength, 'tcp.len')
  check('window', row.window, 'tcp.window_size_value')
  check('quoted', row.odd & ODD_QUOTED, 'in_icmp')
  check('segments', rows.length, 'n_tcp')
  const [seconds, fraction] = truth['frame.time_epoch'].split('.')
  const theirNs = Number(BigInt(seconds) * 1_000_000_000n + BigInt(fraction) - epochNs)
  if (Math.abs(row.timeNs - theirNs) > Math.abs(row.timeNs) / 2 ** 52) found.push('time')
  return found
}

function isListed(name: string, frame: number, field: string): boolean {
  return DIFFERENCES.some(
    (known) =>
      name.endsWith(known.file) &&
      known.field === field &&
      (known.frames === null || known.frames.includes(frame)),
  )
}

async function compare(folder: string, name: string): Promise<string[]> {
  const truth = truthOf(folder, name)
  let result
  try {
    result = await readRows(openSource(join(folder, name)))
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    return truth.size === 0 ? [] : [`${name}: ${error.message}`]
  }
  const byFrame = new Map<number, Row[]>()
  for (const row of result.rows) byFrame.set(row.frame, [...(byFrame.get(row.frame) ?? []), row])
  const found: string[] = []
  const note = (frame: number, field: string): void => {
    if (!isListed(name, frame, field)) found.push(`${name} frame ${frame}: ${field}`)
  }
  for (const [frame, expected] of truth) {
    for (const field of differences(byFrame.get(frame) ?? [], expected, result.read.epochNs))
      note(frame, field)
  }
  for (const frame of byFrame.keys()) if (!truth.has(frame)) note(frame, 'extra')
  return found
}

describe.skipIf(files.length === 0)('every frame as tshark reads it', () => {
  test.each(files)('$name', async ({ folder, name }) => {
    expect(await compare(folder, name)).toEqual([])
  })
})
