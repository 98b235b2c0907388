/** The door of this room: a flow as a picture or as text. Neither loads d3-node before something is drawn. */
export { drawFlow, type SequenceDiagramOptions } from './draw.js'
export { ladderText, type LadderTextOptions } from './ladder-text.js'
export { darkRules, type Theme } from './palette.js'
export type { Paint, TextRole } from './text-grid.js'
