/** Standard error, opened when something is to be said: 3 ms of a start that a run without trouble saves. */
let stream: NodeJS.WriteStream | null = null

/** Where notes, progress and failures go. */
export function diagnostics(): NodeJS.WriteStream {
  if (stream === null) {
    stream = process.stderr
    // A reader of our diagnostics who leaves takes nothing away from the data.
    stream.on('error', () => {})
  }
  return stream
}

/** Waits until the system has taken all that was said. */
export async function diagnosticsWritten(): Promise<void> {
  const said = stream
  // The callback comes in every case, an error included.
  if (said !== null && said.writableLength > 0)
    await new Promise<void>((resolve) => said.write('', () => resolve()))
}
