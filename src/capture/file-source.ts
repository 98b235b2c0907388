/** Files and standard input. The one file of the analysis that knows Node. */
import { closeSync, fstatSync, openSync, read, readSync, type Stats } from 'node:fs'
import { CaptureError } from '../errors.js'
import type { CaptureErrorCode } from '../errors.js'
import { shown } from './capture-trouble.js'
import { OpenFiles } from './open-files.js'
import { FIRST_WAIT_MS, LONGEST_WAIT_MS } from './policy.js'
import type { ByteSource } from './source.js'

const STANDARD_INPUT = 0

const openFiles = new OpenFiles()

/** Opens a file, a FIFO or (`-`) standard input. Throws CaptureError when there is nothing to read. */
export function openSource(path: string): ByteSource {
  let descriptor = STANDARD_INPUT
  try {
    if (path !== '-') descriptor = openSync(path, 'r')
    const stat = fstatSync(descriptor)
    if (stat.isDirectory()) throw directory(path)
    if (!stat.isFile()) return new PipeSource(path, descriptor)
    return path === '-' ? new RedirectedSource(stat.size) : new FileSource(path, descriptor, stat)
  } catch (error) {
    if (descriptor !== STANDARD_INPUT) closeSync(descriptor)
    throw error instanceof CaptureError ? error : readTrouble(error, path)
  }
}

/** A file on disk: read synchronously, which is several times as fast as any asynchronous way. */
class FileSource implements ByteSource {
  #closed = false
  #position = 0
  /** null: not open at the moment. */
  #descriptor: number | null
  readonly #identity: string

  constructor(
    readonly path: string,
    descriptor: number,
    readonly stat: Stats,
  ) {
    this.#descriptor = descriptor
    this.#identity = identityOf(stat)
    openFiles.keep(this)
  }

  get size(): number {
    return this.stat.size
  }

  readonly rewind = (): void => {
    this.close()
    this.#closed = false
    this.#position = 0
  }

  read(into: Uint8Array, at: number, length: number): number {
    if (this.#closed) return 0
    try {
      this.#descriptor ??= this.#reopened()
      const count = readSync(this.#descriptor, into, at, length, this.#position)
      this.#position += count
      return count
    } catch (error) {
      throw error instanceof CaptureError ? error : readTrouble(error, this.path)
    }
  }

  close(): void {
    this.#closed = true
    this.letGo()
  }

  /** Closes the file; the next read opens it again. */
  letGo(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
    openFiles.forget(this)
  }

  #reopened(): number {
    const descriptor = openSync(this.path, 'r')
    if (identityOf(fstatSync(descriptor)) === this.#identity) {
      openFiles.keep(this)
      return descriptor
    }
    closeSync(descriptor)
    throw new CaptureError(`${shown(this.path)}: replaced by another file while it was read`, {
      code: 'not-readable',
      path: this.path,
      offset: this.#position,
      hint: 'a rotating capture uses names again: copy its files first',
    })
  }
}

/** What stays the same of a file while others write to it. */
function identityOf({ dev, ino }: Stats): string {
  return `${dev} ${ino}`
}

/** `< file`: read once, from where the program that was there before has left it. */
class RedirectedSource implements ByteSource {
  readonly path = '-'
  #closed = false

  constructor(readonly size: number) {}

  read(into: Uint8Array, at: number, length: number): number {
    if (this.#closed) return 0
    try {
      return readSync(STANDARD_INPUT, into, at, length, null)
    } catch (error) {
      throw readTrouble(error, this.path)
    }
  }

  close(): void {
    this.#closed = true
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
