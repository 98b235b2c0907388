/** Files and standard input. The one file of the analysis that knows Node. */
import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs'
import { CaptureError } from '../errors.js'
import type { CaptureErrorCode } from '../errors.js'
import { shown } from './capture-trouble.js'
import type { ByteSource } from './source.js'

const STANDARD_INPUT = 0
/** How long to wait before a non-blocking pipe without data is asked again; grows up to the second value. */
const FIRST_WAIT_MS = 1
const LONGEST_WAIT_MS = 20

/** Opens a file, a FIFO or (`-`) standard input. Throws CaptureError when there is nothing to read. */
export function openSource(path: string): ByteSource {
  let descriptor = STANDARD_INPUT
  try {
    if (path !== '-') descriptor = openSync(path, 'r')
    const stat = fstatSync(descriptor)
    if (stat.isDirectory()) throw directory(path)
    return stat.isFile() ? new FileSource(path, descriptor, stat.size) : new PipeSource(path, descriptor)
  } catch (error) {
    if (descriptor !== STANDARD_INPUT) closeSync(descriptor)
    throw error instanceof CaptureError ? error : readTrouble(error, path)
  }
}

/** A file on disk: read synchronously, which is several times as fast as any asynchronous way. */
class FileSource implements ByteSource {
  #open = true

  constructor(
    readonly path: string,
    readonly descriptor: number,
    readonly size: number,
  ) {}

  read(into: Uint8Array, at: number, length: number): number {
    if (!this.#open) return 0
    try {
      return readSync(this.descriptor, into, at, length, null)
    } catch (error) {
      throw readTrouble(error, this.path)
    }
  }

  close(): void {
    if (this.#open && this.descriptor !== STANDARD_INPUT) closeSync(this.descriptor)
    this.#open = false
  }
}

/** A pipe, FIFO, socket or terminal: bytes come when they come. */
class PipeSource implements ByteSource {
  readonly size = null
  #open = true

  constructor(
    readonly path: string,
    readonly descriptor: number,
  ) {}

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    for (let wait = FIRST_WAIT_MS; this.#open; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const result = await this.#readOnce(into, at, length)
      if (typeof result === 'number') return result
      const code = codeOf(result)
      // Windows says EOF where a pipe simply ends.
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw readTrouble(result, this.path)
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
    return 0
  }

  close(): void {
    if (this.#open && this.descriptor !== STANDARD_INPUT) closeSync(this.descriptor)
    this.#open = false
  }

  #readOnce(into: Uint8Array, at: number, length: number): Promise<number | Error> {
    return new Promise((resolve) => {
      read(this.descriptor, into, at, length, null, (error, count) => resolve(error ?? count))
    })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function directory(path: string): CaptureError {
  const hint = 'name the capture files in it'
  return new CaptureError(`${shown(path)}: a directory, not a capture`, {
    code: 'is-directory',
    path,
    offset: null,
    hint,
  })
}

/** A system's error as what the user can do about it. */
function readTrouble(error: unknown, path: string): CaptureError {
  const code = codeOf(error)
  const trouble = (found: string, kind: CaptureErrorCode, hint: string | null): CaptureError =>
    new CaptureError(`${shown(path)}: ${found}`, { code: kind, path, offset: null, hint })
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return trouble('no such file', 'not-found', 'check the name and the working directory')
    case 'EISDIR':
      return directory(path)
    case 'EACCES':
    case 'EPERM':
      return trouble(
        'not readable (permission denied)',
        'not-readable',
        'tcpdump files often belong to root: sudo chown',
      )
    default:
      return trouble(`not readable (${code || String(error)})`, 'not-readable', null)
  }
}
