/** What kind of trouble a capture as a whole can be in. Trouble with one packet is data, not an error. */
export type CaptureErrorCode =
  | 'not-found'
  | 'is-directory'
  | 'not-readable'
  | 'empty'
  | 'unknown-format'
  | 'unknown-link-type'
  | 'no-tcp'
  | 'corrupt'

/** Where a capture went wrong and what the user may try. */
export interface CaptureErrorDetail {
  readonly code: CaptureErrorCode
  /** The file as the user named it; `-` for standard input. */
  readonly path: string
  /** Byte offset in the (uncompressed) file, null when the trouble has no place. */
  readonly offset: number | null
  /** What to try, as one sentence without a full stop; null when there is nothing to advise. */
  readonly hint: string | null
}

/** The only error analysis throws: a capture that cannot be read at all. Its message is one line: what and where. */
export class CaptureError extends Error implements CaptureErrorDetail {
  readonly code: CaptureErrorCode
  readonly path: string
  readonly offset: number | null
  readonly hint: string | null

  constructor(message: string, detail: CaptureErrorDetail) {
    super(message)
    this.name = 'CaptureError'
    this.code = detail.code
    this.path = detail.path
    this.offset = detail.offset
    this.hint = detail.hint
  }
}
