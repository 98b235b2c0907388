/** The short way past commander goes where commander would have gone. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areCapturesOnly } from '../../src/cli/captures-only.js'
import { buildProgram, type ProgramParts } from '../../src/cli/program.js'

/** What commander makes of it: the command that is run, with its captures and flags. */
async function parsed(args: readonly string[]): Promise<unknown[]> {
  const calls: unknown[] = []
  const ran =
    (name: string) =>
    (...given: unknown[]): Promise<void> => {
      calls.push(name, ...given)
      return Promise.resolve()
    }
  const names = ['analyse', 'segments', 'timers', 'verify', 'explain'] as const
  const parts = {
    ...{ version: '0', bare: args.length === 0, writeOut: () => {}, writeErr: () => {} },
    ...Object.fromEntries(names.map((name) => [name, ran(name)])),
  } as unknown as ProgramParts
  await buildProgram(parts)
    .parseAsync([...args], { from: 'user' })
    .catch(() => calls.push('refused'))
  return calls
}

describe('captures and nothing else', () => {
  it.each([[['a.pcap']], [['-']], [['a.pcap', '-', 'dir/b.pcapng']], [['a.pcap', 'help']], [['x y']]])(
    '%j: analysed without flags, as commander does',
    async (args) => {
      expect(areCapturesOnly(args)).toBe(true)
      expect(await parsed(args)).toEqual(['analyse', args, { color: true }])
    },
  )

  it.each([
    [[]],
    [['']],
    [['--json', 'a.pcap']],
    [['a.pcap', '--json']],
    [['a.pcap', '--', '-x.pcap']],
    [['-V']],
    [['--']],
    [['help']],
    [['timers', 'a.pcap']],
  ])('%j is left to commander', (args) => {
    expect(areCapturesOnly(args)).toBe(false)
  })

  it('knows every command there is', () => {
    for (const command of buildProgram({ version: '0' } as ProgramParts).commands)
      for (const name of [command.name(), ...command.aliases()])
        expect(areCapturesOnly([name, 'a'])).toBe(false)
  })

  it('says of no arguments that they are plain when commander reads more into them', async () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('-', '--', 'help', 'verify', '--json', '-h', 'a.pcap'))
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (args) => {
        if (areCapturesOnly(args)) expect(await parsed(args)).toEqual(['analyse', args, { color: true }])
      }),
      { numRuns: 200 },
    )
  })
})
