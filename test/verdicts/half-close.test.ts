import { describe } from 'vitest'
import { cases } from './cases/half-close.js'
import { testCases } from './test-cases.js'

describe('half-close', () => testCases(cases))
