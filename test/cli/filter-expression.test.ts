import { describe, expect, it } from 'vitest'
import { parseFilter } from '../../src/cli/filter-expression.js'
import { UsageError } from '../../src/cli/usage-error.js'

const flow = { client: { ip: '10.0.0.2', port: 40_122 }, server: { ip: '10.0.1.3', port: 443 } }
const flow6 = { client: { ip: 'fd00::2', port: 40_122 }, server: { ip: '2001:db8::3', port: 80 } }

describe('--filter', () => {
  it.each([
    ['host 10.0.0.2', true],
    ['10.0.0.2', true],
    ['host 10.0.0.20', false],
    ['src host 10.0.0.2', true],
    ['dst host 10.0.0.2', false],
    ['client 10.0.0.2 and server port 443', true],
    ['src port 443', false],
    ['dst port 443', true],
    ['port 443', true],
    ['net 10.0.0.0/24', true],
    ['dst net 10.0.0.0/24', false],
    ['dst net 10.0.0.0/15', true],
    ['net 0.0.0.0/0', true],
    ['net ::/0', false],
    ['not port 443', false],
    ['! port 80', true],
    ['not (port 80 or port 8080)', true],
    ['port 80 or port 443 and host 10.9.9.9', false],
    ['(port 80 || port 443) && host 10.0.0.2', true],
    ['NOT PORT 80 AND HOST 10.0.1.3', true],
    ['not not port 443', true],
  ])('%s: %s', (expression, matches) => {
    expect(parseFilter(expression)(flow)).toBe(matches)
  })

  it.each([
    ['host fd00:0:0:0:0:0:0:2', true],
    ['dst host 2001:DB8::3', true],
    ['net fd00::/8', true],
    ['dst net fd00::/8', false],
    ['host 10.0.0.2', false],
    ['net 2001:db8::/127', false],
    ['net 2001:db8::/126', true],
  ])('IPv6, %s: %s', (expression, matches) => {
    expect(parseFilter(expression)(flow6)).toBe(matches)
  })

  it.each([
    ['', '--filter is empty'],
    ['host', '--filter ends where an address was expected'],
    ['host and port 80', '"and" at character 6 is not an IP address'],
    ['port http', '"http" at character 6 is not a port number'],
    ['port 70000', '"70000" at character 6 is not a port number'],
    ['net 10.0.0.0', '"10.0.0.0" at character 5 is not a network such as 10.0.0.0/24'],
    ['net 10.0.0.0/33', 'has a prefix longer than 32 bits'],
    ['(port 80', '"(" at character 1 is never closed'],
    ['port 80)', '")" at character 8 closes nothing'],
    ['port 80 port 81', '"port" at character 9 comes where "and", "or" or the end was expected'],
    ['prot 80', '"prot" at character 1 is not one of host, net, port'],
    ['443', '"443" at character 1 is not one of host, net, port'],
    ['host 1.2.3', '"1.2.3" at character 6 is not an IP address'],
    ['host 01.2.3.4', 'is not an IP address'],
    ['host 1::2::3', 'is not an IP address'],
    ['port 80 &', '"&" at character 9'],
    ['not', '--filter ends where'],
  ])('%j is refused with its place', (expression, message) => {
    expect(() => parseFilter(expression)).toThrow(UsageError)
    expect(() => parseFilter(expression)).toThrow(message)
  })

  it('copes with deep nesting', () => {
    const deep = '('.repeat(500) + 'port 443' + ')'.repeat(500)
    expect(parseFilter(deep)(flow)).toBe(true)
  })
})
