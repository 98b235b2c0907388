/** A segment without payload tells by its sequence number what its side had sent before, also what the capture lacks of it. */
import { describe, expect, it } from 'vitest'
import { factsOf } from '../helpers/facts-of.js'
import { brief, flowsOf, served } from '../helpers/verdict-of.js'

const NAMES = ['a', 'b', 'c', 'd']

/** Four connections of which the client closes its side; `end`: what the server does then. */
async function left(end: (name: string) => string): Promise<string[]> {
  const flows = NAMES.map((name, at) => `flow ${name} 10.0.0.2:${40122 + at} > 10.0.0.3:8000 ts`)
  const lines = NAMES.map((name) => `${served(name)}\n ${name} > F.\n ${end(name)}`)
  const later = 'flow z 10.0.0.2:49000 > 10.0.0.3:8000 ts'
  const ladder = [...flows, later, ...lines, '40 z > S', 'z < S.', 'z > .'].join('\n')
  const { a } = await flowsOf(ladder)
  return [a === undefined ? '' : brief(a), a?.verdict.summary ?? '']
}

describe('a FIN that the capture lacks', () => {
  it('shows in the sequence number of what was sent after it: nobody is held half-closed', async () => {
    // Its FIN has the number 41: the ACK behind it has 42, and the ACK of the FIN itself is lost, too.
    const [verdict, summary] = await left((name) => `${name} < . seq 42`)
    expect(verdict).toMatch(/^open ok likely/)
    expect(summary).toContain('what the other side sent then is not all in the capture')
  })

  it('was none where the number is the next one', async () => {
    const [verdict] = await left((name) => `${name} < .`)
    expect(verdict).toMatch(/^half-open-zombie\/half-closed problem likely/)
  })

  it('is not missed where it only comes late', async () => {
    const { sides } = await factsOf(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${served('a')}
      a > F.
      a < . seq 42
      a < F. seq 41
      a > .`)
    expect(sides.server.missingTo).toBeNull()
  })
})

it('bytes count alike, until they come', async () => {
  const sent = (more: string): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${served('a')}
      a < . seq 141
      ${more}`
  expect((await factsOf(sent(''))).sides.server.missingTo).not.toBeNull()
  expect((await factsOf(sent('a < P. len 100 seq 41'))).sides.server.missingTo).toBeNull()
})
