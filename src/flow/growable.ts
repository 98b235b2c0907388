type Column = Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/**
 * Rows from which columns grow to ten times as many in one go. What has never been written to takes no memory, but every column that is
 * outgrown leaves a hole in the heap that its successor does not fit into: with many small steps a flood took 50 MB more.
 */
const LEAPS_FROM = 8192

/** Rows that columns with room for `rows` get next. */
export function nextCapacity(rows: number): number {
  return rows === LEAPS_FROM ? rows * 10 : rows * 2
}

/** A copy of the column with room for `length` elements; new elements are 0. */
export function grown<T extends Column>(column: T, length: number): T {
  const larger = new (column.constructor as new (n: number) => T)(length)
  larger.set(column)
  return larger
}
