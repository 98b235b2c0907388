import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { captureNames } from '../../src/cli/capture-names.js'

let folder = ''
const HEADER = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')

/** A capture of one empty frame at a second. */
function capture(second: number): Buffer {
  const record = Buffer.alloc(16)
  record.writeUInt32LE(second, 0)
  return Buffer.concat([HEADER, record])
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pcap-why-names-'))
  writeFileSync(join(folder, 'x.pcap'), capture(300))
  writeFileSync(join(folder, 'x.pcap1'), capture(200))
  writeFileSync(join(folder, 'x.pcap10'), capture(100))
  writeFileSync(join(folder, 'notes.txt'), 'no capture')
  writeFileSync(join(folder, '[odd].pcap'), capture(50))
  mkdirSync(join(folder, 'empty'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const names = async (name: string): Promise<string[]> =>
  (await captureNames([join(folder, name)])).map((path) => basename(path))

test('a folder is its captures in time order, whatever their names; other files are left out', async () => {
  expect(await names('.')).toEqual(['[odd].pcap', 'x.pcap10', 'x.pcap1', 'x.pcap'])
})

test('a quoted pattern is what a shell would make of it', async () => {
  expect(await names('x.pcap*')).toEqual(['x.pcap10', 'x.pcap1', 'x.pcap'])
  expect(await names('x.pcap?')).toEqual(['x.pcap1'])
  expect(await names('x.pcap1[0-9]')).toEqual(['x.pcap10'])
  expect(await names('x.pcap[!0]')).toEqual(['x.pcap1'])
})

test('a file whose name looks like a pattern is that file, and - is standard input', async () => {
  expect(await names('[odd].pcap')).toEqual(['[odd].pcap'])
  copyFileSync(join(folder, 'x.pcap'), join(folder, 'y.pcap'))
  expect(await captureNames(['-', join(folder, 'y.pcap')])).toEqual(['-', join(folder, 'y.pcap')])
  rmSync(join(folder, 'y.pcap'))
})

test('nothing found is said; a name that is not there stays for the reader to complain', async () => {
  await expect(captureNames([join(folder, 'empty')])).rejects.toThrow(/holds no capture/)
  await expect(captureNames([join(folder, 'z*')])).rejects.toThrow(/matches no capture/)
  expect(await names('gone.pcap')).toEqual(['gone.pcap'])
})

test('a word that is nearly a command is told from the name of a capture', async () => {
  await expect(captureNames(['segment', 'x.pcap'])).rejects.toMatchObject({
    message: 'segment: neither a file nor a command',
    hint: 'did you mean pcap-why segments?',
  })
  await expect(captureNames(['verfiy'])).rejects.toMatchObject({ hint: 'did you mean pcap-why verify?' })
  await expect(captureNames(['tmers'])).rejects.toMatchObject({ hint: 'did you mean pcap-why timers?' })
  // Near misses: other words, and behind a capture.
  for (const name of ['caption', 'tide', 'segments.pcap', 'e'])
    expect(await captureNames([name])).toEqual([name])
  expect(await captureNames(['gone.pcap', 'segment'])).toEqual(['gone.pcap', 'segment'])
  await expect(captureNames([''])).rejects.toThrow('the name of a capture is empty')
})

test('a name that is spelled almost like that of a file beside it', async () => {
  await expect(captureNames([join(folder, 'y.pcpa')])).resolves.toHaveLength(1)
  await expect(captureNames([join(folder, 'x.pcp')])).rejects.toMatchObject({
    message: `${join(folder, 'x.pcp')}: no such file`,
    hint: `did you mean ${join(folder, 'x.pcap')}?`,
  })
  expect(await captureNames([join(folder, 'nowhere', 'x.pcp')])).toHaveLength(1)
})

test('a link in a folder that leads nowhere is left out', async () => {
  const links = join(folder, 'links')
  mkdirSync(links)
  symlinkSync('/nowhere', join(links, 'a.pcap'))
  copyFileSync(join(folder, 'x.pcap'), join(links, 'b.pcap'))
  expect(await captureNames([links])).toEqual([join(links, 'b.pcap')])
  rmSync(links, { recursive: true })
})

test('a file that is named twice is read once', async () => {
  const x = join(folder, 'x.pcap')
  expect(await captureNames([x, join(folder, 'x.pcap1'), x])).toEqual([x, join(folder, 'x.pcap1')])
  expect(await captureNames([x, join(folder, '*.pcap1'), folder])).toHaveLength(4)
})
