/** Folders and quoted patterns on the command line: `pcap-why /var/caps/`, `pcap-why 'caps/*.pcap*'`. */
import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openSource } from '../capture/file-source.js'
import { firstMoments } from '../capture/first-moment.js'
import type { ByteSource } from '../capture/source.js'
import { nearest } from '../knowledge/nearest.js'
import { counted } from '../report/numbers.js'
import { COMMANDS } from './captures-only.js'
import { diagnostics } from './diagnostics.js'
import { note } from './failure.js'
import { systemTrouble } from './system-trouble.js'
import { UsageError } from './usage-error.js'

/** First bytes of captures: pcap in its variants, pcapng, snoop, and gzip around any of them. */
const BEGINNINGS = ['a1b2', 'd4c3b2a1', '4d3cb2a1', '34cdb2a1', '0a0d0d0a', '736e6f6f', '1f8b']

/** The captures among files of a folder. Those that can't be read are left out, and that is told. */
function capturesAmong(paths: readonly string[]): string[] {
  const unread: { readonly path: string; readonly trouble: string }[] = []
  const captures = paths.filter((path) => {
    try {
      return isCapture(path)
    } catch (error) {
      unread.push({ path, trouble: systemTrouble(error) })
      return false
    }
  })
  const [first] = unread
  if (first !== undefined) {
    const more = unread.length === 1 ? '' : `, and ${counted(unread.length - 1, 'more file')}`
    diagnostics().write(note(`left out: ${first.path} can't be read (${first.trouble})${more}`))
  }
  return captures
}

function isCapture(path: string): boolean {
  if (!statSync(path).isFile()) return false
  const bytes = Buffer.alloc(4)
  const file = openSync(path, 'r')
  try {
    const read = readSync(file, bytes, 0, 4, 0)
    const text = bytes.subarray(0, read).toString('hex')
    return BEGINNINGS.some((beginning) => text.startsWith(beginning))
  } finally {
    closeSync(file)
  }
}

/** A pattern with `*`, `?` and `[…]` as a regular expression for one name. */
function patternOf(text: string): RegExp {
  const source = text.replace(/\[[^\]]+\]|[*?]|[^*?[]+|\[/g, (part) => {
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.length > 2 && part.startsWith('['))
      return `[${part.slice(1, -1).replace(/^!/, '^').replace(/\\/g, '\\\\')}]`
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${source}$`)
}

/** Throws UsageError for a folder that can't be read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name))
  } catch (error) {
    throw new UsageError(
      `the folder ${folder} can't be read: ${systemTrouble(error)}`,
      'captures often belong to root: sudo chown, or run as their owner',
    )
  }
}

/** Captures that a name stands for; null when it is the name of one. */
function expanded(name: string): string[] | null {
  if (name === '-') return null
  if (existsSync(name)) return statSync(name).isDirectory() ? capturesAmong(namesIn(name)) : null
  if (!/[*?[]/.test(basename(name)) || !existsSync(dirname(name))) return null
  const pattern = patternOf(basename(name))
  return capturesAmong(namesIn(dirname(name)).filter((path) => pattern.test(basename(path))))
}

/** Files in the order in which their captures begin; those without a frame last. */
async function inTimeOrder(paths: readonly string[]): Promise<string[]> {
  const moments = await firstMoments(opened(paths))
  const begins = paths.map((path, index) => ({ path, ns: moments[index] ?? Infinity }))
  return begins.sort((a, b) => (a.ns === b.ns ? 0 : a.ns - b.ns)).map(({ path }) => path)
}

/** One after the other: a folder may hold more files than can be open at a time. */
function* opened(paths: readonly string[]): Generator<ByteSource> {
  for (const path of paths) yield openSource(path)
}

/** A command that somebody may have meant who wrote this word: its beginning, or one that is spelled almost like it. Null: none. */
function meantCommand(word: string): string | null {
  const begun = [...COMMANDS].find((command) => word.length > 2 && command.startsWith(word))
  return (
    begun ??
    nearest(
      word,
      [...COMMANDS].map((command) => [command, command]),
    )
  )
}

/** Words that can't be the name of a capture. Throws UsageError. */
function checkName(name: string, isFirst: boolean): void {
  if (name === '')
    throw new UsageError('the name of a capture is empty', 'is a variable of that command line not set?')
  const command = isFirst && !existsSync(name) ? meantCommand(name) : null
  if (command !== null)
    throw new UsageError(`${name}: neither a file nor a command`, `did you mean pcap-why ${command}?`)
  const file = meantFile(name)
  if (file !== null) throw new UsageError(`${name}: no such file`, `did you mean ${file}?`)
}

/** A file of the same folder that is spelled almost like one that is not there; null: none. */
function meantFile(name: string): string | null {
  const folder = dirname(name)
  if (name === '-' || existsSync(name) || /[*?[]/.test(basename(name)) || !existsSync(folder)) return null
  const files = namesIn(folder).map((path) => [basename(path), path])
  return nearest(basename(name), files)
}

/** The captures that names stand for: folders and patterns give theirs in time order, anything else stays. Throws UsageError for none. */
export async function captureNames(names: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const [index, name] of names.entries()) {
    checkName(name, index === 0)
    const several = expanded(name)
    if (several === null) found.push(name)
    else if (several.length === 0)
      throw new UsageError(
        `${name} ${existsSync(name) ? 'holds' : 'matches'} no capture`,
        'pcap, pcapng and snoop files are read, gzipped or not',
      )
    else found.push(...(await inTimeOrder(several)))
  }
  return withoutRepeats(found)
}

/** A file that is named twice would count twice. */
function withoutRepeats(paths: readonly string[]): string[] {
  const known = new Set<string>()
  return paths.filter((path) => {
    if (path === '-' || !existsSync(path)) return true
    const real = realpathSync(path)
    if (!known.has(real)) return known.add(real)
    diagnostics().write(note(`${path} is named twice; it is read once`))
    return false
  })
}
