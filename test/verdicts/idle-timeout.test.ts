import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { cases } from './cases/idle-timeout.js'

describe('idle-timeout', () => testCases(cases))
