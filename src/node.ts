/** What of the library needs Node: captures in files and on standard input, and pictures. */
export { openSource } from './capture/file-source.js'
export { drawFlow, type SequenceDiagramOptions } from './diagram/sequence-diagram.js'
export * from './index.js'
