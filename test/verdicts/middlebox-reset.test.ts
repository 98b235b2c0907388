import { describe, expect, test } from 'vitest'
import { get, verdictOf } from '../helpers/verdict-of.js'
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
