import { describe, expect, it } from 'vitest'
import { brief, opens, verdictOf } from '../helpers/verdict-of.js'

const A = `flow a 10.0.0.2:40122 > 10.0.0.3:5672 ts
  ${opens('a')}`

describe('a server that resets a connection without a request, as stunnel and RabbitMQ do', () => {
  it('waited for a first byte, unless it had not taken it yet', async () => {
    const flow = await verdictOf(`${A}\n +3.999 a < R.`)
    expect(brief(flow)).toBe('idle-timeout ok possible server awaiting-request')
    expect(flow.verdict.timer?.seconds).toBeCloseTo(3.999, 2)
    expect(flow.verdict.remarks.join('\n')).toMatch(/had not accepted yet/)
  })

  it('near misses: at once, by a stack that knows no such connection, or by its client', async () => {
    for (const end of ['+0.5 a < R.', '+3.999 a < R', '+3.999 a > R.'])
      expect((await verdictOf(`${A}\n ${end}`)).verdict.class).not.toBe('idle-timeout')
  })

  it('near miss: with a FIN no other reading is as good', async () => {
    const flow = await verdictOf(`${A}\n +3.999 a < F.\n a > F.\n a < .`)
    expect(brief(flow)).toBe('idle-timeout ok likely server awaiting-request')
  })
})
