import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { clean } from './cases/quiet-ends.js'

describe('clean', () => testCases(clean))
