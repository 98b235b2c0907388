import { expect, test } from 'vitest'
import { clientEnds, flowsOf, get, ok, opens, post, served, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:80 ts'

test('times are seconds since the start of the capture', async () => {
  const flow = await verdictOf(`flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts
    0.0 z > S
    z < R.
    ${A}
    ${served('a', '2.0')}
    ${clientEnds('a', '+0.5')}`)
  const named = await flowsOf(`${A}
    ${served('a', '0.0')}
    ${clientEnds('a', '+0.5')}`)
  expect(flow.start).toBe(0)
  expect(named.a).toMatchObject({ start: 0, frames: 9, exchanges: 1, clientBasis: 'syn' })
  expect(named.a?.close.first?.time).toBeCloseTo(0.5014, 4)
  expect(named.a?.close.silence).toBeCloseTo(0.5001, 4)
})

test('payload is counted once, retransmissions and probes not at all', async () => {
  const flow = await verdictOf(`${A}
    ${opens('a')}
    a > P. ${post('/', 10)}
    +0.3 a > P. again
    a < P. ${ok(5)}
    +0.3 a < P. again
    a > .
    9.0 a > . 'x' probe
    a < .`)
  expect(flow.payloadBytes).toEqual({ client: 58, server: 43 })
})

test('without a close there is none, and no silence', async () => {
  const flow = await verdictOf(`${A}\n${served('a')}`)
  expect(flow.close).toMatchObject({
    first: null,
    second: null,
    silence: null,
    owed: 'nothing',
    phase: 'between-requests',
  })
})

test('without payload there is no silence since the last payload', async () => {
  const flow = await verdictOf(`${A}\n${opens('a')}\n${clientEnds('a', '+60')}`)
  expect(flow.close).toMatchObject({ lastData: null, silence: null })
})

test('links name the other legs of the same exchange, each once', async () => {
  const flows = await flowsOf(`${D}\n${A}
    ${opens('d')}
    ${opens('a')}
    1.0 d > P. ${get('/x')}
    a > P. ${get('/x')}
    a < P. ${ok()}
    d < P. ${ok()}
    d > .
    2.0 d > P. ${get('/y')}
    a > P. ${get('/y')}
    a < P. ${ok()}
    d < P. ${ok()}`)
  expect(flows.d?.links).toEqual([{ stream: flows.a?.stream, relation: 'upstream', certainty: 'likely' }])
  expect(flows.a?.links).toEqual([{ stream: flows.d?.stream, relation: 'downstream', certainty: 'likely' }])
})

test('only flows that are not ok are shown, unless asked for', async () => {
  const ladder = `${A}
    flow b 10.0.0.2:40123 > 10.0.0.3:8001 ts
    ${served('a')}
    ${clientEnds('a', '+0.5')}
    b > S
    b < R.`
  const streams = async (options: object): Promise<string> =>
    Object.keys(await flowsOf(ladder, options))
      .sort()
      .join()
  expect(await streams({ all: true })).toBe('a,b')
  expect(await streams({ all: false })).toBe('b')
  expect(await streams({ all: false, flow: 0 })).toBe('a,b')
  expect(await streams({ filter: ({ server }: { server: { port: number } }) => server.port === 8000 })).toBe(
    'a',
  )
})
