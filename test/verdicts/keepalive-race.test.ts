import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { cases } from './cases/keepalive-race.js'

describe('keepalive-race', () => testCases(cases))
