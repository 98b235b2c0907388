import type { CaptureFacts } from './capture/capture-facts.js'
import { readCaptures } from './capture/read-captures.js'
import type { ByteSource } from './capture/source.js'
import { AddressTable } from './decode/addresses.js'
import { FrameNumbers } from './decode/frame-numbers.js'
import { CaptureError } from './errors.js'
import type { AnalyzeOptions } from './judging/analyze-options.js'
import { CaptureSpans } from './judging/capture-spans.js'
import { compareClocks } from './judging/clocks.js'
import { FramePlaces } from './judging/frame-places.js'
import { Settlement } from './judging/settlement.js'
import type { Report } from './result.js'
import { version } from './version.js'

export type { AnalyzeOptions } from './judging/analyze-options.js'

/**
 * Reads captures and says why each of their connections ended. Throws CaptureError when a capture cannot be read or holds no TCP.
 * Bytes become segments (capture, decode), those become flows and exchanges (flow, exchange); flows that have ended are settled, many
 * together: facts, links between them (chain), verdicts, and what the report keeps of each (outcome).
 */
export async function analyze(sources: readonly ByteSource[], options: AnalyzeOptions = {}): Promise<Report> {
  const seed = options.hashSeed ?? randomSeed()
  const addresses = new AddressTable()
  const paths = sources.map((source) => source.path)
  const numbers = new FrameNumbers()
  const places = new FramePlaces(numbers, paths)
  let settlement: Settlement | null = null
  options.whenQuiet?.((forNs) => settlement?.quiet(forNs))
  const clocks = await compareClocks(sources, seed, options.signal)
  const spans = new CaptureSpans(paths, clocks, numbers)
  const read = await readCaptures(
    sources,
    (batch, from, to, capture, vantage) => settlement?.process(batch, from, to, capture, vantage),
    {
      addresses,
      steadyTime: true,
      aheadNs: clocks.aheadNs,
      numbers,
      onStart: (firstNs) => (settlement = new Settlement(addresses, spans, places, options, firstNs, seed)),
      ...(options.onProgress && { onProgress: options.onProgress }),
      ...(options.signal && { signal: options.signal }),
    },
  )
  const report = (settlement as Settlement | null)?.finish(read) ?? null
  if (report === null) throw withoutTcp(sources, read.captures)
  return { schema: 'pcap-why/report/1', version, ...report }
}

/** Nobody can write a capture whose flows all collide. */
function randomSeed(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0]
}

function withoutTcp(sources: readonly ByteSource[], captures: readonly CaptureFacts[]): CaptureError {
  const frames = captures.reduce((sum, one) => sum + one.frames, 0)
  const path = sources[0]?.path ?? '-'
  const held = frames === 0 ? 'no frame at all' : `${frames} ${frames === 1 ? 'frame' : 'frames'} but no TCP`
  return new CaptureError(`${path} holds ${held}`, {
    code: 'no-tcp',
    path,
    offset: null,
    hint: "capture with a filter that lets TCP through, for example tcpdump -i any -s 0 -w out.pcap 'tcp port 80 or tcp port 8000'",
  })
}
