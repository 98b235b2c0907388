import { describe, expect, it } from 'vitest'
import { clientEnds, flowsOf, ok, opens, served, type VerdictOptions } from '../helpers/verdict-of.js'

/** Connections of one client, each last used at one of these moments and closed by the client at another. */
function pool(used: readonly number[], closed: readonly number[], server = '10.0.0.3:8000'): string {
  return used
    .map(
      (at, n) => `flow p${n} 10.0.0.2:4100${n} > ${server.replace('N', String(n + 3))} ts
        ${served(`p${n}`, at.toFixed(4))}
        ${clientEnds(`p${n}`, closed[n]!.toFixed(4))}`,
    )
    .join('\n')
}

async function classes(ladder: string, options: VerdictOptions = {}): Promise<string[]> {
  return Object.values(await flowsOf(ladder, options)).map(
    ({ verdict }) => `${verdict.class} ${verdict.certainty} ${verdict.timer === null ? 'no timer' : 'timer'}`,
  )
}

const TOGETHER = [40, 40.0005, 40.001, 40.0015]
const AT_OTHER_TIMES = [0, 3, 7, 12]

describe('idle connections that a client closes in one moment', () => {
  it('ended with its pool, not by a timer of each', async () => {
    const flows = await flowsOf(pool(AT_OTHER_TIMES, TOGETHER))
    expect(await classes(pool(AT_OTHER_TIMES, TOGETHER))).toEqual(Array(4).fill('clean likely no timer'))
    expect(flows['p0']!.verdict.remarks.join()).toMatch(
      /closed 4 idle connections within 1\.50 ms although their silences differed by 11\.99\d s: its pool was shut/,
    )
    expect(flows['p0']!.verdict.notThis.find((one) => one.class === 'idle-timeout')?.because).toMatch(
      /its pool was shut/,
    )
  })

  it('ended so whichever servers they went to', async () => {
    expect(await classes(pool(AT_OTHER_TIMES, TOGETHER, '10.0.0.N:8000'))).toEqual(
      Array(4).fill('clean likely no timer'),
    )
  })

  it('of which nobody can read what was said: clean is possible', async () => {
    const tls = pool(AT_OTHER_TIMES, TOGETHER).replace(
      /(p\d) > P\. '[^']*'\n\+0\.001 p\d < P\. '[^']*'/g,
      `$1 > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'\n+0.001 $1 < P. '\\x17\\x03\\x03\\x01\\x00${'r'.repeat(256)}'`,
    )
    expect(await classes(tls)).toEqual(Array(4).fill('clean possible no timer'))
  })

  it('near miss: all had been idle for the same time, as one timer makes it', async () => {
    const same = pool([0, 0.001, 0.002, 0.003], [60.0013, 60.0023, 60.0033, 60.0043])
    expect(await classes(same)).toEqual(Array(4).fill('idle-timeout likely timer'))
  })

  it('near miss: two are too few', async () => {
    expect(await classes(pool([0, 3], [40, 40.0005]))).toEqual(Array(2).fill('idle-timeout likely timer'))
  })

  it('near miss: the closes lie apart', async () => {
    expect(await classes(pool(AT_OTHER_TIMES, [40, 41, 42, 43]))).toEqual(
      Array(4).fill('idle-timeout likely timer'),
    )
  })

  it('near miss: the client shows the silence of one at another moment', async () => {
    const again = `flow b 10.0.0.2:42000 > 10.0.0.3:8000 ts
      ${served('b', '100.0')}
      ${clientEnds('b', '139.9994')}`
    const [first, second] = await classes(`${pool(AT_OTHER_TIMES, TOGETHER)}\n${again}`)
    expect([first, second]).toEqual(['idle-timeout likely timer', 'clean likely no timer'])
  })

  it('near miss: the user says that its timer is as long', async () => {
    const timeouts = [{ component: 'mine', setting: 'idle', seconds: 40 }]
    const [first, second] = await classes(pool(AT_OTHER_TIMES, TOGETHER), { timeouts })
    expect([first, second]).toEqual(['idle-timeout likely timer', 'clean likely no timer'])
  })

  it('near miss: another host closed them', async () => {
    const hosts = pool(AT_OTHER_TIMES, TOGETHER).replace(/10\.0\.0\.2:4100(\d)/g, '10.0.1.$1:41000')
    expect(await classes(hosts)).toEqual(Array(4).fill('idle-timeout likely timer'))
  })

  it('near miss: a response was still owed to one', async () => {
    const owed = `${pool(AT_OTHER_TIMES, TOGETHER)}
      flow w 10.0.0.2:43000 > 10.0.0.3:8000 ts
      ${opens('w', '39.0')}
      w > P. 'GET /slow HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
      40.002 w > F.
      w < P. ${ok()}
      w > R`
    expect((await classes(owed)).at(-1)).toMatch(/^client-abort/)
  })
})
