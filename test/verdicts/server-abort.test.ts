import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { cases } from './cases/server-abort.js'

describe('server-abort', () => testCases(cases))
