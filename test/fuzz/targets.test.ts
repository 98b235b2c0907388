/** A fixed budget of fuzzing in CI: the same inputs every time. `npm run fuzz` looks for new ones. */
import { describe, expect, test } from 'vitest'
import { mutated } from '../../scripts/fuzz/mutate.js'
import { Random } from '../../scripts/fuzz/random.js'
import { seedsOf } from '../../scripts/fuzz/seeds.js'
import { TARGETS } from '../../scripts/fuzz/targets.js'
import { wireCapture } from '../../scripts/fuzz/wire.js'

const RUNS: Readonly<Record<string, number>> = {
  ...{ capture: 140, wire: 120, pair: 25, picture: 8, payload: 3000 },
}

const target = (name: string): ((bytes: Uint8Array) => Promise<void>) => {
  const found = TARGETS.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no target ${name}`)
  return found.run
}

describe('fuzzing with a fixed budget', () => {
  test.each(TARGETS)('$name', async ({ name, run }) => {
    const random = new Random(20261121)
    const seeds = seedsOf(name)
    const inputs = Array.from({ length: RUNS[name] ?? 0 }, () =>
      mutated(random.of(seeds), random.of(seeds), random),
    )
    for (const [index, bytes] of inputs.entries()) {
      await run(bytes).catch((error: unknown) => {
        throw new Error(`${name}, input ${index}: ${Buffer.from(bytes).toString('base64')}`, { cause: error })
      })
    }
  })

  test('an input is the same every time', () => {
    const one = (): Uint8Array =>
      mutated(seedsOf('wire')[0] ?? new Uint8Array(1), new Uint8Array(9), new Random(5))
    expect(one()).toEqual(one())
    expect(one()).not.toEqual(seedsOf('wire')[0])
  })

  test('a target that throws anything but CaptureError is noticed', async () => {
    // An accessor where bytes should be: what a parser would do if it trusted its input.
    const broken = new Proxy(new Uint8Array(64), {
      get: () => {
        throw new TypeError('broken')
      },
    })
    await expect(target('capture')(broken)).rejects.toThrow(TypeError)
  })
})

/** `count` steps of a wire script, each made by `step`. */
function script(count: number, step: (index: number) => readonly number[]): Uint8Array {
  return Uint8Array.from(Array.from({ length: count }, (_, index) => step(index)).flat())
}

const OPEN = [0 | (4 << 3), 0, 0, 1 | (5 << 3), 0, 0, 0, 0, 0]
const DATA = 1 << 3

describe('pathological connections come to an end', () => {
  const wire = target('wire')
  const opened = (rest: Uint8Array): Uint8Array => Uint8Array.from([...OPEN, ...rest])

  test('gaps that are never filled', () =>
    wire(opened(script(4000, (i) => [DATA, 6 | (((i * 7) % 31) << 3), 2, 65, 66]))))

  test('overlaps with other bytes each time', () =>
    wire(opened(script(4000, (i) => [DATA, 5 | (((i * 3) % 31) << 3), 3, i & 255, (i >> 8) & 255, 0]))))

  test('SYNs, FINs and RSTs on one 4-tuple in any order', () =>
    wire(script(4000, (i) => [(i & 1) | (((i * 5) % 12) << 3), i & 7, 0])))

  test('a header that never ends', () =>
    wire(opened(script(3000, () => [DATA, 0, 6, 65, 58, 65, 65, 65, 65]))))

  test('header lines without number', () =>
    wire(opened(script(3000, () => [DATA, 0, 5, 65, 58, 65, 13, 10]))))

  test('a request per byte', () =>
    wire(opened(script(3000, (i) => [DATA, 0, 1, 'GET / HTTP/1.1\r\n\r\n'.charCodeAt(i % 18)]))))

  test('chunks of no size, of every size, and of a size beyond all numbers', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    for (const size of ['0000000000000000000000', 'fffffffffffffffff', '1', ';'.repeat(60)]) {
      const text = head + `${size}\r\n`.repeat(400)
      const bytes = Array.from(text, (char) => char.charCodeAt(0))
      const steps = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, i) => {
        const part = bytes.slice(i * 100, i * 100 + 100)
        return [1 | DATA, 0, part.length, ...part]
      })
      await wire(opened(Uint8Array.from(steps.flat())))
    }
  })

  test('times at the limits of the format', async () => {
    const bytes = wireCapture(opened(script(20, () => [DATA, 0, 1, 65])))
    const view = new DataView(bytes.buffer)
    for (let at = 24, i = 0; at + 16 <= bytes.length; i++) {
      view.setUint32(at, [0, 0xffff_ffff, 0x8000_0000, 1][i % 4] ?? 0)
      view.setUint32(at + 4, [0, 0xffff_ffff, 999_999][i % 3] ?? 0)
      at += 16 + view.getUint32(at + 8)
    }
    await target('capture')(bytes)
  })
})
