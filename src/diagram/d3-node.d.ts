/** The few parts of d3-node that the diagram draws with; the package brings no types. */
declare module 'd3-node' {
  /** A d3 selection of one element. */
  export interface Selection {
    append(name: string): Selection
    attr(name: string, value: string | number): Selection
    text(value: string): Selection
    node(): unknown
    remove(): Selection
  }

  /** A document to draw in. */
  export class D3Node {
    constructor()
    createSVG(width?: number, height?: number, attributes?: Readonly<Record<string, string>>): Selection
    readonly window: { readonly XMLSerializer: new () => { serializeToString(node: unknown): string } }
  }
}
