/** The values of options, from text. Each parser throws UsageError with what was expected. */
import { CLASS_WORDS } from '../report/words.js'
import type { VerdictClass } from '../result.js'
import { addressText, parseAddress, parsePort } from './ip-address.js'
import { UsageError } from './usage-error.js'

/** A host that the user has named. */
export interface NamedHost {
  readonly role: string
  readonly ip: string
  /** null: every port of the address. */
  readonly port: number | null
}

const ROLE_EXAMPLE = 'for example: --role nginx=10.0.0.2 --role proxy=10.0.0.3:8000 --role lb=[fd00::1]:443'

/** `nginx=10.0.0.2`, `proxy=10.0.0.3:8000`, `lb=[fd00::1]:443`. */
export function parseRole(text: string): NamedHost {
  const [, role, place] = /^([\p{L}\d][\p{L}\d._-]{0,39})=(.+)$/u.exec(text) ?? []
  if (place === undefined && /^[^=]+=./.test(text)) {
    const what =
      'a name has up to 40 letters, digits, dots, dashes and underscores, and begins with a letter or digit'
    throw new UsageError(`--role ${text}: ${what}`, ROLE_EXAMPLE)
  }
  if (role === undefined || place === undefined) {
    throw new UsageError(`--role ${text}: expected <name>=<ip[:port]>`, ROLE_EXAMPLE)
  }
  // A bare IPv6 address is full of colons; with a port it needs its brackets.
  const whole = parseAddress(place)
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(place) ?? []
  const address = whole ?? parseAddress(bracketed ?? plain ?? '')
  if (address === null) throw new UsageError(`--role ${text}: "${place}" is not an IP address`, ROLE_EXAMPLE)
  if (whole !== null || portText === undefined) return { role, ip: addressText(address), port: null }
  const port = parsePort(portText)
  if (port === null) throw new UsageError(`--role ${text}: ${portText} is not a port number`, ROLE_EXAMPLE)
  return { role, ip: addressText(address), port }
}

/** A stream number as Wireshark counts: 0 and up. */
export function parseFlowNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new UsageError(`--flow ${text}: expected a flow number, as in Wireshark's tcp.stream: 0, 1, 2 …`)
  }
  return Number(text)
}

function isClassWord(word: string): word is VerdictClass {
  return (CLASS_WORDS as readonly string[]).includes(word)
}

/** `idle-timeout,keepalive-race` as class words; `option` is whose value it is, for messages. */
export function parseClasses(text: string, option = '--fail-on'): VerdictClass[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const unknown = words.find((word) => !isClassWord(word))
  if (unknown !== undefined || words.length === 0) {
    const trouble = unknown === undefined ? 'no class named' : `no class is called "${unknown}"`
    throw new UsageError(`${option}: ${trouble}`, `the classes are ${CLASS_WORDS.join(', ')}`)
  }
  return words.filter(isClassWord)
}

/** Endings of report files. */
const REPORT_ENDINGS = /\.(html|htm|md)$/i

/** The names of report files so far and one more, whose ending says what is written. */
export function parseReportFiles(text: string, before: readonly string[] = []): string[] {
  if (REPORT_ENDINGS.test(text)) return [...before, text]
  throw new UsageError(
    `--report ${text}: the ending says what to write`,
    'use .html or .md, for example --report incident.html',
  )
}
