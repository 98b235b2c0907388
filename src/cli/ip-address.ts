/** IP addresses as numbers, for the options in which a user writes one. */

/** Four or sixteen bytes. */
export type AddressBytes = readonly number[]

function parseV4(text: string): AddressBytes | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  const bytes = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  return bytes.every((byte) => byte < 256) ? bytes : null
}

/** The groups of one half of an IPv6 address; a dotted IPv4 end gives two. Null when one is not hexadecimal. */
function parseGroups(text: string): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    const tail = index === parts.length - 1 && part.includes('.') ? parseV4(part) : null
    if (tail !== null) {
      const [a = 0, b = 0, c = 0, d = 0] = tail
      groups.push(a * 256 + b, c * 256 + d)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(parseInt(part, 16))
    else return null
  }
  return groups
}

function parseV6(text: string): AddressBytes | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = parseGroups(halves[0] ?? '')
  const tail = parseGroups(halves[1] ?? '')
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail]
  return groups.flatMap((group) => [group >> 8, group & 255])
}

/** The bytes of an IPv4 or IPv6 address in any usual spelling; null when it is none. Zones (`%eth0`) are not taken. */
export function parseAddress(text: string): AddressBytes | null {
  return text.includes(':') ? parseV6(text) : parseV4(text)
}

/** Whether the first `bits` of two addresses of one family are equal. */
export function sharesPrefix(a: AddressBytes, b: AddressBytes, bits: number): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index * 8 < bits; index++) {
    const mask = 255 & (255 << Math.max(0, 8 - (bits - index * 8)))
    if (((a[index] ?? 0) & mask) !== ((b[index] ?? 0) & mask)) return false
  }
  return true
}

/** `80` from the text of a port, 1 to 65535; null when it is none. */
export function parsePort(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null
  const port = Number(text)
  return port >= 1 && port <= 65_535 ? port : null
}

/** One spelling per address (RFC 5952 for IPv6), so that two can be compared as text. */
export function addressText(bytes: AddressBytes): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)).toString(16),
  )
  const runs = [
    ...groups
      .map((group) => (group === '0' ? '0' : '-'))
      .join('')
      .matchAll(/0{2,}/g),
  ]
  const longest = runs.reduce(
    (best, run) => (run[0].length > best.length ? { at: run.index, length: run[0].length } : best),
    { at: 0, length: 0 },
  )
  if (longest.length === 0) return groups.join(':')
  return `${groups.slice(0, longest.at).join(':')}::${groups.slice(longest.at + longest.length).join(':')}`
}
