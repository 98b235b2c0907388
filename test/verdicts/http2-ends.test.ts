import { describe, expect, it } from 'vitest'
import { verdictOf } from '../helpers/verdict-of.js'
import { cases } from './cases/http2-ends.js'
import { testCases } from './test-cases.js'

describe('ends of HTTP/2', () => testCases(cases))

describe('what HTTP/2 said about its end is told', () => {
  const told = async (
    n: number,
  ): Promise<{ remarks: readonly string[]; pending: string | null | undefined }> => {
    const { verdict } = await verdictOf(cases[n]!.ladder)
    return { remarks: verdict.remarks, pending: verdict.pendingRequest }
  }

  it('the code of a RST_STREAM', async () => {
    expect((await told(0)).remarks.join()).toMatch(/GET \/slow with RST_STREAM \(REFUSED_STREAM\) in frame 5/)
  })

  it('the code of a GOAWAY; whether the request was read is not known', async () => {
    const { remarks, pending } = await told(2)
    expect(remarks.join()).toMatch(/GOAWAY \(ENHANCE_YOUR_CALM\) in frame 6/)
    expect(pending).toBe('unknown')
  })

  it('the code of a GOAWAY that complains, though all was answered; a leave that is taken says nothing', async () => {
    const remarks = async (code: string): Promise<string> => {
      const open = cases[2]!.ladder
      const answered = open.replace(
        /(a < P\. )'(?=\\x00\\x00\\x08)/,
        `$1'\\x00\\x00\\x01\\x01\\x05\\x00\\x00\\x00\\x01\\x88`,
      )
      const { verdict } = await verdictOf(answered.replace('\\x0b', `\\x${code}`))
      expect(verdict.class).toBe('clean')
      return verdict.remarks.join()
    }
    expect(await remarks('0b')).toMatch(/had sent GOAWAY \(ENHANCE_YOUR_CALM\)/)
    expect(await remarks('00')).not.toMatch(/GOAWAY/)
  })

  it('that a request was not acted upon, so that it may be sent again', async () => {
    const { remarks, pending } = await told(3)
    expect(remarks.join()).toMatch(/had not acted upon GET \/slow: a retry is safe, even of a POST/)
    expect(pending).toBe('unread')
  })
})
