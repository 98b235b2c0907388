/**
 * `--anonymize`: addresses and host names replaced by names that are the same in every output of a run. They are given in the order
 * of appearance, the chain first, and not reckoned from the address: a hash of four bytes is undone in a second.
 */
import type { Report } from '../result.js'

/** 198.18.0.0/15, set aside for benchmarks (RFC 2544), as a number; the first host is 198.18.0.1. */
const FIRST_V4 = (198 << 24) | (18 << 16)
/** Set aside for documentation (RFC 3849). */
const PREFIX_V6 = '2001:db8::'

const V4 = /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)/g
/** Words that may be an IPv6 address; `isV6` tells. */
const MAYBE_V6 =
  /(?<![\w:.])(?=[\da-fA-F:.]*:[\da-fA-F:.]*:)[\da-fA-F:]+(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])/g
/** The host of an absolute URL, of a CONNECT, and of a `Host`-like naming of ours. */
const URL_HOST = /(:\/\/(?:[^\s/?#@]*@)?)(\[[^\]\s]*\]|[^\s/?#:\]]+)/g
const CONNECT_HOST = /(\bCONNECT )(\[[^\]\s]*\]|[^\s:/]+)/g

/** Fields whose words are ours or the user's own and name no host: settings, units, classes, versions. */
const KEPT = new Set([
  'schema',
  'version',
  'setting',
  'settings',
  'candidates',
  'class',
  'format',
  'start',
  'history',
  'flags',
  'marks',
  'linkTypes',
  'role',
])

/** One run's pseudonyms. */
export class Pseudonyms {
  private readonly addresses = new Map<string, string>()
  private readonly hosts = new Map<string, string>()
  private readonly given = new Set<string>()
  private v4 = 0
  private v6 = 0

  /** The same report without addresses, host names and folders of capture files. */
  report(report: Report): Report {
    // The chain does not depend on which flows were asked for: its hosts get the same names in every run over a capture.
    this.of(report.chain)
    return this.of({
      ...report,
      captures: report.captures.map((capture) => ({
        ...capture,
        file: capture.file.replace(/^.*[/\\]/, ''),
      })),
    })
  }

  /** Any part of a report, for those who print it piece by piece. */
  of<T>(value: T): T {
    return this.replaced(value, null) as T
  }

  private replaced(value: unknown, field: string | null): unknown {
    if (typeof value === 'string' && field === 'serverName') return this.host(value)
    if (typeof value === 'string') return field !== null && KEPT.has(field) ? value : this.text(value)
    if (Array.isArray(value)) return value.map((each: unknown) => this.replaced(each, field))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.replaced(each, key)] as const),
    )
  }

  private text(text: string): string {
    return text
      .replace(URL_HOST, (_, before: string, host: string) => before + this.host(host))
      .replace(CONNECT_HOST, (_, before: string, host: string) => before + this.host(host))
      .replace(V4, (address) => this.address(address))
      .replace(MAYBE_V6, (word) => this.v6In(word))
  }

  /** A word that looks like an IPv6 address, perhaps with the colon of a sentence behind it. */
  private v6In(word: string): string {
    if (isV6(word)) return this.address(word)
    const shorter = word.replace(/:$/, '')
    return isV6(shorter) ? `${this.address(shorter)}:` : word
  }

  private address(address: string): string {
    const known = this.addresses.get(address)
    if (known !== undefined) return known
    // A text may pass twice; a pseudonym is not replaced by another.
    if (this.given.has(address)) return address
    const name = address.includes(':') ? PREFIX_V6 + (++this.v6).toString(16) : v4Text(FIRST_V4 + ++this.v4)
    this.addresses.set(address, name)
    this.given.add(name)
    return name
  }

  private host(host: string): string {
    const bare = host.replace(/^\[|\]$/g, '')
    if (isV6(bare)) return `[${this.address(bare)}]`
    if (new RegExp(`^${V4.source}$`).test(bare)) return this.address(bare)
    const key = bare.toLowerCase()
    if (/^host-\d+\.example$/.test(key)) return host
    const name = this.hosts.get(key) ?? `host-${this.hosts.size + 1}.example`
    this.hosts.set(key, name)
    return name
  }
}

function v4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')
}

/** Eight groups, or fewer around one `::`; times (`08:00:00`) and hardware addresses are not. */
function isV6(word: string): boolean {
  const halves = word.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const tail = groups.at(-1) ?? ''
  const dotted = tail.includes('.') ? 2 : 0
  const plain = dotted > 0 ? groups.slice(0, -1) : groups
  if (!plain.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false
  const size = plain.length + dotted
  return halves.length === 2 ? size <= 7 && word.length > 2 : size === 8
}
