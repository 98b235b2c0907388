/**
 * TCP ports that Zeek's default scripts declare as servers' (`likely_server_ports`); they decide who opened a connection whose
 * start is not in the capture.
 */
const LIKELY_SERVER_PORTS: ReadonlySet<number> = new Set([
  ...[21, 22, 25, 53, 80, 81, 88, 110, 135, 139, 143, 389, 443, 445, 502, 563, 585, 587, 614, 631, 636],
  ...[989, 990, 992, 993, 995, 1080, 1434, 1883, 2811, 3128, 3268, 3306, 3389, 5060, 5222, 5223, 5269],
  ...[5432, 5900, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000],
])

/** Whether the sender of a flow's first segment answers rather than asks, by Zeek's rule. `syn`: the segment is a SYN. */
export function isLikelyResponder(sourcePort: number, destinationPort: number, syn: boolean): boolean {
  if (!LIKELY_SERVER_PORTS.has(sourcePort)) return false
  return !LIKELY_SERVER_PORTS.has(destinationPort) || (!syn && sourcePort < destinationPort)
}
