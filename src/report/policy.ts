/** How much a reader is shown before the rest is counted: every bound with its reason. The JSON has all of it. */

/** What holds for terminal, HTML and Markdown alike. */
export const showPolicy = {
  /** Captures told one by one: rotated ones come by the hundred. */
  captures: 4,
  /** Remarks on single files of many captures. */
  notes: 12,
  /** Files listed with a flow: a pooled connection is linked to flows in hundreds. */
  files: 12,
  /** Names of captures in a title or a sentence. */
  names: 3,
  /** Settings of a timer that are named, the likeliest first. */
  settings: 3,
} as const

/** On a terminal; a pipe gets everything. */
export const terminalPolicy = {
  /** Findings: more than fit two screens help nobody. */
  findings: 12,
  /** Rows of the table of flows. */
  rows: 20,
  /** Rows of each finding: like flows say the same, and after a few of them the rest is noise. */
  rowsOfFinding: 6,
  /** Characters of a sentence in the table; --flow shows all of it. */
  sentence: 360,
  /** Failed requests beside the findings; --all shows every one. */
  requests: 6,
  /** Hosts of a chain, which is drawn as one line: a mesh of dozens of hosts is not a chain. */
  hosts: 8,
  /** Legs where nothing is wrong or known. */
  quietLegs: 8,
  /** Addresses and ports of one host of the chain, which shares its line with the others. */
  ipsOfHost: 2,
  portsOfHost: 3,
  /** Cells of the second column of a list of `explain`; with fewer nobody could read it. */
  narrowestColumn: 20,
} as const

/** How wide the tables of a terminal are, in cells. */
export const tablePolicy = {
  /** Below it the two ends of a flow stand on two lines and the first close goes under the verdict. */
  roomy: 150,
  /** Two ends that are longer together stand on two lines all the same: two IPv6 ends on one would leave no room for the reason. */
  endsOnOneLine: 46,
  /** The ends take no more of the screen than one part of so many, and no less than an IPv4 address with its port. */
  endsPart: 3.5,
  narrowestEnds: 21,
  /** `half-open-zombie`, the longest class, and `server RST #123456` fit. */
  widestVerdict: 20,
  /** Longer lines are hard to follow with the eye. */
  widestWhy: 120,
  /** The last column is no narrower, even if the terminal has to fold it. */
  narrowestLast: 20,
  /** Below it moment, value and number of closes of a timer share a column. */
  timersRoomy: 120,
  /** Widest columns of the timers; the last one takes what is left. */
  timersWide: [30, 18, 13, 18],
  timersNarrow: [24, 26],
  /** Rows drawn at once: cli-table3 needs time with the square of them. */
  drawnAtOnce: 50,
} as const

/** In the HTML report, whose table has all flows in any case. */
export const htmlPolicy = {
  /** Cards of findings: more help nobody. */
  cards: 60,
  /** Rows of the ladder on a card. */
  cardRows: 16,
  /** Flows of which the page tells everything; the rest have their row and their sentence. */
  details: 3000,
  /** Ladders that are drawn, and that stand in the file as text: a picture takes 20 KB and a twentieth of a second. */
  drawn: 100,
  asText: 1000,
  /** Failed requests. */
  requests: 50,
  /** Rows of a table of hosts, legs or timers. */
  rows: 40,
  /** Addresses and ports of one host of the chain. */
  ipsOfHost: 3,
  portsOfHost: 4,
  /** Other settings of a timer in the details of a flow. */
  otherSettings: 4,
  /** Timers marked on the histogram of silences: each label may take a line of its own. */
  ticks: 10,
} as const

/** In the Markdown report. */
export const markdownPolicy = {
  /** Findings with a section of their own; like flows are one finding already. */
  findings: 25,
  /** Rows of the timeline: the first and the last flow of each finding. */
  moments: 40,
  /** Failed requests told one by one, and how many of one kind. */
  requests: 12,
  requestsAlike: 2,
  /** Timers and legs. */
  rows: 30,
  /** Other classes that are named with the reason against them. */
  others: 4,
  /** Flows that a finding lists by number. */
  streams: 12,
  /** Characters of packet text in one piece: a URL of 10 KB proves nothing more than its beginning. */
  text: 400,
  /** With none of 3 expected events seen, the rate has fallen with 95 % confidence: the "rule of three" (Hanley and Lippman-Hand 1983). */
  expectedEvents: 3,
  /** Seconds of the shortest capture that is recommended: in less, one burst of the old kind may simply have been missed. */
  shortestCapture: 60,
} as const
