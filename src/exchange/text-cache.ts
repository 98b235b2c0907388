/** Texts made lately: methods, hosts, targets and reasons come again and again, and are kept by thousands of exchanges. */
const SLOTS = 1024
const slots: string[] = new Array<string>(SLOTS).fill('')
/** Their hashes: a text that is another one is not looked at, for it is hardly ever at hand. */
const hashes = new Int32Array(SLOTS)
/** Character codes on their way into a text: one array for each length. */
const room: (number[] | undefined)[] = []

/** The bytes as text, one character per byte, at most `limit` of them. */
export function latin1(bytes: Uint8Array, from: number, to: number, limit: number): string {
  const end = Math.min(to, from + limit)
  if (end <= from) return ''
  let hash = end - from
  for (let i = from; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
  if (hashes[slot] === hash && sameText(slots[slot], bytes, from, end)) return slots[slot]
  hashes[slot] = hash
  return (slots[slot] = newText(bytes, from, end))
}

function sameText(text: string, bytes: Uint8Array, from: number, end: number): boolean {
  if (text.length !== end - from) return false
  for (let i = from; i < end; i++) if (text.charCodeAt(i - from) !== bytes[i]) return false
  return true
}

/** In one piece: a text put together character by character stays a chain of its pieces in memory. */
function newText(bytes: Uint8Array, from: number, end: number): string {
  const length = end - from
  const codes = (room[length] ??= new Array<number>(length).fill(0))
  for (let i = 0; i < length; i++) codes[i] = bytes[from + i]
  return String.fromCharCode(...codes)
}
