import { describe } from 'vitest'
import { testCases } from './test-cases.js'
import { refused, unreachable } from './cases/connecting.js'

describe('refused', () => testCases(refused))
describe('refused by an ICMP error', () => testCases(unreachable))
