import { describe, expect, test } from 'vitest'
import { ACK, SegmentBatch } from '../../src/decode/segments.js'
import { CopyDetector } from '../../src/flow/duplicates.js'

/** More segments than are remembered at a time. */
const MANY = 20_000

/** A batch whose rows are segments of one side, one after another, 100 ns apart; its last row is the copy of another, seen elsewhere. */
function series(rows: number, copied: number): SegmentBatch {
  const batch = new SegmentBatch(rows + 1)
  for (let row = 0; row <= rows; row++) {
    const of = row === rows ? copied : row
    batch.timeNs[row] = row * 100
    batch.seq[row] = of * 10
    batch.ipId[row] = of
    batch.flags[row] = ACK
    batch.payloadLength[row] = 10
    batch.interfaceId[row] = row === rows ? 1 : 0
  }
  return batch
}

function isCopyAfter(rows: number, copied: number): boolean {
  const batch = series(rows, copied)
  const copies = new CopyDetector()
  for (let row = 0; row < rows; row++) {
    if (row % 2 === 0) copies.remember(batch, row, 0)
    else if (copies.isCopy(batch, row, 0)) throw new Error(`row ${row} is none`)
  }
  return copies.isCopy(batch, rows, 0)
}

describe('the segments that are remembered', () => {
  test('the latest, however many came before: by either way', () => {
    expect(isCopyAfter(MANY, MANY - 1)).toBe(true)
    expect(isCopyAfter(MANY, MANY - 2)).toBe(true)
  })

  test('near miss: of the first nothing is known any more', () => {
    expect(isCopyAfter(MANY, 3)).toBe(false)
  })

  test('near miss: the same numbers of another side', () => {
    const batch = series(1, 0)
    const copies = new CopyDetector()
    copies.remember(batch, 0, 0)
    expect(copies.isCopy(batch, 1, 1)).toBe(false)
  })
})
