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

test('half of them are given up: those worth least, of equals the later ones', () => {
  const legs = new ByLeg<{ name: string; worth: number }>()
  const server = (port: number): { ip: string; port: number } => ({ ip: '10.0.0.1', port })
  const worths = [1, 5, 1, 1, 9]
  worths.forEach((worth, index) => {
    legs.add('clients', server(index), { name: `leg ${index}`, worth })
  })
  expect(legs.halve(({ worth }) => worth).map(({ name }) => name)).toEqual(['leg 0', 'leg 2', 'leg 3'])
  expect(legs.all.map(({ name }) => name)).toEqual(['leg 1', 'leg 4'])
  expect(legs.get('clients', server(0))).toBeUndefined()
  expect(legs.get('clients', server(4))?.name).toBe('leg 4')
  legs.add('clients', server(0), { name: 'again', worth: 1 })
  expect(legs.all.at(-1)).toBe(legs.get('clients', server(0)))
})
