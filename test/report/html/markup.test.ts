import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { embeddedJson, escaped, markup, policyHash } from '../../../src/report/html/markup.js'
import { HOSTILE_TEXTS } from '../../helpers/hostile.js'

it('escapes what is put into a template, unless it is markup itself', () => {
  const inner = markup`<b>${'<i>'}</b>`
  expect(markup`<p title="${`"'&`}">${inner}${['x<', inner]}${null}${false}${3}</p>`.text).toBe(
    '<p title="&quot;&#39;&amp;"><b>&lt;i&gt;</b>x&lt;<b>&lt;i&gt;</b>3</p>',
  )
})

it.each(HOSTILE_TEXTS)('leaves nothing to obey in %s', (_, text) => {
  expect(escaped(text)).not.toMatch(/[<>"']|(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u)
  const json = embeddedJson({ text }).text
  expect(json).not.toMatch(/[<>&]|[\p{Cc}\p{Cf}\u2028\u2029]/u)
  expect(JSON.parse(json)).toEqual({ text })
})

it('reckons the hash that a Content-Security-Policy wants', async () => {
  const text = "'use strict' // äöü"
  expect(await policyHash(text)).toBe(`'sha256-${createHash('sha256').update(text).digest('base64')}'`)
})
