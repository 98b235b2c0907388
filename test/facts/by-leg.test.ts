import { expect, test } from 'vitest'
import { ByLeg } from '../../src/facts/by-leg.js'

test('a leg is who calls, and the address and port of the server', () => {
  const legs = new ByLeg<string>()
  const server = { ip: '10.0.0.1', port: 80 }
  legs.add('clients', server, 'first')
  legs.add('10.0.0.9', server, 'second')
  legs.add('clients', { ip: '10.0.0.2', port: 80 }, 'third')
  expect(legs.get('clients', { ...server })).toBe('first')
  expect(legs.get('10.0.0.9', server)).toBe('second')
  expect(legs.all).toEqual(['first', 'second', 'third'])
})

test('near misses: another port, another address, another caller', () => {
  const legs = new ByLeg<string>()
  legs.add('clients', { ip: '10.0.0.1', port: 80 }, 'first')
  expect(legs.get('clients', { ip: '10.0.0.1', port: 81 })).toBeUndefined()
  expect(legs.get('clients', { ip: '10.0.0.2', port: 80 })).toBeUndefined()
  expect(legs.get('10.0.0.9', { ip: '10.0.0.1', port: 80 })).toBeUndefined()
})
