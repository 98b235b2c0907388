import { describe } from 'vitest'
import { cases } from './cases/never-arrived.js'
import { testCases } from './test-cases.js'

describe('never-arrived', () => testCases(cases))
