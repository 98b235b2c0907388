/**
 * SYNs of as many connections from as many addresses, one each, as a nanosecond pcap of 40-byte raw IPv4 packets from `fromSeconds` on,
 * `apartNs` apart. The server answers every `answered`-th with a SYN-ACK, which nobody acknowledges.
 */
export function flood(
  connections: number,
  { apartNs = 1000, answered = Infinity, fromSeconds = 0 } = {},
): Uint8Array {
  const answers = Math.floor((connections - 1) / answered)
  const bytes = new Uint8Array(24 + (connections + answers) * 56)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0xa1b23c4d)
  view.setUint16(4, 2)
  view.setUint16(6, 4)
  view.setUint32(20, 101)
  let at = 24
  const packet = (ns: number, from: number, to: number, ports: number, seq: number, flags: number): void => {
    view.setUint32(at, fromSeconds + Math.floor(ns / 1e9))
    view.setUint32(at + 4, ns % 1e9)
    view.setUint32(at + 8, 40)
    view.setUint32(at + 12, 40)
    view.setUint32(at + 16, 0x45000028)
    view.setUint32(at + 24, 0x40060000)
    view.setUint32(at + 28, from)
    view.setUint32(at + 32, to)
    view.setUint32(at + 36, ports)
    view.setUint32(at + 40, seq)
    view.setUint32(at + 48, flags)
    at += 56
  }
  for (let n = 0; n < connections; n++) {
    const client = 0x0a000000 + n
    packet(n * apartNs, client, SERVER, (1024 << 16) | 80, n * 7919, 0x5002ffff)
    if (n > 0 && n % answered === 0) packet(n * apartNs, SERVER, client, (80 << 16) | 1024, n, 0x5012ffff)
  }
  return bytes
}

const SERVER = 0xac100001
