import { describe, expect, it } from 'vitest'
import { pageText, type PrintedPage } from '../../src/report/page-text.js'

const look = { width: 40, colour: false, utf8: true }
const page = (section: PrintedPage['sections'][number]): PrintedPage => ({
  name: 'idle-timeout',
  title: 'idle-timeout cut',
  sections: [section],
})
const body = (section: PrintedPage['sections'][number]): string[] =>
  pageText(page(section), look).trimEnd().split('\n').slice(3)

describe('a page of explain', () => {
  it('folds a second column beside the first', () => {
    expect(
      body({ heading: 'classes', column: 9, lines: ['refused  nothing listens there, and it said so'] }),
    ).toEqual(['  refused  nothing listens there, and it', '           said so'])
  })

  it('folds comments of an example as comments, and its packets never', () => {
    const packet = `a > P. 'GET /a/path/that/is/longer/than/the/terminal HTTP/1.1'`
    expect(
      body({
        heading: 'example',
        code: true,
        lines: ['// A comment that does not fit into this width.', packet],
      }),
    ).toEqual(['  // A comment that does not fit into', '  // this width.', `  ${packet}`])
  })

  it('marks the lines of a list', () => {
    expect(body({ heading: 'fix', lines: ['one', 'two'] })).toEqual(['  · one', '  · two'])
  })
})
