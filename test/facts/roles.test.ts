import { expect, test } from 'vitest'
import { factsOf } from '../helpers/facts-of.js'
import { get, ok, opens } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000'
/** Server and client port look the other way round. */
const ODD = 'flow a 10.0.0.2:8000 > 10.0.0.3:40122'
const EQUAL = 'flow a 10.0.0.2:5000 > 10.0.0.3:5000'

test.each([
  ['the SYN', `${A}\n${opens('a')}`, '10.0.0.2', 'syn'],
  ['the SYN, against the ports', `${ODD}\n${opens('a')}`, '10.0.0.2', 'syn'],
  ['the SYN-ACK', `${A}\na < S. ack 1\na > .`, '10.0.0.2', 'syn-ack'],
  ['the SYN-ACK, against the ports', `${ODD}\na < S. ack 1\na > .`, '10.0.0.2', 'syn-ack'],
  ['the first request', `${ODD}\na > P. ${get()}`, '10.0.0.2', 'request'],
  ['a response', `${ODD}\na < P. ${ok()}`, '10.0.0.2', 'request'],
  [
    'the ClientHello',
    `${ODD}\na > P. '\\x16\\x03\\x01\\x00\\x05\\x01\\x00\\x00\\x01\\x00'`,
    '10.0.0.2',
    'tls-hello',
  ],
  ['the ephemeral port', `${A}\na < .\na > .`, '10.0.0.2', 'port'],
  ['the ephemeral port, the other end', `${ODD}\na < .\na > .`, '10.0.0.3', 'port'],
  ['nothing', `${EQUAL}\na < .\na > .`, '10.0.0.3', 'unknown'],
])('the client is told by %s', async (_, ladder, client, basis) => {
  const facts = await factsOf(ladder)
  expect(facts.client.ip).toBe(client)
  expect(facts.clientBasis).toBe(basis)
})

test.each([
  [32768, 'port'],
  [32767, 'unknown'],
])('port %i: %s', async (port, basis) => {
  const facts = await factsOf(`flow a 10.0.0.2:${port} > 10.0.0.3:8000\na > .\na < .`)
  expect(facts.clientBasis).toBe(basis)
})
