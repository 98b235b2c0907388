/** What the page's script gets from the report: types only, shared by both. Texts are inert, times are seconds. */

/** A class as the page shows it. */
export interface PageKind {
  /** The class word; colours hang on it. */
  readonly word: string
  readonly severity: 'problem' | 'latent' | 'ok'
  readonly title: string
}

/**
 * All flows as columns; a flow is an index into them. Texts are indexes into `PageData.texts`.
 * Thousands of flows as objects would make the file several times as large.
 */
export interface FlowColumns {
  readonly stream: readonly number[]
  readonly kind: readonly number[]
  readonly client: readonly number[]
  readonly server: readonly number[]
  readonly clientPort: readonly number[]
  readonly serverPort: readonly number[]
  readonly start: readonly number[]
  readonly end: readonly number[]
  readonly frames: readonly number[]
  readonly bytes: readonly number[]
  /** 0: no close seen, 1: client FIN, 2: client RST, 3: server FIN, 4: server RST. */
  readonly closer: readonly number[]
  readonly closeTime: readonly (number | null)[]
  /** Before the first close. */
  readonly silence: readonly (number | null)[]
  /** Starts and ends by turns. */
  readonly silences: readonly (readonly number[])[]
  readonly summary: readonly number[]
}

/** What is told of a flow besides its row. */
export interface FlowDetail {
  /** Certainty, phase and what else stands beside the class. */
  readonly aside: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** A frame by its number; with several files that of the file stands before it: `2:5`. */
  readonly evidence: readonly (readonly [frame: number | string, text: string])[]
  readonly notThis: readonly (readonly [title: string, because: string])[]
  readonly fix: readonly string[]
  readonly remarks: readonly string[]
  readonly links: readonly (readonly [stream: number, words: string])[]
}

/** Everything the script works on. */
export interface PageData {
  /** End of the time axis. */
  readonly seconds: number
  readonly kinds: readonly PageKind[]
  readonly texts: readonly string[]
  readonly flows: FlowColumns
  /** By stream number; flows that are fine have none. */
  readonly details: Readonly<Record<string, FlowDetail>>
  /** Ladders as SVG documents, by stream number. */
  readonly ladders: Readonly<Record<string, string>>
  /** Ladders as lines of text, of flows that have no picture here. */
  readonly textLadders: Readonly<Record<string, string>>
  /** Streams of each finding. */
  readonly findings: readonly (readonly number[])[]
  /** The captures' names for a command line. */
  readonly captures: string
  /** Stream numbers are Wireshark's own: one capture. */
  readonly ownStreams: boolean
}
