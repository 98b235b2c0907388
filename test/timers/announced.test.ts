import { describe, expect, it } from 'vitest'
import { verdictOf } from '../helpers/verdict-of.js'
import { FORWARDED, legLadder } from './legs.js'

const flow = (idle: number, headers: string): ReturnType<typeof verdictOf> =>
  verdictOf(legLadder([{ at: 0, idle, by: 'server', headers, asks: FORWARDED }]))
const proof = async (idle: number, headers: string): Promise<string> =>
  (await flow(idle, headers)).verdict.evidence.map(({ text }) => text).join('\n')

describe('an announced keep-alive timeout', () => {
  const said = 'Keep-Alive: timeout=7, max=100\\r\\n'

  it('proves the idle close that comes after that time, or a second later', async () => {
    expect(await proof(7.004, said)).toContain('announces Keep-Alive: timeout=7')
    expect(await proof(8.01, said)).toContain('announces Keep-Alive: timeout=7')
    expect((await flow(7.004, said)).verdict).toMatchObject({ class: 'idle-timeout', certainty: 'likely' })
  })

  it('is silent about a close at any other time, and when nothing was announced', async () => {
    expect(await proof(6.2, said)).not.toContain('announces')
    expect(await proof(9.5, said)).not.toContain('announces')
    expect(await proof(7.004, '')).not.toContain('announces')
  })
})
