/** `pcap-why segments`: every TCP segment as a line, for grep, awk and comparison with other tools. */
import { openSource } from '../capture/file-source.js'
import type { ByteSource } from '../capture/source.js'
import { listSegments, type ListSegmentsOptions } from '../segments/list-segments.js'
import { captureNames } from './capture-names.js'
import type { Output } from './output.js'
import { PacedSource } from './paced-source.js'
import { checkStandardInput } from './read-report.js'
import { newSpaceKeeper, setFlagsFor } from './v8-flags.js'
import { Interruption, WatchedSource } from './watched-source.js'

/** The options of the command as commander hands them over. */
export interface SegmentsFlags {
  readonly wireshark?: '4.0' | '4.4'
  readonly withFile?: boolean
}

/** Writes the lines as the captures are read, never faster than they are taken; ends early when nobody takes them any more. */
export async function segmentsCommand(
  captures: readonly string[],
  flags: SegmentsFlags,
  out: Output,
): Promise<number> {
  checkStandardInput(captures)
  const sources: ByteSource[] = []
  const stop = new Interruption()
  const onSignal = (): void => stop.raise()
  process.once('SIGINT', onSignal)
  let pending: string[] = []
  const flush = async (): Promise<void> => {
    const lines = pending
    pending = []
    await out.write(lines)
    if (out.readerLeft) stop.raise()
  }
  const options: ListSegmentsOptions = {
    signal: stop,
    onProgress: newSpaceKeeper(),
    ...(flags.wireshark && { rules: flags.wireshark }),
    ...(flags.withFile && { withFile: true }),
  }
  try {
    for (const path of await captureNames(captures)) sources.push(openSource(path))
    setFlagsFor(sources)
    const paced = sources.map((source) => new PacedSource(new WatchedSource(source, stop), flush))
    await listSegments(paced, (lines) => pending.push(lines), options)
    await flush()
    return 0
  } finally {
    process.off('SIGINT', onSignal)
    for (const source of sources) source.close()
  }
}
