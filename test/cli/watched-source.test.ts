import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ByteSource } from '../../src/capture/source.js'
import { Interruption, WatchedSource } from '../../src/cli/watched-source.js'

/** A source whose reads are answered by hand. */
class Pipe implements ByteSource {
  readonly path = '-'
  readonly size = null
  answer: (count: number) => void = () => {}
  fail: (error: Error) => void = () => {}
  read(): Promise<number> {
    return new Promise((resolve, reject) => ([this.answer, this.fail] = [resolve, reject]))
  }
  close(): void {}
}

const into = new Uint8Array(8)

describe('a watched pipe', () => {
  it('gives what the pipe gives, and its errors', async () => {
    const pipe = new Pipe()
    const watched = new WatchedSource(pipe, new Interruption())
    const first = watched.read(into, 0, 8)
    pipe.answer(5)
    expect(await first).toBe(5)
    const second = watched.read(into, 0, 8)
    pipe.fail(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
  })

  it('ends at once when the user stops it in the middle of a silence', async () => {
    const stop = new Interruption()
    const watched = new WatchedSource(new Pipe(), stop)
    const silent = watched.read(into, 0, 8)
    stop.raise()
    expect(await silent).toBe(0)
    expect(watched.read(into, 0, 8)).toBe(0)
  })

  it('waits for a slow reader of the output, and no longer when the user stops it', async () => {
    const stop = new Interruption()
    const pipe = new Pipe()
    let taken: () => void = () => {}
    const waits: (Promise<void> | null)[] = [new Promise((resolve) => (taken = resolve)), null]
    const watched = new WatchedSource(pipe, stop, { ready: () => waits.shift() ?? null })
    const read = watched.read(into, 0, 8)
    await pause(1)
    pipe.answer(1) // nobody asked yet
    taken()
    await pause(1)
    pipe.answer(3)
    expect(await read).toBe(3)
    waits.push(new Promise(() => {}))
    const stuck = watched.read(into, 0, 8)
    stop.raise()
    expect(await stuck).toBe(0)
  })

  it('keeps nothing of a read that is over', async () => {
    const stop = new Interruption()
    const pipe = new Pipe()
    const watched = new WatchedSource(pipe, stop)
    const kept: WeakRef<object>[] = []
    for (let n = 0; n < 200; n++) {
      const read = watched.read(into, 0, 8) as Promise<number>
      kept.push(new WeakRef(read))
      pipe.answer(n)
      await read
    }
    await pause(1)
    const { setFlagsFromString } = await import('node:v8')
    const { runInNewContext } = await import('node:vm')
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    collect()
    // The last one may still lie in a register.
    expect(kept.filter((one) => one.deref() !== undefined).length).toBeLessThan(5)
  })
})
