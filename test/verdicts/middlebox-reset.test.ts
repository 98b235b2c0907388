import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { cases } from './cases/middlebox-reset.js'

describe('middlebox-reset', () => testCases(cases))
