import { expect, test } from 'vitest'
import type { PageData } from '../../../src/report/html/page-data.js'
import { Model } from '../../../src/report/html/page/model.js'

/** Two flows: one over IPv4, one over IPv6, the second of a host without a role. */
const data: PageData = {
  seconds: 2,
  kinds: [{ word: 'clean', severity: 'ok', title: 'clean' }],
  texts: ['client 10.0.0.1', 'proxy 10.0.0.3', 'fd00::1', 'proxy fd00::3', 'why'],
  flows: {
    stream: [0, 1],
    kind: [0, 0],
    client: [0, 2],
    server: [1, 3],
    clientPort: [50000, 50001],
    serverPort: [80, 443],
    start: [0, 1],
    end: [1, 2],
    frames: [9, 9],
    bytes: [0, 0],
    closer: [1, 1],
    closeTime: [1, 2],
    silence: [null, null],
    silences: [[], []],
    summary: [4, 4],
  },
  details: {},
  ladders: {},
  textLadders: {},
  findings: [],
  captures: 'a.pcap',
  ownStreams: true,
}

test('an IPv6 address is told from its port', () => {
  const model = new Model(data)
  expect([0, 1].map((flow) => model.clientOf(flow))).toEqual(['client 10.0.0.1:50000', '[fd00::1]:50001'])
  expect([0, 1].map((flow) => model.serverOf(flow))).toEqual(['proxy 10.0.0.3:80', 'proxy [fd00::3]:443'])
})

test('a host is found by its address, with and without brackets', () => {
  const model = new Model(data)
  for (const [field, words] of [
    ['host', 'fd00::3'],
    ['text', '[fd00::3]:443'],
  ] as const) {
    model.filter.host = model.filter.text = ''
    model.filter[field] = words
    model.update()
    expect(model.shown).toEqual([1])
  }
})
