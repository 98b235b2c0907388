import type { SideColumns } from './side-columns.js'
import { SIDE_AWAITING } from './side-columns.js'

/** The other side of `i` spoke: whatever `i` had been repeating or probing is answered, or at least its peer lives. */
export function noteAnswer(sides: SideColumns, i: number): void {
  sides.state[i] &= ~SIDE_AWAITING
  sides.repeats[i] = 0
  sides.probes[i] = 0
  sides.repeatMaxGapNs[i] = 0
}

/** Side `i` sent something that calls for an answer (SYN, payload, FIN, probe) for the first time. */
export function noteAwaited(sides: SideColumns, i: number, frame: number, timeNs: number): void {
  if (!(sides.state[i] & SIDE_AWAITING)) {
    sides.state[i] |= SIDE_AWAITING
    sides.awaitedNs[i] = timeNs
    sides.awaitedFrame[i] = frame
  }
  sides.repeatLastNs[i] = timeNs
  sides.repeatLastFrame[i] = frame
}

/** Side `i` sent again what it had sent before. */
export function noteRepeat(sides: SideColumns, i: number, frame: number, timeNs: number): void {
  const awaiting = (sides.state[i] & SIDE_AWAITING) !== 0
  if (!awaiting) {
    sides.state[i] |= SIDE_AWAITING
    sides.awaitedNs[i] = timeNs
    sides.awaitedFrame[i] = frame
  } else {
    const gap = timeNs - sides.repeatLastNs[i]
    if (gap > sides.repeatMaxGapNs[i]) sides.repeatMaxGapNs[i] = gap
  }
  if (sides.repeats[i] < 0xffff) sides.repeats[i]++
  if (sides.repeats[i] === 1) {
    sides.repeatFirstNs[i] = timeNs
    sides.repeatFirstFrame[i] = frame
  }
  sides.repeatLastNs[i] = timeNs
  sides.repeatLastFrame[i] = frame
}

/** Side `i` sent a keep-alive probe. */
export function noteProbe(sides: SideColumns, i: number, frame: number, timeNs: number): void {
  if (sides.probes[i] === 0) {
    sides.probeFirstNs[i] = timeNs
    sides.probeFirstFrame[i] = frame
  }
  if (sides.probes[i] < 0xffff) sides.probes[i]++
  if (sides.probesAll[i] < 0xffff) sides.probesAll[i]++
}
