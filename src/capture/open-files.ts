/** Files that are open at a time: a run may read thousands. */
import { MOST_OPEN } from './policy.js'

/** What can be closed for a while. */
export interface Closable {
  letGo(): void
}

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
