import { rotationsOf } from './rotations.js'

/**
 * Numbers the places at which captures were taken. A file of a rotation goes on where the one before it ended; of files whose names tell
 * of no rotation, one that begins when another has ended goes on there, too.
 */
export class Vantages {
  private count = 0
  /** Places whose capture has ended, the latest last. */
  private readonly ended: { readonly vantage: number; readonly rotation: number }[] = []
  private readonly rotationOf = new Map<number, number>()
  /** How many files each rotation has. */
  private readonly filesOf = new Map<number, number>()

  /** `begun`: the captures and their names, in the order in which they begin. */
  constructor(begun: readonly { readonly capture: number; readonly path: string }[]) {
    const rotations = rotationsOf(begun.map(({ path }) => path))
    for (const [n, { capture }] of begun.entries()) {
      this.rotationOf.set(capture, rotations[n])
      this.filesOf.set(rotations[n], (this.filesOf.get(rotations[n]) ?? 0) + 1)
    }
  }

  /** The place of a capture that begins. */
  begin(capture: number): number {
    const own = this.rotationOf.get(capture)
    const isAlone = (rotation: number | undefined): boolean =>
      rotation !== undefined && this.filesOf.get(rotation) === 1
    const same = this.ended.findLastIndex(({ rotation }) => rotation === own)
    const at =
      same >= 0 || !isAlone(own) ? same : this.ended.findLastIndex(({ rotation }) => isAlone(rotation))
    return at < 0 ? this.count++ : this.ended.splice(at, 1)[0].vantage
  }

  /** A capture has ended at its place. */
  end(capture: number, vantage: number): void {
    const rotation = this.rotationOf.get(capture)
    if (rotation !== undefined) this.ended.push({ vantage, rotation })
  }
}
