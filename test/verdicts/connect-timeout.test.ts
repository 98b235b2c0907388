import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { connectTimeout } from './cases/connecting.js'

describe('connect-timeout', () => testCases(connectTimeout))
