import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { cases } from './cases/client-abort.js'

describe('client-abort', () => testCases(cases))
