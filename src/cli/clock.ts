/** Milliseconds since the program started, never backwards. Node's `performance` would be a module of its own to load. */
export function elapsedMs(): number {
  return process.uptime() * 1000
}
