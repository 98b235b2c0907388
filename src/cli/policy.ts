/** What the command line waits for, gathers and draws: every bound and threshold with unit and reason. */

/** Whoever waits less than this needs no line of progress; then it is drawn anew so often. Milliseconds. */
export const FIRST_PROGRESS_MS = 500
export const PROGRESS_EVERY_MS = 100
/** A signal can only be heard between two turns of the event loop; reading and analysing a file makes none of its own. Milliseconds. */
export const BREATHE_EVERY_MS = 150
/** A pipe that has been silent this long is told about, and again as often. Milliseconds. */
export const QUIET_EVERY_MS = 1000
/** Characters of a block that data is gathered to: a write per flow would cost more than its analysis. */
export const OUTPUT_BLOCK = 64 * 1024

/** Cells; narrower than this no table can be read: it is laid out for this width and the terminal folds it. */
export const NARROWEST_SCREEN = 60
/** Cells beside the names of options that --help needs for their texts; with fewer they are not folded. */
export const NARROWEST_COLUMN = 20
/** Cells of a terminal that does not say how many it has. */
export const USUAL_SCREEN = 80
/** Cells of a ladder: a pipe has no edge, and a ladder needs one; lifelines farther apart than the second no longer read as one picture. */
export const PIPED_LADDER = 120
export const WIDEST_LADDER = 140
/** … in a Markdown file, whose longer lines tickets and mails fold, and in the HTML report, on whose page it has this room. */
export const MARKDOWN_LADDER = 100
export const HTML_LADDER = 118
/** Settings named to somebody who misspelled one. */
export const SETTINGS_NAMED = 8
