import { describe, expect, it } from 'vitest'
import { flowsOf, opens } from '../helpers/verdict-of.js'

const HEAD = `'POST /up HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 5000\\r\\n\\r\\n${'b'.repeat(500)}'`
const said = (status: number): string => `'HTTP/1.1 ${status} No\\r\\nContent-Length: 2\\r\\n\\r\\nno'`

/** An upload that nginx passes on as it comes; what becomes of it. */
const upload = (end: string): string => `flow d 10.0.0.1:50001 > 10.0.0.2:80 ts
  flow u 10.0.0.2:40001 > 10.0.0.3:8000 ts
  ${opens('d')}
  d > P. ${HEAD}
  d < .
  ${opens('u', '+0.0002')}
  u > P. ${HEAD}
  u < .
  +0.2 d > P. len 500
  d < .
  u > P. len 500
  u < .
  ${end}`
const closesHere = `d < F.
  d > .
  d > F.
  d < .`

describe('an upload that the server behind a proxy answered before its end', () => {
  it('ended on both legs because of that server', async () => {
    for (const status of [500, 502]) {
      const { d, u } = await flowsOf(
        upload(`+0.1 u < P. ${said(500)}
  u < F.
  u > .
  u > F.
  u < .
  d < P. ${said(status)}
  ${closesHere}`),
      )
      expect(u!.verdict).toMatchObject({ class: 'server-abort', causeStream: null })
      expect(d!.verdict).toMatchObject({ class: 'server-abort', causeStream: u!.stream })
      expect(d!.verdict.fix.join()).toContain(`look at flow ${u!.stream}`)
    }
  })

  it('was answered by that server also where the proxy closed the leg behind', async () => {
    const { d, u } = await flowsOf(
      upload(`+0.1 u < P. ${said(500)}
  u > F.
  u < F.
  u > .
  d < P. ${said(500)}
  ${closesHere}`),
    )
    expect(d!.verdict).toMatchObject({ class: 'server-abort', causeStream: null })
    expect(d!.verdict.fix.join()).toContain(`why the server of flow ${u!.stream}, whose answer `)
  })

  it("near miss: the proxy's own answer", async () => {
    const { d } = await flowsOf(
      upload(`+0.1 d < P. ${said(413)}
  ${closesHere}
  u > F.
  u < F.
  u > .`),
    )
    expect(d!.verdict).toMatchObject({ class: 'server-abort', causeStream: null })
    expect(d!.verdict.fix.join()).not.toContain('passed on')
  })
})
