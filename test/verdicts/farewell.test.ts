import { describe, expect, it } from 'vitest'
import { brief, clientEnds, flowsOf, opens, served, verdictOf } from '../helpers/verdict-of.js'

const line = (text: string): string => `'${text}\\r\\n'`
const hex = (n: number): string => `\\x${n.toString(16).padStart(2, '0')}`

const MYSQL_TEXT =
  'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.'
/** MySQL's error packet of this code, whose low byte varies. */
const mysqlError = (low: string, text = MYSQL_TEXT): string =>
  `'${hex(9 + text.length)}\\x00\\x00\\x00\\xff${low}\\x0f#HY000${text}'`
const QUERY = `'\\x09\\x00\\x00\\x00\\x03SELECT 1'`
const ROWS = `'\\x01\\x00\\x00\\x01\\x01\\x05\\x00\\x00\\x03\\xfe\\x00\\x00\\x02\\x00'`

/** PostgreSQL's ErrorResponse with this SQLSTATE. */
function postgresError(state: string): string {
  const fields = ['SFATAL', 'VFATAL', `C${state}`, 'Mterminating connection', 'Fpostgres.c']
  const length = 4 + fields.reduce((sum, field) => sum + field.length + 1, 0) + 1
  return `'E\\x00\\x00\\x00${hex(length)}${fields.join('\\x00')}\\x00\\x00'`
}

const MYSQL = `a > P. ${QUERY}
  a < P. ${ROWS}`
const SMTP = `a < P. ${line('220 mx ESMTP')}
  a > P. ${line('EHLO c')}
  a < P. ${line('250 mx')}`

/** Some talk, a silence, what the server says then, and its FIN. */
function ended(talk: string, silence: string, words: string, after = 'a > F.\na < .'): string {
  return `flow a 10.0.0.2:40122 > 10.0.0.3:7777 ts
    ${opens('a')}
    ${talk}
    a > .
    ${silence} a < P. ${words}
    a < F.
    ${after}`
}

const IDLE = 'idle-timeout ok certain server between-requests'

describe('a server that says that it gave up waiting', () => {
  it.each([
    ['MySQL, error 4031', MYSQL, mysqlError('\\xbf')],
    ['PostgreSQL, 57P05', MYSQL, postgresError('57P05')],
    ['PostgreSQL, 25P03', MYSQL, postgresError('25P03')],
    ['SMTP, 421', SMTP, line('421 4.4.2 mx Error: timeout exceeded')],
    ['FTP, 421', SMTP, line('421 No transfer timeout (300 seconds): closing control connection.')],
    ['IMAP, BYE', SMTP, line('* BYE Disconnected for inactivity.')],
    ['POP3, -ERR', SMTP, line('-ERR Disconnected: autologout, idle for too long')],
  ])('is a certain idle timeout: %s', async (_, talk, words) => {
    const flow = await verdictOf(ended(talk, '+300.0', words))
    expect(brief(flow)).toBe(IDLE)
    expect(flow.verdict.timer).toMatchObject({ seconds: 300, setting: null })
    expect(flow.close).toMatchObject({ owed: 'nothing', lastData: { by: 'server' } })
    expect(flow.close.silence).toBeCloseTo(300, 2)
    expect(flow.verdict.remarks.join()).toMatch(/the server itself says that it gave up waiting/)
  })

  it('is one before any request, too', async () => {
    const flow = await verdictOf(ended(`a < P. ${line('220 mx')}`, '+300.0', line('421 Timeout.')))
    expect(brief(flow)).toBe('idle-timeout ok certain server awaiting-request')
  })

  it('is one in a capture that began in the middle, and where its goodbye carries the FIN', async () => {
    const late = `flow a 10.0.0.2:40122 > 10.0.0.3:3306 ts
      a > P. ${QUERY}
      a < P. ${ROWS}
      a > .
      +300.0 a < FP. ${mysqlError('\\xbf')}
      a > F.`
    expect(brief(await verdictOf(late))).toBe(IDLE)
  })

  it('is told with what the client sent into the closed connection', async () => {
    const query = `a > .\n+5.0 a > P. ${QUERY}\na < R`
    const { verdict } = await verdictOf(ended(MYSQL, '+300.0', mysqlError('\\xbf'), query))
    expect(verdict).toMatchObject({ class: 'idle-timeout', certainty: 'certain' })
    expect(verdict.remarks.join()).toMatch(/met a closed connection: it did not look/)
  })

  it('closes several at once without being taken for one that stops', async () => {
    const one = (
      name: string,
      port: number,
      at: string,
    ): string => `flow ${name} 10.0.0.2:${port} > 10.0.0.3:21 ts
      ${opens(name, at)}
      ${name} < P. ${line('220 ftp')}
      ${name} > P. ${line('NOOP')}
      ${name} < P. ${line('200 ok')}
      ${name} > .
      400.0 ${name} < P. ${line('421 Timeout.')}
      ${name} < F.
      ${name} > F.
      ${name} < .`
    const all = await flowsOf(
      [one('a', 40001, '0.0'), one('b', 40002, '20.0'), one('c', 40003, '45.0')].join('\n'),
    )
    expect(Object.values(all).map(brief)).toEqual([IDLE, IDLE, IDLE])
  })
})

describe('near miss: a server that says something after a silence and closes', () => {
  const CLEAN = 'clean ok possible server tunnel'

  it.each([
    ['another error of MySQL', MYSQL, mysqlError('\\xbe')],
    ['a length of MySQL that is another', MYSQL, mysqlError('\\xbf').replace(/\\x[0-9a-f]+/, '\\x07')],
    ['PostgreSQL that is being stopped', MYSQL, postgresError('57P01')],
    ['421 without a word of a timeout', SMTP, line('421 Service not available, closing channel')],
    ['words that nobody knows', SMTP, line('so long')],
    ['such words in another reply', SMTP, line('250 timeout set')],
  ])('in other words is a possible clean end, and they are named: %s', async (_, talk, words) => {
    const flow = await verdictOf(ended(talk, '+300.0', words))
    expect(brief(flow)).toBe(CLEAN)
    expect(flow.verdict.remarks.join()).toMatch(/after 300\.000 s of silence the server spoke unasked/)
  })

  it('answers what the client had asked: 421 to a command that took long', async () => {
    const asked = await verdictOf(
      ended(`${SMTP}\na > P. ${line('RCPT TO:<a@b>')}\na < .`, '+60.0', line('421 upstream timed out')),
    )
    expect(brief(asked)).toBe(CLEAN)
    expect(asked.verdict.remarks.join()).not.toMatch(/unasked/)
  })

  it('closes long after those words', async () => {
    const later = ended(SMTP, '+300.0', line('421 Timeout.')).replace('a < F.', '+0.4 a < F.')
    expect((await verdictOf(later)).verdict.certainty).not.toBe('certain')
  })

  it('was asked to: QUIT', async () => {
    const quit = `${SMTP}\na > .\n+300.0 a > P. ${line('QUIT')}`
    const flow = await verdictOf(ended(quit, '+0.001', line('221 bye')))
    expect(brief(flow)).toBe(CLEAN)
  })

  it('speaks HTTP', async () => {
    const http = `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts\n${served('a')}\n${clientEnds('a', '+0.5')}`
    expect((await verdictOf(http)).verdict.class).toBe('clean')
  })
})
