import { describe, expect, it } from 'vitest'
import { appProtocolOf, endsFastCgi } from '../../src/exchange/app-protocol.js'

const bytes = (...some: (number | string)[]): Uint8Array =>
  Uint8Array.from(some.flatMap((one) => (typeof one === 'number' ? [one] : [...Buffer.from(one, 'latin1')])))
const of = (payload: Uint8Array): string | null => appProtocolOf(payload, 0, payload.length)
/** As nginx begins a request to PHP-FPM: BEGIN_REQUEST, then the variables. */
const FASTCGI = [1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
/** As nginx begins a request to uWSGI. */
const UWSGI = [0, 56, 1, 0, 12, 0, 'QUERY_STRING', 3, 0, 's=8', 14, 0, 'REQUEST_METHOD']

describe('the protocol in which a request to an application begins', () => {
  it('is told by its first bytes', () => {
    expect(of(bytes(...FASTCGI, 1, 4, 0, 1))).toBe('fastcgi')
    expect(of(bytes(...UWSGI))).toBe('uwsgi')
  })

  it.each([
    ['another record of FastCGI', bytes(1, 4, ...FASTCGI.slice(2))],
    ['another version', bytes(2, ...FASTCGI.slice(1))],
    ['a role that is none', bytes(...FASTCGI.slice(0, 9), 4, ...FASTCGI.slice(10))],
    ['reserved bytes that are used', bytes(...FASTCGI.slice(0, 15), 1)],
    ['too few bytes', bytes(...FASTCGI.slice(0, 15))],
    ['a variable of another name', bytes(0, 56, 1, 0, 12, 0, 'QUERY_STRIPE')],
    ['another modifier', bytes(5, ...UWSGI.slice(1))],
    ['nothing', bytes()],
  ])('near miss: %s', (_, payload) => {
    expect(of(payload)).toBeNull()
  })
})

describe('the end of an answer in FastCGI', () => {
  const ends = (payload: Uint8Array): boolean | null => endsFastCgi(payload, 0, payload.length)
  const END = [1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

  it('is its last record', () => {
    expect(ends(bytes('some of the answer', ...END))).toBe(true)
    expect(ends(bytes('some', ...END.slice(0, 6), 2, 0, ...END.slice(8), 0, 0))).toBe(true)
  })

  it.each([
    ['another record', bytes('some of the answer', 1, 6, ...END.slice(2))],
    ['not at the end', bytes(...END, 'x')],
    ['another padding', bytes('some', ...END, 0, 0)],
  ])('near miss: %s', (_, payload) => {
    expect(ends(payload)).toBe(false)
  })

  it('is not told by too few bytes', () => {
    expect(ends(bytes(...END.slice(4)))).toBeNull()
  })
})
