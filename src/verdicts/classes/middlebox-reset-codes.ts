/** Window fields of the RSTs of a Citrix NetScaler (support.citrix.com: NetScaler reset codes; Wireshark's table). */
export const NETSCALER_REASONS: ReadonlyMap<number, string> = new Map([
  [8201, 'a packet of no connection it knows'],
  [8211, 'an idle connection was cleaned up'],
  [8212, 'a packet of no connection it knows'],
  [9201, 'multiplexing'],
  [9202, 'multiplexing'],
  [9203, 'multiplexing'],
  [9300, 'an idle connection was cleaned up'],
  [9301, 'an idle connection was cleaned up'],
  [9302, 'an idle connection was cleaned up'],
  [9303, 'an idle connection was cleaned up'],
  [9310, 'keep-alive probes were not answered'],
])
