import { expect, test } from 'vitest'
import { reportOf, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'

test('a SYN answered with the ACK number of an earlier connection shows no missing bytes', async () => {
  const ladder = `${A}
    0.0 a > S
    a < . ack 50000
    a > R`
  const report = await reportOf(ladder)
  expect(report.captures[0]?.notSeen.join()).not.toMatch(/acknowledged but not captured/)
  expect((await verdictOf(ladder)).verdict.summary).toMatch(/still held an earlier connection/)
})

test('near miss: an ACK that covers what the client sent after a SYN-ACK that the capture lacks', async () => {
  const report = await reportOf(`${A}
    0.0 a > S
    a > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n' ack 1
    a < . ack 500`)
  expect(report.captures[0]?.notSeen.join()).toMatch(/acknowledged but not captured/)
})
