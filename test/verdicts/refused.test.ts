import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { refused } from './cases/connecting.js'

describe('refused', () => testCases(refused))
