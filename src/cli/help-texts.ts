/** What `--help` says below the options: examples, columns, exit status. */

/** Below the options of the main command. None of these lines is folded: they fit 80 columns. */
export const EXAMPLES = `
Examples:
  pcap-why timeout.pcap                       what went wrong, and why
  pcap-why timeout.pcap --svg timeout.svg     the worst finding, drawn
  pcap-why timeout.pcap --report why.html     the incident report, to attach
  pcap-why timeout.pcap --flow 12             one connection with its proof
  tcpdump -i any -w - tcp | pcap-why -        while it runs; Ctrl-C: findings
  pcap-why ci.pcap --fail-on keepalive-race   exit status 1 when it is there

Exit status: 0 ran, 1 --fail-on found its class, 2 wrong usage or unreadable
input.`

/** The same of `segments`. */
export const SEGMENTS_HELP = `
Columns: frame, time (seconds since 1970), stream (tcp.stream), side (client or
server), flags (as tcpdump writes them), seq and ack (raw), payload (bytes),
window (raw) and marks: names of Wireshark's tcp.analysis fields, separated by
commas. A segment that was recorded more than once is marked duplicate_capture
from the second time on, and nothing else. Of several files each counts its own
frames; --with-file tells them apart.

Examples:
  pcap-why segments timeout.pcap | grep zero_window
  pcap-why segments timeout.pcap | awk '$3 == 12'     stream 12 only`

/** The same of `timers`. */
export const TIMERS_HELP = `
A timer is named where several closes of one side agree on a silence, an age or
a number of requests better than chance has it, where a verdict proves a single
one, or where the server announces it (Keep-Alive header) or --timeouts
configures it.

Examples:
  pcap-why timers timeout.pcap
  pcap-why timers *.pcap --timeouts ours.yaml       your own settings, too
  pcap-why timers x.pcap --json | jq '.legs[] | select(.order == "unsafe")'`
