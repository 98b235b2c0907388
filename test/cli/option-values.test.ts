import { describe, expect, it } from 'vitest'
import { addressText, parseAddress } from '../../src/cli/ip-address.js'
import { parseClasses, parseFlowNumber, parseReportFiles, parseRole } from '../../src/cli/option-values.js'

describe('--role', () => {
  it.each([
    ['nginx=10.0.0.2', { role: 'nginx', ip: '10.0.0.2', port: null }],
    ['proxy=10.0.0.3:8000', { role: 'proxy', ip: '10.0.0.3', port: 8000 }],
    ['lb=[fd00::1]:443', { role: 'lb', ip: 'fd00::1', port: 443 }],
    ['lb=[fd00::1]', { role: 'lb', ip: 'fd00::1', port: null }],
    ['lb=FD00:0:0::1', { role: 'lb', ip: 'fd00::1', port: null }],
    ['my-gateway.2=10.0.0.9', { role: 'my-gateway.2', ip: '10.0.0.9', port: null }],
  ])('%s', (text, role) => {
    expect(parseRole(text)).toEqual(role)
  })

  it.each([
    ['nginx', 'expected <name>=<ip[:port]>'],
    ['=10.0.0.2', 'expected <name>=<ip[:port]>'],
    ['nginx=localhost', '"localhost" is not an IP address'],
    ['nginx=10.0.0.2:0', '0 is not a port number'],
    ['nginx=10.0.0.2:99999', '99999 is not a port number'],
    ['\x1b[31m=10.0.0.2', 'a name has up to 40'],
    [`${'n'.repeat(41)}=10.0.0.2`, 'a name has up to 40'],
  ])('%j is refused', (text, message) => {
    expect(() => parseRole(text)).toThrow(message)
  })
})

describe('other values', () => {
  it('flow numbers', () => {
    expect(parseFlowNumber('0')).toBe(0)
    for (const text of ['-1', '1.5', 'abc', '', '1e3']) expect(() => parseFlowNumber(text)).toThrow('--flow')
  })

  it('classes', () => {
    expect(parseClasses('idle-timeout, keepalive-race')).toEqual(['idle-timeout', 'keepalive-race'])
    expect(() => parseClasses('idle-timeout,timeout')).toThrow('no class is called "timeout"')
    expect(() => parseClasses(',')).toThrow('no class named')
  })

  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:10.0.0.2', '::ffff:a00:2'],
    ['192.0.2.255', '192.0.2.255'],
  ])('address %s is written %s', (text, written) => {
    expect(addressText(parseAddress(text) ?? [])).toBe(written)
  })

  it.each(['', ':', ':::', '1:2', '1.2.3.4.5', '256.0.0.1', 'fe80::1%eth0', '1:2:3:4:5:6:7:8:9', '12345::'])(
    '%j is no address',
    (text) => {
      expect(parseAddress(text)).toBeNull()
    },
  )
})

describe('--report', () => {
  it('takes names whose ending says what to write, several of them', () => {
    expect(parseReportFiles('b.MD', parseReportFiles('a.html'))).toEqual(['a.html', 'b.MD'])
  })

  it.each(['why', 'why.pdf', 'why.pcap', 'html'])('refuses %s and says what would do', (name) => {
    expect(() => parseReportFiles(name)).toThrow(/the ending says what to write/)
  })
})
