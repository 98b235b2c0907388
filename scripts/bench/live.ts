/** What is alive shortly before the end of a capture: `node --expose-gc --import tsx scripts/bench/live.ts FILE` prints it as JSON. */
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'

/** Looks, evenly over the last fifth of the capture: the least of them is taken, since connections that wait to be judged come and go. */
const LOOKS = 16
const FROM = 0.8

const collect = (globalThis as { gc?: () => void }).gc
if (collect === undefined) throw new Error('wants node --expose-gc')

let looks = 0
let liveBytes = Infinity
const report = await analyze([openSource(process.argv[2])], {
  onProgress: (done, total) => {
    if (total === null || done < total * (FROM + (looks / LOOKS) * (1 - FROM))) return
    looks++
    // Buffers of what the first collection has freed are given back by the second.
    collect()
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    liveBytes = Math.min(liveBytes, heapUsed + arrayBuffers)
  },
})
console.log(JSON.stringify({ connections: report.summary.flows, liveBytes }))
