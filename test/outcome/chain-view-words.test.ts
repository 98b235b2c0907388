import { describe, expect, it } from 'vitest'
import { namesStatus } from '../../src/outcome/chain-view-words.js'

describe('namesStatus', () => {
  it.each([
    'the client got 504',
    'it answered 504; nothing followed',
    '504 after 60.004 s',
    'the client got 504.',
  ])('finds the status in: %s', (sentence) => expect(namesStatus(sentence, 504)).toBe(true))

  it.each([
    'after 8.504 s',
    'after 504.2 ms',
    'after 504 ms',
    'flow 504 ended',
    '10.0.0.1:504 closed',
    '504 bytes',
    '15040',
    '1504',
  ])('takes no other number for it: %s', (sentence) => expect(namesStatus(sentence, 504)).toBe(false))
})
