import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { unclassified } from './cases/quiet-ends.js'

describe('unclassified', () => testCases(unclassified))
