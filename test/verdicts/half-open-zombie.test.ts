import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { cases } from './cases/half-open-zombie.js'

describe('half-open-zombie', () => testCases(cases))
