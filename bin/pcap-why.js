#!/usr/bin/env node
'use strict'
// CommonJS: Node's loader for modules would take 7 ms of each start.
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { Script } = require('node:vm')

const folder = join(__dirname, '..', 'dist', 'cli')
/** As stack traces call it, wherever it is installed. */
const filename = 'pcap-why/dist/cli/main.cjs'

/**
 * What V8 made of the program when it was built. Its functions need not be compiled again, some 60 ms of a start; only the very Node that
 * wrote it can read it. Every other Node compiles, as it does when V8 was given flags.
 */
function compiled() {
  try {
    return readFileSync(join(folder, `main-${process.version}-${process.platform}-${process.arch}.cache`))
  } catch {
    return undefined
  }
}

// The build leaves no character in it that is not ASCII: latin1 is the same, and faster.
const program = new Script(readFileSync(join(folder, 'main.cjs'), 'latin1'), {
  filename,
  cachedData: compiled(),
})
const { main } = program.runInThisContext()(require, (name) => import(name))

main(process.argv.slice(2)).then((status) => {
  // All is written. Node left alone would wait for V8 to finish what it compiles for later.
  process.exit(status)
})
