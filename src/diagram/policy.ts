/**
 * What a ladder shows and what it leaves out, as a picture or as text: every bound and threshold with unit and reason. How large things are
 * drawn stands where they are laid out.
 */

/** Rows of a ladder unless the caller asks for another number, and the fewest that he gets: what led to the close, the close, what came of it. */
export const MOST_ROWS = 40
export const LEAST_ROWS = 3
/** Rows above which acknowledgements that say nothing else are not drawn. */
export const CALM_ROWS = 16
/** A ladder that has to leave out rows leaves out all that do not matter and stays this short. */
export const SHORT_ROWS = 18
/** Chains longer than this are cut: no proxy chain seen so far has more, and a loop must end. */
export const MOST_LEGS = 6

/** How much a step matters; the higher one counts where two apply. A step is part of the explanation from `matters` on, below it is company. */
export const stepScores = {
  matters: 70,
  /** The close that the verdict is about stays whatever else is left out. */
  deciding: 110,
  /** Segments that crossed on their way, and the one of them that is only crossed: the X between them is the explanation. */
  crossing: 100,
  crossed: 99,
  /** Either end of the longest silence: with both left out nothing would tell of it. */
  silence: 91,
  evidence: 90,
  icmp: 84,
  /** The last row tells how long the flow was seen. */
  last: 82,
  close: 80,
  handshake: 78,
  lastExchange: 76,
  /** An error's status. */
  error: 72,
  /** What is none of these: after the deciding step, before it, and among the first steps of the flow. */
  after: 60,
  before: 50,
  beginning: 54,
  beginningSteps: 4,
  /** An acknowledgement that says nothing else counts so much less. */
  plainAck: 30,
  /** Each step of distance from the deciding one counts one less, before it half as much, but all together no more than this. */
  farthest: 40,
  beforeShare: 0.5,
  /** Of what is shown nearly always distance only breaks ties: crossings and evidence lose this share of it, closes that, and no more than so much. */
  provenShare: 0.1,
  closeShare: 0.5,
  farthestClose: 30,
} as const

/** A pause this long is drawn, and no run of segments reaches over it; seconds. */
export const SHORTEST_SILENCE = 1
/** Silences that are drawn long: so many, as far as they last this share of the longest. */
export const longSilences = { most: 2, share: 0.3 } as const
/** Acknowledgements this soon after the last byte do not shorten a silence; seconds. */
export const ACK_TAIL = 0.5
/** Legs of one chain close within this time of each other, and a request this soon after is still part of the same exchange; seconds. */
export const SAME_MOMENT = 0.05
/** How long before the close a retry's connection may have been opened; seconds. */
export const RETRY_LEAD = 1
/**
 * More lines than these through one another are a tangle; segments that crossed further apart than this (seconds) say so on their label,
 * because a line that slants through a silence explains nothing.
 */
export const crossings = { most: 2, widest: 1 } as const

/** Proofs above a picture; more make it a page of text. */
export const MOST_PROOFS = 4
/** Other settings that could have fired, beside the likeliest, and lines of the fix: the report has all of them. */
export const MOST_OTHERS = 2
export const MOST_FIXES = 3
/** Lines of a title: the longest verdict of the corpus has four. */
export const TITLE_LINES = 5
/** Rows on the tint of the deciding ones: more would tint the whole picture. */
export const LONGEST_BAND = 8
/** Characters of the longest text that is looked at; what a picture can show is far shorter. */
export const LONGEST_TEXT = 2000
/** Cells of an arrow's label in Mermaid: a longer one makes the drawing unreadable. */
export const MERMAID_LABEL = 60

/** Cells of a line of text unless the caller says how many there are, and the fewest that anything fits into. */
export const TEXT_WIDTH = 100
export const NARROWEST_TEXT = 20
/** Cells from one lifeline to the next: fewer hold no label, and a ladder becomes a list; more are no easier to read. */
export const NARROWEST_LEG = 16
export const WIDEST_LEG = 64
