import { closeSync, existsSync, openSync, readSync, readdirSync } from 'node:fs'
import { parse } from 'pcap-parser'
import { describe, expect, test } from 'vitest'
import { openSource } from '../../src/capture/file-source.js'
import { readRows } from '../helpers/rows.js'

/** An independent reading of the packets' own bytes: TCP over IPv4 in Ethernet or cooked frames. */
function ownReading(data: Buffer, linkType: number): string | null {
  const ip = linkType === 1 ? 14 : linkType === 113 ? 16 : 20
  const etherType = data.readUInt16BE(linkType === 1 ? 12 : linkType === 113 ? 14 : 0)
  if (etherType !== 0x0800 || data[ip + 9] !== 6) return null
  const tcp = ip + (data[ip] & 15) * 4
  const length = data.readUInt16BE(ip + 2) - (tcp - ip) - (data[tcp + 12] >> 4) * 4
  const host = (at: number): string => data.subarray(at, at + 4).join('.')
  const from = `${host(ip + 12)}:${data.readUInt16BE(tcp)}`
  const to = `${host(ip + 16)}:${data.readUInt16BE(tcp + 2)}`
  return `${from} > ${to} ${data.readUInt32BE(tcp + 4)} ${data.readUInt32BE(tcp + 8)} ${data[tcp + 13]} ${length}`
}

function linkTypeOf(file: string): number | null {
  const start = Buffer.alloc(24)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, start)
  closeSync(descriptor)
  return start.readUInt32LE(0) === 0xa1b2c3d4 ? start.readUInt32LE(20) : null
}

function otherReading(file: string, linkType: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = []
    let frame = 0
    const parser = parse(file)
    parser.on('error', reject)
    parser.on('end', () => resolve(lines))
    parser.on('packet', ({ header, data }) => {
      frame++
      const segment = ownReading(data, linkType)
      const micros = header.timestampSeconds * 1e6 + header.timestampMicroseconds
      if (segment !== null) lines.push(`${frame} ${micros} ${segment}`)
    })
  })
}

const captures = readdirSync('captures')
  .map((name) => `captures/${name}/capture.pcap`)
  .filter((file) => existsSync(file) && [1, 113, 276].includes(linkTypeOf(file) ?? -1))

test('there are captures to read', () => {
  expect(captures.length).toBeGreaterThan(0)
})

describe('pcap-parser and we read the same segments', () => {
  test.each(captures)('%s', async (file) => {
    const theirs = await otherReading(file, linkTypeOf(file)!)
    const { rows, read } = await readRows(openSource(file))
    const epochMicros = Number(read.epochNs / 1000n)
    const ours = rows
      .filter((row) => (row.odd & 1) === 0 && !row.ends.startsWith('['))
      .map((row) => {
        const micros = epochMicros + Math.round(row.timeNs / 1000)
        return `${row.frame} ${micros} ${row.ends} ${row.seq} ${row.ack} ${row.flags & 255} ${row.payloadLength}`
      })
    expect(rows.length).toBeGreaterThan(0)
    expect(ours).toEqual(theirs)
  })
})
