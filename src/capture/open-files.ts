/** Files that are open at a time. A process may have few (256 on macOS), and a run may read thousands. */

/** What can be closed for a while. */
export interface Closable {
  letGo(): void
}

/** Enough for captures that overlap in time to be read in turns without opening any of them twice. */
const MOST_OPEN = 64

/** The files that are open, the one opened longest ago first: one more than allowed closes that one. */
export class OpenFiles {
  readonly #files = new Set<Closable>()

  /** A file was opened. */
  keep(file: Closable): void {
    for (const oldest of this.#files) {
      if (this.#files.size < MOST_OPEN) break
      oldest.letGo()
    }
    this.#files.add(file)
  }

  /** A file was closed. */
  forget(file: Closable): void {
    this.#files.delete(file)
  }
}
