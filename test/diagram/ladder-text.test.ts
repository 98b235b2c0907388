import { describe, expect, it } from 'vitest'
import { cellWidth } from '../../src/diagram/inert-text.js'
import { ladderText } from '../../src/diagram/sequence-diagram.js'
import { idleTimeout, keepaliveRace, SCENARIOS } from './scenarios.js'

const IDLE_TIMEOUT = `\
               client                               nginx                          proxy · uvicorn
          203.0.113.7:51514                      10.0.0.2:80                        10.0.0.3:8000
   0.00000  #1–3  │── SYN · SYN-ACK · ACK ───────────>│                                   │
   0.01200  #4    │━━ POST /v1/messages  412 B ━━━━━━▶│                                   │
   0.01210  #5    │<─────────────────────────── ACK ──│                                   │
   0.01250  #6–8  │                                   │── SYN · SYN-ACK · ACK ───────────>│
   0.01348  #9    │                                   │━━ POST /v1/messages  655 B ━━━━━━▶│ ┐
   0.01351  #10   │                                   │<─────────────────────────── ACK ──│ │ proxy_read_timeout
         ⋮        ┊                                   ┊      60.000 s without a byte      ┊ │ nginx · 60 s
▌ 60.01348  #77   │                                   │━━ FIN  nginx closes first ━━━━━━━▶│ ┘ likely
  60.01352  #78   │◀━━━ 504 Gateway Time-out  569 B ━━│                                   │
  60.05440  #79   │                                   │◀─────────────────────────── FIN ──│
  60.05450  #80   │                                   │── ACK ───────────────────────────>│`

describe.each(SCENARIOS)('the text of %s', (_, make, stream) => {
  it.each([40, 60, 80, 100, 132, 200])('keeps to %i cells', (width) => {
    for (const line of ladderText(make(), stream, { width }).split('\n'))
      expect(cellWidth(line)).toBeLessThanOrEqual(width)
  })

  it('is plain ASCII on demand', () => {
    expect(ladderText(make(), stream, { unicode: false })).toMatch(/^[\x20-\x7e\n]*$/)
  })

  it('holds no control characters', () => {
    const text = ladderText(make(), stream).replaceAll('\n', '')
    expect(text).not.toMatch(/[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u)
  })

  it('has no spaces at the end of lines', () => {
    expect(ladderText(make(), stream)).not.toMatch(/ $/m)
  })
})

describe('the ladder', () => {
  it('reads like the picture', () => {
    expect(ladderText(idleTimeout(), 12, { width: 130, ladderOnly: true })).toBe(IDLE_TIMEOUT)
  })

  it('keeps the heads apart where there is little room', () => {
    for (let width = 56; width < 90; width++) {
      const [names = '', addresses = ''] = ladderText(idleTimeout(), 12, { width, ladderOnly: true }).split(
        '\n',
      )
      if (!names.includes('client') || names.includes('→')) continue
      expect(addresses.trim().split(/ +/)).toHaveLength(3)
      expect(cellWidth(addresses)).toBeLessThanOrEqual(width)
    }
  })

  it('crosses what crossed', () => {
    const lines = ladderText(keepaliveRace(), 31, { width: 120 }).split('\n')
    expect(lines.find((line) => line.includes('#210  '))).toMatch(/━━ POST \/v1\/messages {2}655 B ━*╌*╳╌+▶│/)
    expect(lines.find((line) => line.startsWith('▌'))).toMatch(/│◀━━╳━* FIN {2}had not seen #210 ╌╌│/)
    expect(lines.at(-1)).toContain('╳ crossed on the way')
  })

  it('paints by role without changing a character', () => {
    const plain = ladderText(idleTimeout(), 12)
    const roles = new Set<string>()
    const painted = ladderText(idleTimeout(), 12, {
      paint: (role, text) => {
        roles.add(role)
        return `<${role}>${text}</${role}>`
      },
    })
    expect(painted.replace(/<\/?[a-z]+>/g, '')).toBe(plain)
    expect([...roles]).toEqual(expect.arrayContaining(['request', 'reset', 'fin', 'muted', 'life', 'strong']))
  })
})
