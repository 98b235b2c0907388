/** What connect() fails with when an ICMP error answers its SYN: Linux, icmp_err_convert and icmpv6_err_convert. */
const ERRORS: Readonly<Record<string, string>> = {
  'network unreachable': '101: Network is unreachable',
  'host unreachable': '113: No route to host',
  'administratively prohibited': '113: No route to host',
  'time to live exceeded': '113: No route to host',
}

/**
 * Number and words of the error.
 * @param kind what the ICMP error says; null: a RST refused the connection
 */
export function connectError(kind: string | null, ipv6: boolean): string {
  if (ipv6 && kind === 'administratively prohibited') return '13: Permission denied'
  return ERRORS[kind ?? ''] ?? '111: Connection refused'
}
