import { expect, test } from 'vitest'
import { requestHead, responseHead } from '../../src/exchange/message-heads.js'

const REQUEST = ['GET', 11, 'shop.example', '10.0.0.1', 'curl/8.5.0'] as const
const RESPONSE = [200, 'OK', 'nginx', '1.1 lb-1', null, 5] as const
/** Other values, most of them as long as those above: heads are looked up by the lengths of their texts. */
const OTHER_REQUEST = ['PUT', 10, 'shop.examplf', '10.0.0.2', 'curl/8.5.1'] as const
const OTHER_RESPONSE = [404, 'No', 'caddy', '1.1 lb-2', 'node', 6] as const

test('heads that say the same are one object', () => {
  expect(requestHead(...REQUEST)).toBe(requestHead(...REQUEST))
  expect(responseHead(...RESPONSE)).toBe(responseHead(...RESPONSE))
  expect(requestHead(...REQUEST)).toEqual({
    ...{ method: 'GET', version: 11, host: 'shop.example' },
    ...{ forwardedFor: '10.0.0.1', userAgent: 'curl/8.5.0' },
  })
  expect(responseHead(...RESPONSE)).toEqual({
    ...{ status: 200, reason: 'OK', server: 'nginx', via: '1.1 lb-1', writer: null, keepAliveSeconds: 5 },
  })
})

test('one value that is another, or missing, makes another head', () => {
  for (const [at, other] of OTHER_REQUEST.entries())
    for (const value of [other, null]) {
      const head = requestHead(...(REQUEST.map((one, i) => (i === at ? value : one)) as unknown as Request))
      expect(Object.values(head)).toEqual(REQUEST.map((one, i) => (i === at ? value : one)))
      expect(Object.values(requestHead(...REQUEST))).toEqual(REQUEST)
    }
  for (const [at, other] of OTHER_RESPONSE.entries())
    for (const value of [other, null]) {
      const head = responseHead(
        ...(RESPONSE.map((one, i) => (i === at ? value : one)) as unknown as Response),
      )
      expect(Object.values(head)).toEqual(RESPONSE.map((one, i) => (i === at ? value : one)))
      expect(Object.values(responseHead(...RESPONSE))).toEqual(RESPONSE)
    }
})

type Request = Parameters<typeof requestHead>
type Response = Parameters<typeof responseHead>
