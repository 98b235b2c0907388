/** What `pcap-why explain` says, as data: typed, so that a page can neither lack a section nor an example that a test can run. */
import type { VerdictClass } from '../result.js'

/** One way to see for oneself. */
export interface Confirmation {
  /** `filter`: a display filter of Wireshark; `command`: to be run in a shell; `log`: a line, or state, in another program's log. */
  readonly by: 'filter' | 'command' | 'log'
  readonly what: string
  /** What it shows when the class is right. */
  readonly shows: string
}

/** One variant of a class; `name` null: the class as such. */
export interface Variant {
  readonly name: string | null
  readonly meaning: string
  /**
   * Packets that get this verdict, in the notation of ./ladder.ts; flow `a` is the one in question. A test runs each through the whole
   * tool and demands class and variant back.
   */
  readonly example: string
}

/** Everything about one class word. */
export interface ClassPage {
  readonly code: VerdictClass
  readonly title: string
  readonly meaning: string
  readonly variants: readonly Variant[]
  /** How it comes about. */
  readonly why: string
  readonly confirm: readonly Confirmation[]
  /** Classes that look alike, and what tells them apart. */
  readonly notThis: readonly { readonly code: VerdictClass; readonly tell: string }[]
  readonly fix: readonly string[]
  readonly sources: readonly string[]
}

/** A heading with its lines; `code` lines are printed as they are (but for comments), the others are folded. */
export interface Section {
  readonly heading: string
  readonly lines: readonly string[]
  /** Characters of each line that are a column of their own: what follows is folded beside it. */
  readonly column?: number
  readonly code?: boolean
}

/** A page made ready for whoever prints it. */
export interface Page {
  readonly name: string
  readonly title: string
  readonly sections: readonly Section[]
}
