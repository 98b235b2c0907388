type Column = Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/** A copy of the column with room for `length` elements; new elements are 0. */
export function grown<T extends Column>(column: T, length: number): T {
  const larger = new (column.constructor as new (n: number) => T)(length)
  larger.set(column)
  return larger
}
