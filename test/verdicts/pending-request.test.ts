import { describe, expect, it } from 'vitest'
import { get, ok, opens, post, served, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'

async function pending(ladder: string): Promise<readonly [string | null | undefined, string]> {
  const { verdict } = await verdictOf(`${A}\n${ladder}`)
  const remark = verdict.remarks.find((each) => /retry|carried out|never read/.test(each)) ?? ''
  return [verdict.pendingRequest, remark]
}

describe('whether the server can have read the request that was pending', () => {
  it('a FIN that acknowledges none of it: unread, a retry is safe', async () => {
    const [read, remark] = await pending(`${served('a')}
      +5.000 a < F.
             a > P. ${post('/next', 50)} unseen
             a < R`)
    expect(read).toBe('unread')
    expect(remark).toMatch(/never read POST \/next .* a retry is safe, even of a POST/)
  })

  it('a server whose host goes on acknowledging after its FIN may go on reading', async () => {
    const [read, remark] = await pending(`${served('a')}
      +5.000 a < F.
             a > P. ${post('/next', 50)} unseen
             a < .
             a < R.`)
    expect(read).toBe('unknown')
    expect(remark).not.toMatch(/never read/)
  })

  it('a request that the server had acknowledged may have been carried out', async () => {
    const [read, remark] = await pending(`${opens('a')}
             a > P. ${post('/pay', 50)}
             a < .
      +1.000 a < R.`)
    expect(read).toBe('unknown')
    expect(remark).toMatch(/whether the server carried out POST \/pay cannot be seen/)
  })

  it('of a GET nothing need be said: sending it again does no harm', async () => {
    const [read, remark] = await pending(`${opens('a')}
             a > P. ${get('/pay')}
             a < .
      +1.000 a < R.`)
    expect([read, remark]).toEqual(['unknown', ''])
  })

  it('a response that had begun shows that the request was read', async () => {
    const [read, remark] = await pending(`${opens('a')}
             a > P. ${post('/pay', 50)}
             a < P. ${ok(500, 3)}
      +1.000 a < R.`)
    expect(read).toBe('read')
    expect(remark).toMatch(/had begun to answer POST \/pay/)
  })

  it('a host that knows no such connection has read nothing of it', async () => {
    const [read] = await pending(`${served('a')}
      +60.00 a > P. ${post('/next', 50)}
             a < R`)
    expect(read).toBe('unread')
  })

  it('a second sending may follow one that was read', async () => {
    const [read] = await pending(`${served('a')}
      +60.00 a > P. ${post('/next', 50)}
             a < .
      +0.300 a < R.`)
    expect(read).not.toBe('unread')
  })

  it('refused: no request was sent', async () => {
    const [read] = await pending(`+0.0 a > S
      a < R.`)
    expect(read).toBe('not-sent')
  })

  it('an orderly end leaves nothing pending', async () => {
    const [read, remark] = await pending(`${served('a')}
      +0.010 a > F.
             a < F.
             a > .`)
    expect([read, remark]).toEqual([null, ''])
  })
})
