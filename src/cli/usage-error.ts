/** The user asked for something that cannot be done: one line on stderr, exit status 2. */
export class UsageError extends Error {
  /** What to try, as one sentence without a full stop; null when there is nothing to advise. */
  readonly hint: string | null

  constructor(message: string, hint: string | null = null) {
    super(message)
    this.name = 'UsageError'
    this.hint = hint
  }
}
