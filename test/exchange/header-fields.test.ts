/** Header lines are read in one pass over their bytes. Here they are read once more, plainly, as text: both must agree on any lines. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HeaderFields } from '../../src/exchange/header-fields.js'
import { latin1Bytes } from './dialogue.js'
import { fields } from './hostile-heads.js'

const SETTINGS = { seed: 20261123, numRuns: 3000 }
const NAME = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const FIELD = new RegExp(`^(${NAME}):[ \\t]*([^]*?)[ \\t]*$`)

/** What the end of the body and of the connection depend on, and some texts. */
interface Said {
  end: number
  ambiguous: boolean
  lowerCaseNames: boolean
  contentLength: number | null
  chunked: boolean
  close: boolean
  keepAlive: boolean
  host: string | null
  requestId: string | null
}

function plainly(text: string): Said {
  const said: Said = {
    ...{ end: -1, ambiguous: false, lowerCaseNames: false, contentLength: null, chunked: false },
    ...{ close: false, keepAlive: false, host: null, requestId: null },
  }
  const codings: string[] = []
  const names: string[] = []
  for (let at = 0; ; at = said.end) {
    const lineFeed = text.indexOf('\n', at)
    if (lineFeed < 0) return { ...said, end: -1 }
    const line = text.slice(at, lineFeed).replace(/\r$/, '')
    said.end = lineFeed + 1
    if (line === '') break
    if (/[\0\r]/.test(line)) said.ambiguous = true
    names.push(new RegExp(`^(?:${NAME})?`).exec(line)?.[0] ?? '')
    const [, name, value] = FIELD.exec(line) ?? []
    if (name === undefined || value === undefined) {
      const first = new RegExp(NAME).exec(line)?.[0].toLowerCase()
      if (/^[ \t]/.test(line) || first === 'content-length' || first === 'transfer-encoding')
        said.ambiguous = true
      continue
    }
    if (name.toLowerCase() === 'transfer-encoding') codings.push(value.toLowerCase())
    take(said, name.toLowerCase(), value)
  }
  said.lowerCaseNames = names.length > 0 && !/[A-Z]/.test(names.join(''))
  const last = members(codings.at(-1) ?? '', /$^/)
  said.chunked = last.at(-1) === 'chunked' && !members(last.slice(0, -1).join(), /;[^]*/).includes('chunked')
  if (codings.length > 1 || (codings.length === 1 && (said.contentLength !== null || !said.chunked)))
    said.ambiguous = true
  return said
}

function take(said: Said, name: string, value: string): void {
  if (name === 'host') said.host ??= value
  if (name === 'x-request-id') said.requestId ??= value
  if (name === 'connection') {
    const words = members(value.toLowerCase(), /;[^]*/)
    said.close ||= words.includes('close')
    said.keepAlive ||= words.includes('keep-alive')
  }
  if (name !== 'content-length') return
  const length = /^\d{1,15}$/.test(value) ? Number(value) : null
  if (length === null || (said.contentLength !== null && said.contentLength !== length)) said.ambiguous = true
  else said.contentLength = length
}

function members(list: string, without: RegExp): string[] {
  return list.split(',').map((member) => member.replace(without, '').replace(/^[ \t]+|[ \t]+$/g, ''))
}

const anyLines = fc.oneof(
  fields,
  fc
    .tuple(fields, fc.nat(), fc.constantFrom('\0', '\r', '\n', ' ', ':', ',', '\x80', 'A'))
    .map(([text, at, byte]) => {
      const i = text === '' ? 0 : at % text.length
      return text.slice(0, i) + byte + text.slice(i)
    }),
)

it('reads what stands there, beyond the head nothing', () => {
  const seen = new HeaderFields()
  let whole = 0
  fc.assert(
    fc.property(
      anyLines,
      fc.constantFrom('\r\n', '\n', ''),
      fc.constantFrom('', 'Host: b\r\n\r\n'),
      (lines, end, more) => {
        const text = lines + end + more
        const { end: headEnd, ...rest } = plainly(text)
        const bytes = latin1Bytes(`x${text}y: z\r\n\r\n`)
        expect(seen.read(bytes, 1, 1 + text.length)).toBe(headEnd < 0 ? -1 : 1 + headEnd)
        if (headEnd < 0) return
        whole++
        expect(seen).toMatchObject(rest)
      },
    ),
    SETTINGS,
  )
  expect(whole).toBeGreaterThan(SETTINGS.numRuns / 2)
})
