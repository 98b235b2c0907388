import { expect, test } from 'vitest'
import { captureNotes, fileNames } from '../../src/report/capture-notes.js'
import { captureOf } from './fixtures.js'

const many = (count: number, part: (n: number) => object): ReturnType<typeof captureOf>[] =>
  Array.from({ length: count }, (_, n) =>
    captureOf({ file: `${n}.pcap`, notDecoded: {}, notSeen: [], ...part(n) }),
  )

test('a few captures have their own notes', () => {
  const notes = captureNotes([
    captureOf({ file: 'a', notDecoded: { notIp: 2 }, notSeen: ['the beginning'] }),
    captureOf({ file: 'b', notDecoded: { notIp: 1 }, notSeen: ['the beginning'], truncated: true }),
  ])
  expect(notes.map(({ label, files, text }) => [label, files.join(), text])).toEqual([
    ['left out', 'a', '2 frames: not IP'],
    ['not seen', 'a', 'the beginning'],
    ['cut off', 'b', 'the file ends in the middle of a packet; everything before that was analysed'],
    ['left out', 'b', '1 frame: not IP'],
    ['not seen', 'b', 'the beginning'],
  ])
})

test('a capture alone needs no name', () => {
  expect(captureNotes([captureOf({ notDecoded: { notIp: 2 } })])[0]?.files).toEqual([])
})

test('what is left out of hundreds of captures is one line, and so is each sentence', () => {
  const captures = many(300, (n) => ({
    notDecoded: n % 3 === 0 ? { notIp: 2, fragment: n === 0 ? 1 : 0 } : {},
    notSeen: n > 297 ? ['the end'] : [],
    truncated: n === 299,
  }))
  const notes = captureNotes(captures)
  expect(notes.map(({ label, text }) => [label, text])).toEqual([
    ['cut off', 'the file ends in the middle of a packet; everything before that was analysed'],
    ['left out', '201 frames: 200 not IP, 1 fragment'],
    ['not seen', 'the end'],
  ])
  expect(notes.map(({ files }) => files.length)).toEqual([1, 100, 2])
})

test('sentences that differ from capture to capture are counted beyond a dozen', () => {
  const notes = captureNotes(many(300, (n) => ({ notSeen: [`payload in ${n} gaps`] })))
  expect(notes).toHaveLength(13)
  expect(notes.at(-1)).toEqual({
    label: 'not seen',
    files: [],
    text: '… and 288 more remarks on single files (all of them in --json)',
  })
})

test('many files are named by the first', () => {
  expect(fileNames(['a', 'b', 'c'], (file) => file)).toBe('a, b, c')
  expect(fileNames(['a', 'b', 'c', 'd'], (file) => `<${file}>`)).toBe('<a>, <b> and 2 more files')
})
