/** What every label states, however the verdicts turn out: the fields, links that go both ways, one request id through the chain. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { besideCapture, capturePath, labelledCaptures, labelledPairs, type Truth } from '../../scripts/score-captures.js'

const ROOT = join(import.meta.dirname, '../../captures')
const MEGABYTE = 1_000_000
const BACK: Readonly<Record<string, string>> = { upstream: 'downstream', downstream: 'upstream', 'nat-twin': 'nat-twin' }
const ENDPOINT = /^(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):\d+$/
const CLASSES =
  'idle-timeout keepalive-race half-open-zombie client-abort server-abort middlebox-reset shutdown refused connect-timeout clean open unclassified'.split(
    ' ',
  )

type Label = Truth & { readonly status: number | null; readonly requestIds: readonly string[] }

function labels(scenario: string): Label[] {
  return (JSON.parse(readFileSync(besideCapture(ROOT, scenario, 'expected.json'), 'utf8')) as { connections: Label[] }).connections
}

/** What is wrong with the fields of one label. */
function faulty(one: Label): string[] {
  const wrong: string[] = []
  if (!ENDPOINT.test(one.client) || !ENDPOINT.test(one.server)) wrong.push('address')
  if (!(one.start > 1_700_000_000)) wrong.push('start')
  if (one.class.length === 0 || one.class.some((name) => !CLASSES.includes(name))) wrong.push('class')
  if (new Set(one.class).size !== one.class.length) wrong.push('a class twice')
  if (![null, 'client', 'server', 'middlebox', 'none'].includes(one.closer)) wrong.push('closer')
  if (one.timer !== null && !(one.timer.seconds > 0 && one.timer.setting.includes('.'))) wrong.push('timer')
  if (one.status !== null && !(one.status >= 100 && one.status < 600)) wrong.push('status')
  if ((one.exchanges ?? 0) > 0 && one.requestIds.length === 0) wrong.push('no request id')
  return wrong.map((word) => `${one.client}: ${word}`)
}

/** Links that do not come back, or whose two legs share no request id. */
function oneSided(all: readonly Label[]): string[] {
  const by = new Map<string, Label[]>()
  for (const one of all) by.set(one.client, [...(by.get(one.client) ?? []), one])
  return all.flatMap((one) =>
    (one.links ?? []).flatMap(({ client, relation }) => {
      const others = by.get(client) ?? []
      const back = others.some(({ links }) => links?.some((link) => link.client === one.client && link.relation === BACK[relation]))
      const shared = others.some(({ requestIds }) => requestIds.some((id) => one.requestIds.includes(id)))
      return back && shared ? [] : [`${one.client} ${relation} ${client}${back ? ': no shared request id' : ''}`]
    }),
  )
}

describe('labels of captures/', () => {
  for (const scenario of [...labelledCaptures(ROOT), ...labelledPairs(ROOT)]) {
    it(scenario, () => {
      const all = labels(scenario)
      expect(all.length).toBeGreaterThan(0)
      expect(all.flatMap(faulty)).toEqual([])
      expect(oneSided(all)).toEqual([])
    })
  }
})

it('captures are small, but for two or three mixed incidents', () => {
  const sizes = labelledCaptures(ROOT).map((name) => ({ name, size: statSync(capturePath(ROOT, name)).size }))
  const large = sizes.filter(({ size }) => size > 200_000)
  expect(large.every(({ name }) => name.startsWith('incident-'))).toBe(true)
  expect(large.length).toBeGreaterThanOrEqual(2)
  expect(large.every(({ size }) => size > MEGABYTE && size < 4 * MEGABYTE)).toBe(true)
})

it('the catalogue has each of them, with a picture', () => {
  const catalogue = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const missing = labelledCaptures(ROOT).filter(
    (name) =>
      !['README.md', 'picture.svg', 'tshark.tsv'].every((file) => existsSync(join(ROOT, name, file))) ||
      !catalogue.includes(`(${name}/`),
  )
  expect(missing).toEqual([])
})
