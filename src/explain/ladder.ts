/**
 * Pieces of packet ladders, for the examples of the pages. One line is one packet: seconds (`+` after the line before; none: 0.1 ms
 * later), flow, `>` from the client or `<` from the server, tcpdump's flags, payload or header fields. `again` is a retransmission,
 * `unseen` a segment sent before the other side's last one arrived, `probe` a keep-alive or window probe.
 */

/** The flow in question: a client, or a proxy, and a server. */
export const FLOW = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'

/** The three-way handshake. */
export function opened(flow = 'a', at = '0.0'): string {
  return `${at} ${flow} > S\n${flow} < S.\n${flow} > .`
}

/** A request without a body, as payload. */
export function request(target: string, headers = '', method = 'GET'): string {
  return `'${method} ${target} HTTP/1.1\\r\\nHost: shop.test\\r\\n${headers}\\r\\n'`
}

/** A response with a body of two bytes, as payload. */
export function response(headers = '', status = '200 OK'): string {
  return `'HTTP/1.1 ${status}\\r\\n${headers}Content-Length: 2\\r\\n\\r\\nok'`
}

/** Handshake, one request and its response. */
export function answered(flow = 'a', at = '0.0', headers = '', requestHeaders = ''): string {
  return `${opened(flow, at)}\n${flow} > P. ${request('/first', requestHeaders)}\n+0.001 ${flow} < P. ${response(headers)}\n${flow} > .`
}

/** Another connection, so that the capture goes on until then. */
export function laterOn(at: string): string {
  return `flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts\n${at} z > S\nz < R.`
}

/** A ClientHello of TLS, as payload: as short as one can be. */
export const CLIENT_HELLO = `'\\x16\\x03\\x01\\x00\\x2d\\x01\\x00\\x00\\x29\\x03\\x03${'r'.repeat(32)}\\x00\\x00\\x02\\x13\\x01\\x01\\x00'`

/** A ServerHello of TLS 1.2, as payload. */
export const SERVER_HELLO = `'\\x16\\x03\\x03\\x00\\x2a\\x02\\x00\\x00\\x26\\x03\\x03${'s'.repeat(32)}\\x00\\xc0\\x2f\\x00'`
