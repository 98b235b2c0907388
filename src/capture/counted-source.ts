import type { ByteSource } from './source.js'

/** The same source; `onBytes` is told of every read that brought something. */
export function countedSource(source: ByteSource, onBytes: (count: number) => void): ByteSource {
  const count = (bytes: number): number => {
    onBytes(bytes)
    return bytes
  }
  return {
    path: source.path,
    size: source.size,
    read: (into, at, length) => {
      const got = source.read(into, at, length)
      return typeof got === 'number' ? count(got) : got.then(count)
    },
    close: () => source.close(),
  }
}
