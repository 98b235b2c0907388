import { describe, expect, it } from 'vitest'
import { noteVariables } from '../../src/exchange/app-variables.js'
import { newExchange } from '../../src/exchange/exchange-list.js'
import type { Exchange } from '../../src/exchange/exchange.js'

const latin = (text: string): number[] => [...Buffer.from(text, 'latin1')]
const BEGIN = [1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]

/** A request as nginx begins it: BEGIN_REQUEST and PARAMS; lengths of 128 and more take four bytes. */
function fastCgi(variables: Record<string, string>): Uint8Array {
  const length = (text: string): number[] =>
    text.length < 128 ? [text.length] : [0x80, 0, text.length >> 8, text.length & 255]
  const content = Object.entries(variables).flatMap(([name, value]) => [
    ...length(name),
    ...length(value),
    ...latin(name),
    ...latin(value),
  ])
  return Uint8Array.from([...BEGIN, 1, 4, 0, 1, content.length >> 8, content.length & 255, 0, 0, ...content])
}

function uwsgi(variables: Record<string, string>): Uint8Array {
  const content = Object.entries(variables).flatMap((pair) =>
    pair.flatMap((text) => [text.length & 255, text.length >> 8, ...latin(text)]),
  )
  return Uint8Array.from([0, content.length & 255, content.length >> 8, 0, ...content])
}

function noted(protocol: 'fastcgi' | 'uwsgi', bytes: Uint8Array): Exchange {
  const exchange = newExchange(0)
  noteVariables(exchange, protocol, bytes, 0, bytes.length)
  return exchange
}

const VARIABLES = {
  QUERY_STRING: 's=8',
  REQUEST_METHOD: 'POST',
  CONTENT_LENGTH: '3000',
  REQUEST_URI: '/slow?s=8',
  HTTP_COOKIE: 'c'.repeat(300),
  HTTP_HOST: 'shop.example',
  HTTP_X_REQUEST_ID: 'abc-1',
}

describe('what a request to an application says of the HTTP request it was made from', () => {
  it.each([
    ['fastcgi', fastCgi(VARIABLES)],
    ['uwsgi', uwsgi(VARIABLES)],
  ] as const)('in %s', (protocol, bytes) => {
    const { method, target, targetCut, host, requestId, requestBody } = noted(protocol, bytes)
    expect({ method, target, targetCut, host, requestId, requestBody }).toEqual({
      method: 'POST',
      target: '/slow?s=8',
      targetCut: false,
      host: 'shop.example',
      requestId: 'abc-1',
      requestBody: 3000,
    })
  })

  it('as far as it has come', () => {
    const whole = fastCgi(VARIABLES)
    expect(noted('fastcgi', whole.subarray(0, whole.length - 30))).toMatchObject({
      method: 'POST',
      target: '/slow?s=8',
      requestId: null,
    })
  })

  it.each([
    ['no target', fastCgi({ REQUEST_METHOD: 'GET', HTTP_HOST: 'h' })],
    ['no method', fastCgi({ REQUEST_URI: '/' })],
    ['nothing behind the beginning', Uint8Array.from(BEGIN)],
    [
      'lengths beyond the end',
      Uint8Array.from([...BEGIN, 1, 4, 0, 1, 255, 255, 0, 0, 255, 255, 255, 255, 1]),
    ],
  ])('nothing with %s', (_, bytes) => {
    expect(noted('fastcgi', bytes)).toMatchObject({ method: null, target: null })
  })
})
