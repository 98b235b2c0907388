import { describe, expect, test } from 'vitest'
import { Pseudonyms } from '../../src/report/pseudonyms.js'
import { captureOf, findingOf, flowOf, reportOf, rowOf, verdictOf } from './fixtures.js'
import { busyReport } from './scenarios.js'

describe('pseudonyms', () => {
  test('no address of the report is left, in any text', () => {
    const text = JSON.stringify(new Pseudonyms().report(busyReport()))
    expect(text).not.toMatch(/10\.0\.0\.\d|192\.0\.2\.7/)
    expect(text).toContain('198.18.0.')
  })

  test('the same address gets the same name everywhere, another another', () => {
    const flow = flowOf({
      client: { ip: '10.0.0.2', port: 1, role: null },
      verdict: verdictOf({
        summary: '10.0.0.2 left; 10.0.0.20:8000 and [fd00::1]:80, fd00::1: and fd00::2 stayed',
      }),
    })
    const { client, verdict } = new Pseudonyms().of(flow)
    expect(client.ip).toBe('198.18.0.1')
    expect(verdict.summary).toBe(
      '198.18.0.1 left; 198.18.0.3:8000 and [2001:db8::1]:80, 2001:db8::1: and 2001:db8::2 stayed',
    )
  })

  test('what looks like an address and is none stays', () => {
    const kept =
      'at 08:00:00, version 1.2.3, 1.2.3.4.5, 999.1.1.1, a::b::c, 60.001 s, nginx.proxy_read_timeout, #12:34'
    expect(new Pseudonyms().of({ text: kept })).toEqual({ text: kept })
  })

  test('the name that a TLS client asks for', () => {
    const tls = { version: '1.3', serverName: 'API.internal', established: true }
    const names = new Pseudonyms()
    expect(names.of(flowOf({ tls })).tls?.serverName).toBe('host-1.example')
    expect(names.of(rowOf({ label: 'GET http://api.internal/' })).label).toBe('GET http://host-1.example/')
  })

  test('host names of targets', () => {
    const names = new Pseudonyms()
    const label = (text: string): string | null => names.of(rowOf({ label: text })).label
    expect(label('CONNECT api.internal:443')).toBe('CONNECT host-1.example:443')
    expect(label('GET http://…@API.internal/v1')).toBe('GET http://…@host-1.example/v1')
    expect(label('GET http://10.9.9.9:81/')).toBe('GET http://198.18.0.1:81/')
    expect(label('GET http://[fd00::9]/')).toBe('GET http://[2001:db8::1]/')
    expect(label('POST /v1/messages')).toBe('POST /v1/messages')
  })

  test('settings, roles and classes are words of ours', () => {
    const finding = findingOf()
    const named = new Pseudonyms().of(finding)
    expect(named.timer).toEqual(finding.timer)
    expect(named.client.role).toBe('nginx')
  })

  test('folders of capture files go, the time stays', () => {
    const report = reportOf({ captures: [captureOf({ file: '/home/jane/acme/timeout.pcap' })] })
    const [capture] = new Pseudonyms().report(report).captures
    expect(capture?.file).toBe('timeout.pcap')
    expect(capture?.start).toBe('2026-01-21T08:00:00.000123456Z')
  })

  test('hosts of the chain have the same names whichever flows are shown', () => {
    const whole = busyReport()
    const few = { ...whole, flows: whole.flows.slice(-1), findings: [] }
    expect(new Pseudonyms().report(few).chain).toEqual(new Pseudonyms().report(whole).chain)
  })

  test('naming twice changes nothing', () => {
    const names = new Pseudonyms()
    const once = names.report(busyReport())
    expect(names.report(once)).toEqual(once)
  })
})
