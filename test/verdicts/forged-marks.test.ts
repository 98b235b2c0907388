import { describe, expect, test } from 'vitest'
import { get, opens, verdictOf } from '../helpers/verdict-of.js'
import { weightOf } from '../../src/verdicts/classes/middlebox-reset-tests.js'
import { policy } from '../../src/verdicts/policy.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
/** A request in five pieces, each acknowledged: the server's IP IDs are seen to count. */
const COUNTED = `${A}
  ${opens('a')}
  a > P. 'POST / HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 50\\r\\n\\r\\n'
  a < . id 700
  a > P. '1111111111'
  a < . id 701
  a > P. '2222222222'
  a < . id 702
  a > P. '3333333333'
  a < . id 704
  a > P. '4444444444'
  a < . id 705
  a > P. '5555555555'
  a < . id 706`

/** The class, and what is said of the marks of the RST. */
async function marksOf(ladder: string): Promise<[string, string]> {
  const { verdict } = await verdictOf(ladder)
  const rejected = verdict.notThis.find((one) => one.class === 'middlebox-reset')?.because ?? ''
  const shown = verdict.evidence.map(({ text }) => text).filter((text) => text.includes(': weight '))
  return [verdict.class, verdict.class === 'middlebox-reset' ? shown.join('; ') : rejected]
}

describe('an IP ID out of its side’s count', () => {
  test('is a weak mark, and with another weak one the class', async () => {
    expect(await marksOf(`${COUNTED}\n+0.5 a < R. id 40122`)).toEqual([
      'server-abort',
      expect.stringMatching(/only a weak mark: its IP ID is 40122, .* was at 706 \(weight 1\)/),
    ])
    const [word, marks] = await marksOf(`${COUNTED}\n+0.5 a < R. id 0 'blocked'`)
    expect(word).toBe('middlebox-reset')
    expect(marks).toMatch(/its IP ID is 0, .*: weight 1; it carries payload: weight 1/)
  })

  test.each([
    ['the next number', `${COUNTED}\n+0.5 a < R. id 707`],
    ['a few packets further, which the capture may lack', `${COUNTED}\n+0.5 a < R. id 740`],
    ['a RST of no socket has none', `${COUNTED}\n+0.5 a < R`],
    ['numbers drawn at random', `${COUNTED.replace('id 705', 'id 51234')}\n+0.5 a < R. id 40122`],
    ['all alike', `${COUNTED.replace(/id \d+/g, 'id 7')}\n+0.5 a < R. id 40122`],
    ['too few to tell', `${COUNTED.split('\n').slice(0, 8).join('\n')}\n+0.5 a < R. id 40122`],
  ])('near miss: %s', async (_, ladder) => {
    const [word, marks] = await marksOf(ladder)
    expect(word).not.toBe('middlebox-reset')
    expect(marks).not.toContain('IP ID is')
  })
})

describe('ACK numbers that change over a series', () => {
  const WAITING = `${A}\n${opens('a')}\na > P. ${get('/word')}\na < .\n+0.5 a < R.`

  test('to less, or to more than was sent, while the other side is silent', async () => {
    for (const later of ['a < R. ack 1', 'a < R. ack 5000'])
      expect(await marksOf(`${WAITING}\n+0.01 ${later}`)).toEqual([
        'server-abort',
        expect.stringMatching(/only a weak mark: 2 RSTs acknowledge different numbers/),
      ])
    const [word, marks] = await marksOf(
      `${WAITING.replace('a < R.', "a < R. 'blocked'")}\n+0.01 a < R. ack 1`,
    )
    expect(word).toBe('middlebox-reset')
    expect(marks).toMatch(/different numbers.*: weight 1; it carries payload: weight 1/)
  })

  test.each([
    ['the same number again', '+0.01 a < R.'],
    ['a stateless one has none', '+0.01 a < R'],
    ['three seconds later', '+3 a < R. ack 1'],
    ['the other side went on in between', `a > P. 'more'\n+0.01 a < R.`],
  ])('near miss: %s', async (_, later) => {
    expect((await marksOf(`${WAITING}\n${later}`))[1]).not.toContain('different numbers')
  })

  test('near miss: what was on its way when the first was sent', async () => {
    const ladder = `${A}\n${opens('a')}\na > P. ${get('/word')}\na < .\na > P. 'GET /2'\n+0.5 a < R. unseen 1\n+0.01 a < R.`
    expect((await marksOf(ladder))[1]).not.toContain('different numbers')
  })
})

describe('a reason code of a vendor', () => {
  const WAITING = `${A}\n${opens('a')}\na > P. ${get('/word')}\na < .\n`

  test('is told, and is no proof by itself: the box may be the server', async () => {
    expect(await marksOf(`${WAITING}+0.5 a < R. win 9300`)).toEqual([
      'server-abort',
      expect.stringMatching(/its window 9300 is a reason code of Citrix NetScaler \(an idle connection/),
    ])
    const { verdict } = await verdictOf(`${WAITING}+0.5 a < R. win 9300 ttl 60`)
    expect(verdict.class).toBe('middlebox-reset')
    expect(verdict.remarks.join()).toContain('the reason code is that of a Citrix NetScaler')
  })

  test('near miss: a window that is nobody’s code', async () => {
    expect((await marksOf(`${WAITING}+0.5 a < R. win 9304`))[1]).not.toContain('NetScaler')
  })
})

test('one weak mark is not enough, one strong is, and none but a decisive one makes it certain', () => {
  const { forgedWeak, forgedStrong, forgedDecisive, forgedLikely, forgedCertain } = policy
  expect(forgedWeak).toBeLessThan(forgedLikely)
  expect(forgedStrong).toBeGreaterThanOrEqual(forgedLikely)
  const allButDecisive = Array(4).fill({ frame: 1, text: '', weight: forgedStrong })
  expect(weightOf(allButDecisive)).toBeLessThan(forgedCertain)
  expect(forgedDecisive).toBeGreaterThanOrEqual(forgedCertain)
})
