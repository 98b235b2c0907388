/** The Huffman code of HPACK (RFC 7541, appendix B). It is canonical, so the lengths of its codes tell all of it. */

/** Code length in bits of each byte, 0 to 255, and of the end-of-string symbol, 256. */
const LENGTHS =
  'dnsssssssoussussssssssusssssssss' + // control characters
  '6aacd68baa8b8666' + // space to /
  '5556666666' + // digits
  '78f6cad' + // : to @
  '67777777777777777777777878d' + // A to [
  'jde6f' + // \ to `
  '56565666577666567655677777' + // a to z
  'fbeds' + // { to DEL
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnno' + // 128 to 159
  'mlkmmnnlnmmolmnnllmlnmnnkmmmnmmn' + // 160 to 191
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrr' + // 192 to 223
  'koklmllnmmppooqnqrqqrrrrrsrrrrrq' + // 224 to 255
  'u'
const END_OF_STRING = 256
/** More than seven bits of filling are an error. */
const MAX_FILLING = 7
const LONGEST = 30

/** For each length its first code, and where its symbols begin among all in order of their codes. */
interface Code {
  readonly firstCode: readonly number[]
  readonly firstIndex: readonly number[]
  readonly symbols: readonly number[]
}

/** Worked out when the first text is to be read: most captures hold none, and it is a hundredth of a short run. */
let code: Code | null = null

function canonicalCode(): Code {
  const firstCode = new Array<number>(LONGEST + 2).fill(0)
  const firstIndex = new Array<number>(LONGEST + 2).fill(0)
  const symbols: number[] = []
  for (let bits = 1, next = 0; bits <= LONGEST; bits++) {
    next *= 2
    firstCode[bits] = next
    firstIndex[bits] = symbols.length
    for (let symbol = 0; symbol <= END_OF_STRING; symbol++) {
      if (parseInt(LENGTHS[symbol], 36) !== bits) continue
      symbols.push(symbol)
      next++
    }
  }
  return { firstCode, firstIndex, symbols }
}

/**
 * Decodes the bytes in [from, to) into `out`, as many as there is room for.
 * @returns how many bytes the text has, also beyond the room; -1 when it is no valid code
 */
export function decodeHuffman(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  const { firstCode, firstIndex, symbols } = (code ??= canonicalCode())
  let length = 0
  let read = 0
  let bits = 0
  for (let at = from; at < to; at++) {
    for (let mask = 128; mask > 0; mask >>= 1) {
      read = read * 2 + ((bytes[at] & mask) === 0 ? 0 : 1)
      bits++
      if (bits > LONGEST) return -1
      const index = read - firstCode[bits]
      const count = (bits < LONGEST ? firstIndex[bits + 1] : symbols.length) - firstIndex[bits]
      if (index >= count) continue
      const symbol = symbols[firstIndex[bits] + index]
      if (symbol === END_OF_STRING) return -1
      if (length < out.length) out[length] = symbol
      length++
      read = bits = 0
    }
  }
  // Filled up with the first bits of the end-of-string symbol, which are ones.
  return bits <= MAX_FILLING && read === 2 ** bits - 1 ? length : -1
}
