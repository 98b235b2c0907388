/** What the system says when a file can't be read or written, in words. */

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
