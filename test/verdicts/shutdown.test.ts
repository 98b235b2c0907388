import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { cases } from './cases/shutdown.js'

describe('shutdown', () => testCases(cases))
