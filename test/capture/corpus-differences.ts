/**
 * Where our reading differs from tshark 4.0's on the corpus of captures by others, and why. Three rules hold for all files:
 * - tshark prints the three reserved bits with the flags; we keep the nine flags.
 * - an IPv6 payload length of 0 without a jumbo option is taken for segmentation offload, as tshark does for IPv4 only (ipv6.tso_support).
 * - our times are Float64 nanoseconds since the run's first frame: exact for 104 days, then rounded to the next representable number.
 */
export interface Difference {
  /** Ending of the file's name. */
  readonly file: string
  /** null: all frames. */
  readonly frames: readonly number[] | null
  readonly field: 'time' | 'payload' | 'extra'
  readonly reason: string
}

const OVERFLOW =
  'the fraction of a second is a second or more, or negative; tshark prints the fields as they are, we add them up'

export const DIFFERENCES: readonly Difference[] = [
  {
    file: 'ndpi__ajp.pcap',
    frames: [10, 11, 29, 30],
    field: 'payload',
    reason:
      'tshark takes the last four bytes of FabricPath frames for a check sequence; here they are payload',
  },
  {
    file: 'firewall__tcp-session-decode-malformed-ipv4__input.pcap',
    frames: [8],
    field: 'extra',
    reason: 'tshark gives up at a malformed IP option; the TCP header after it is whole',
  },
  {
    file: 'crash-exception-cast-constructed-record',
    frames: [2],
    field: 'extra',
    reason:
      'a fuzzed file that tshark takes for a pcap variant with longer record headers under the usual magic',
  },
  {
    file: 'clusterfuzz-testcase-minimized-FuzzTarget-4829420752470016',
    frames: null,
    field: 'time',
    reason: OVERFLOW,
  },
  {
    file: 'clusterfuzz-testcase-minimized-FuzzTarget-6303070823907328',
    frames: null,
    field: 'time',
    reason: OVERFLOW,
  },
  { file: 'tcpdump__timestamp_invalid_nano.pcap', frames: [2, 3], field: 'time', reason: OVERFLOW },
  { file: 'tcpreplay__test2.replay_exclude', frames: null, field: 'time', reason: OVERFLOW },
  { file: 'tcpreplay__test2.replay_include', frames: null, field: 'time', reason: OVERFLOW },
  { file: 'tcpreplay__test2.replay_unique_ip', frames: null, field: 'time', reason: OVERFLOW },
]
