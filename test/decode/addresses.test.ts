import { expect, test } from 'vitest'
import { AddressTable, ipv6Text } from '../../src/decode/addresses.js'
import { addressBytes } from '../helpers/packet-bytes.js'

test.each([
  ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['fe80:0:0:0:0:0:0:0', 'fe80::'],
  ['0:0:0:0:0:ffff:c000:201', '::ffff:192.0.2.1'],
])('%s is written %s (RFC 5952)', (long, short) => {
  expect(ipv6Text(Uint8Array.from(addressBytes(long)))).toBe(short)
})

test('equal addresses have equal indexes, however many there are', () => {
  const table = new AddressTable()
  const address = (i: number): Uint8Array =>
    Uint8Array.from(addressBytes(`2001:db8:${(i >> 8).toString(16)}::${(i & 255).toString(16)}`))
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 5000; i++) expect(table.intern(address(i), 0)).toBe(i)
  }
  expect(table.size).toBe(5000)
  expect(table.text(6, 0x1234 & 4095)).toBe('2001:db8:2::34')
  expect(table.text(4, 0xc0000201)).toBe('192.0.2.1')
})
