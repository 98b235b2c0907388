import { describe, expect, test } from 'vitest'
import { get, opens, verdictOf } from '../helpers/verdict-of.js'
import { testCases } from './test-cases.js'
import { cases } from './cases/middlebox-reset.js'

describe('middlebox-reset', () => testCases(cases))

test('near miss: the kernel of a scanner resets what it did not ask for, and the scanner goes on', async () => {
  const { verdict } = await verdictOf(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    0.0 a > S
        a < S.
        a > R
    +15 a > P. ${get('/')} seq 1 ack 1
        a < R`)
  expect(verdict.class).not.toBe('middlebox-reset')
})

test('rising sequence numbers feel for the window; the first RST alone would look like the server’s own', async () => {
  const { verdict } = await verdictOf(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    a > P. ${get('/word')}
    a < .
    +0.5 a < R.
    +0.01 a < R. seq 1461
    +0.01 a < R. seq 4381`)
  expect(verdict).toMatchObject({ class: 'middlebox-reset', certainty: 'likely' })
  expect(verdict.summary).toMatch(/3 RSTs with rising sequence numbers/)
})
