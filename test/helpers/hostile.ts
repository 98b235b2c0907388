/** Texts that somebody might send to be shown: to a browser, a terminal, an XML parser, a reader. */
import { ladder } from './ladder.js'
import { clientEnds, opens } from './verdict-of.js'

/** Bytes in UTF-8 as the ladder language writes them. */
function utf8(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) =>
      byte > 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('')
}

/** What stands in paths, statuses and headers; no blank, so that a path may hold it. */
export const HOSTILE_TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['script tags', `/"'></text></svg></script><script>window.pwned=1</script>`],
  ['an image that fails', '/<img/src=x/onerror=window.pwned=1>'],
  ['entities', '/&lt;b&gt;&#60;script&#62;&amp;amp;]]><!--'],
  ['terminal escapes', '/\u001b[2J\u001b]0;pwned\u0007\u009b31m'],
  ['bidi and invisible marks', '/a\u202egpj.exe\u2066\u200b\u2028\ufeff'],
  ['a long path', `/${'long/'.repeat(2048)}`],
  ['template and JSON ends', '/${alert(1)}"}]}</script>'],
]

/** Bytes that are no UTF-8, as the ladder language writes them. */
const NO_UTF8 = '/\\xff\\xfe\\xc0\\xaf\\xed\\xa0\\x80\\xf5'

/** A capture in which every text of a request and its response is hostile; each request fails with a 502. */
export function hostileCapture(): Uint8Array {
  const texts = [...HOSTILE_TEXTS.map(([, text]) => utf8(text)), NO_UTF8]
  const flows = texts.map((text, index) => {
    const name = `f${index}`
    const short = text.slice(0, 600)
    return `flow ${name} 10.0.0.1:${50_000 + index} > 10.0.0.2:80 ts
      ${opens(name, `${index}.0`)}
      ${name} > P. 'GET ${text} HTTP/1.1\\r\\nHost: ${short}\\r\\nX-Request-Id: ${short}\\r\\nUser-Agent: ${short}\\r\\n\\r\\n'
      +20.0 ${name} < P. 'HTTP/1.1 502 ${short}\\r\\nServer: ${short}\\r\\nVia: ${short}\\r\\nContent-Length: 100\\r\\n\\r\\n'
      ${clientEnds(name, '+1.0')}`
  })
  return ladder(flows.join('\n'))
}
