/** What the system says when a file can't be read or written, in words. */
import { UsageError } from './usage-error.js'

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
}

/** `permission denied` for an EACCES, and so on; the system's own message for what is rare. */
export function systemTrouble(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return (
    (code === undefined ? undefined : WORDS[code]) ?? (error instanceof Error ? error.message : String(error))
  )
}

/** A file that an option or an argument names can't be read. `what`: its name, and what it should be. */
export function notRead(what: string, error: unknown): UsageError {
  return new UsageError(
    `${what} can't be read: ${systemTrouble(error)}`,
    'check the name and the working directory',
  )
}

/** What to try when a file can't be written; null: nothing helps that a command line could do. */
const INSTEAD: Readonly<Record<string, string>> = {
  ENOENT: 'make its folder first, or write into one that is there',
  EACCES: 'write into a folder of your own',
  EPERM: 'write into a folder of your own',
  EROFS: 'write into another folder',
  ENOTDIR: 'write into a folder',
  EISDIR: 'name a file in it',
}

/** The file that an option names can't be written. */
export function notWritten(path: string, option: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  return new UsageError(`${option} ${path} can't be written: ${systemTrouble(error)}`, INSTEAD[code] ?? null)
}
