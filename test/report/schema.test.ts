/** The JSON Schemas of the package: made from the types, and true of what is printed. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import { describe, expect, test } from 'vitest'
import { SCHEMAS, schemaOf, schemaText } from '../../scripts/schema.js'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { reportJson, reportLines } from '../../src/report/json.js'
import { busyReport } from './scenarios.js'

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** With `open` false a field that the types do not tell of is a fault, too. */
function validator(type: string, open: boolean): ValidateFunction {
  return new Ajv({ strict: false, allErrors: true, verbose: false }).compile(schemaOf(type, open))
}

function faults(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return []
  return (validate.errors ?? [])
    .slice(0, 5)
    .map((each) => `${each.instancePath} ${each.message ?? ''} ${JSON.stringify(each.params)}`)
}

/** Captures whose reports hold every kind of content between them. */
const CAPTURES = [
  ...[
    'nginx-read-timeout',
    'keepalive-race',
    'client-abort',
    'sse',
    'tls13',
    'ipv6',
    'nat-twins',
    'syn-scan',
  ],
  ...['forged-rst-both', 'rolling-restart', 'next-upstream', 'vanished-app', 'started-late', 'incident-502'],
]

describe('the schemas', () => {
  test.each(Object.entries(SCHEMAS))('%s is what the types say (npm run schema)', async (name, type) => {
    expect(readFileSync(file(`schema/${name}`), 'utf8')).toBe(await schemaText(type))
  })

  const whole = validator('ReportDocument', false)
  const line = validator('ReportLine', true)

  test.each(CAPTURES)('hold for %s', async (name) => {
    const folder = file(`captures/${name}/`)
    const capture = readdirSync(folder).find((each) => each.startsWith('capture.')) ?? ''
    const source = new MemorySource(new Uint8Array(readFileSync(folder + capture)), capture)
    const report = await analyze([source], { all: true })
    expect(faults(whole, JSON.parse([...reportJson(report, { ladder: 'examples' })].join('')))).toEqual([])
    for (const text of reportLines(report, { ladder: true }))
      expect(faults(line, JSON.parse(text))).toEqual([])
  })

  test('hold for a report made by hand', () => {
    expect(faults(whole, JSON.parse([...reportJson(busyReport())].join('')))).toEqual([])
  })

  test('do not hold for anything else', () => {
    const report = JSON.parse([...reportJson(busyReport())].join('')) as Record<string, unknown>
    expect(faults(whole, { ...report, schema: 'pcap-why/report/2' })).not.toEqual([])
    expect(faults(whole, { ...report, unheardOf: 1 })).not.toEqual([])
    expect(faults(whole, { ...report, flows: [{}] })).not.toEqual([])
    expect(faults(validator('ReportDocument', true), { ...report, unheardOf: 1 })).toEqual([])
    expect(faults(line, { type: 'flow' })).not.toEqual([])
  })
})
