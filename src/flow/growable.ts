import { COLUMNS_LEAP_FROM } from './policy.js'

type Column = Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/** Rows that columns with room for `rows` get next. */
export function nextCapacity(rows: number): number {
  return rows === COLUMNS_LEAP_FROM ? rows * 10 : rows * 2
}

/** A copy of the column with room for `length` elements; new elements are 0. */
export function grown<T extends Column>(column: T, length: number): T {
  const larger = new (column.constructor as new (n: number) => T)(length)
  larger.set(column)
  return larger
}
