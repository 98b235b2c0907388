import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { open } from './cases/quiet-ends.js'

describe('open', () => testCases(open))
