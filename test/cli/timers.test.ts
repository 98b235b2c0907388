import { expect, it, vi } from 'vitest'
import { buildProgram } from '../../src/cli/program.js'

/** What the command line hands to the command it names. */
async function handed(args: readonly string[]): Promise<{ command: string; call: unknown[] }> {
  const command = (name: string): ((...call: unknown[]) => Promise<void>) => {
    return vi.fn((...call: unknown[]) => {
      seen = { command: name, call }
      return Promise.resolve()
    })
  }
  let seen = { command: 'none', call: [] as unknown[] }
  const parts = new Proxy(
    { version: '1', bare: false, writeOut: () => {}, writeErr: () => {} },
    {
      get: (known, name: string) => (name in known ? known[name as keyof typeof known] : command(name)),
    },
  )
  await buildProgram(parts as unknown as Parameters<typeof buildProgram>[0]).parseAsync(args, {
    from: 'user',
  })
  return seen
}

it('timers takes its own options, also those the main command has', async () => {
  const { command, call } = await handed([
    'timers',
    'a.pcap',
    'b.pcap',
    '--json',
    '--role',
    'lb=10.0.0.1',
    '--no-color',
  ])
  expect(command).toBe('timers')
  expect(call[0]).toEqual(['a.pcap', 'b.pcap'])
  expect(call[1]).toMatchObject({
    json: true,
    color: false,
    role: [{ role: 'lb', ip: '10.0.0.1', port: null }],
  })
})

it('options of the main command still stand before or behind its captures', async () => {
  for (const args of [
    ['--json', 'a.pcap'],
    ['a.pcap', '--json'],
  ]) {
    const { command, call } = await handed(args)
    expect(command).toBe('analyse')
    expect(call).toMatchObject([['a.pcap'], { json: true }])
  }
})

it('timers refuses what it does not know', async () => {
  await expect(handed(['timers', 'a.pcap', '--ndjson'])).rejects.toThrow("unknown option '--ndjson'")
  await expect(handed(['timers'])).rejects.toThrow('missing required argument')
})
