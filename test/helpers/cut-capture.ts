import { MemorySource } from '../../src/capture/memory-source.js'
import type { FramePlace } from '../../src/result.js'

/** A little-endian pcap in files of so many frames that follow each other, as `editcap -c` cuts it: `caps/000.pcap`, `caps/001.pcap` … */
export function cutCapture(bytes: Buffer, framesEach: number): MemorySource[] {
  const records: Buffer[] = []
  for (let at = 24; at + 16 <= bytes.length;) {
    const next = at + 16 + bytes.readUInt32LE(at + 8)
    records.push(bytes.subarray(at, next))
    at = next
  }
  return Array.from({ length: Math.ceil(records.length / framesEach) }, (_, n) => {
    const own = records.slice(n * framesEach, (n + 1) * framesEach)
    const name = `caps/${String(n).padStart(3, '0')}.pcap`
    return new MemorySource(Buffer.concat([bytes.subarray(0, 24), ...own]), name)
  })
}

/** The frame's number in the capture before it was cut. `own`: the file that need not be named. */
export function frameBeforeCut(own: number, framesEach: number, place: FramePlace): number {
  return (place.capture ?? own) * framesEach + place.frame
}
