/**
 * `--filter`: which flows are meant. Words of tcpdump's filters, on whole connections: `src` is the client, `dst` the
 * server, and a packet's direction plays no part.
 */
import type { AddressBytes } from './ip-address.js'
import { parseAddress, parsePort, sharesPrefix } from './ip-address.js'
import { UsageError } from './usage-error.js'

/** The part of a flow that a filter looks at. */
export interface FlowEnds {
  readonly client: { readonly ip: string; readonly port: number }
  readonly server: { readonly ip: string; readonly port: number }
}

/** Whether a flow is meant. */
export type FlowPredicate = (flow: FlowEnds) => boolean

type EndPredicate = (end: FlowEnds['client']) => boolean
type Direction = 'client' | 'server' | 'either'

interface Token {
  readonly text: string
  /** Index of the first character in the expression. */
  readonly at: number
}

const KINDS = ['host', 'net', 'port']
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  src: 'client',
  client: 'client',
  dst: 'server',
  server: 'server',
}
const EXAMPLE = 'for example: dst host 10.0.0.3 and not port 443'

function tokens(expression: string): Token[] {
  const found: Token[] = []
  for (const match of expression.matchAll(/\(|\)|&&|\|\||!|[^\s()&|!]+|[&|]/g)) {
    found.push({ text: match[0], at: match.index })
  }
  return found
}

/** Recursive descent over the tokens: or, and, not, primary. */
class FilterParser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(readonly expression: string) {
    this.#tokens = tokens(expression)
  }

  parse(): FlowPredicate {
    if (this.#tokens.length === 0) throw new UsageError('--filter is empty', EXAMPLE)
    const predicate = this.#or()
    const rest = this.#peek()
    if (rest !== undefined) {
      this.#fail(
        rest,
        rest.text === ')' ? 'closes nothing' : 'comes where "and", "or" or the end was expected',
      )
    }
    return predicate
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  /** Takes the next token if it is one of these words, in any case. */
  #take(...words: string[]): string | null {
    const token = this.#peek()
    if (token === undefined || !words.includes(token.text.toLowerCase())) return null
    this.#next += 1
    return token.text.toLowerCase()
  }

  #fail(token: Token, trouble: string): never {
    throw new UsageError(`--filter: "${token.text}" at character ${token.at + 1} ${trouble}`, EXAMPLE)
  }

  #or(): FlowPredicate {
    let left = this.#and()
    while (this.#take('or', '||') !== null) {
      const [a, b] = [left, this.#and()]
      left = (flow) => a(flow) || b(flow)
    }
    return left
  }

  #and(): FlowPredicate {
    let left = this.#not()
    while (this.#take('and', '&&') !== null) {
      const [a, b] = [left, this.#not()]
      left = (flow) => a(flow) && b(flow)
    }
    return left
  }

  #not(): FlowPredicate {
    if (this.#take('not', '!') === null) return this.#primary()
    const inner = this.#not()
    return (flow) => !inner(flow)
  }

  #primary(): FlowPredicate {
    if (this.#take('(') !== null) {
      const opened = this.#tokens[this.#next - 1] as Token
      const inner = this.#or()
      if (this.#take(')') === null) this.#fail(opened, 'is never closed')
      return inner
    }
    const direction = DIRECTIONS[this.#take(...Object.keys(DIRECTIONS)) ?? ''] ?? 'either'
    const kind = this.#take(...KINDS)
    const value = this.#peek()
    if (value === undefined) {
      throw new UsageError(`--filter ends where ${this.#expected(kind)} was expected`, EXAMPLE)
    }
    const test = this.#test(kind, value)
    this.#next += 1
    if (direction !== 'either') return (flow) => test(flow[direction])
    return (flow) => test(flow.client) || test(flow.server)
  }

  #expected(kind: string | null): string {
    if (kind === 'port') return 'a port number'
    return kind === 'net'
      ? 'a network such as 10.0.0.0/24'
      : kind === 'host'
        ? 'an address'
        : 'host, net or port'
  }

  #test(kind: string | null, value: Token): EndPredicate {
    if (kind === 'port') {
      const port = parsePort(value.text)
      if (port === null) this.#fail(value, 'is not a port number')
      return (end) => end.port === port
    }
    if (kind === 'net') return prefixTest(...this.#network(value))
    const bytes = parseAddress(value.text)
    // A bare address means host, as in tcpdump; a bare number could be anything.
    if (bytes === null) {
      this.#fail(
        value,
        kind === 'host' ? 'is not an IP address' : 'is not one of host, net, port, src, dst, not or (',
      )
    }
    return prefixTest(bytes, bytes.length * 8)
  }

  #network(value: Token): [AddressBytes, number] {
    const [text = '', length] = value.text.split('/')
    const bytes = parseAddress(text)
    if (bytes === null || length === undefined || !/^\d{1,3}$/.test(length)) {
      this.#fail(value, 'is not a network such as 10.0.0.0/24')
    }
    if (Number(length) > bytes.length * 8)
      this.#fail(value, `has a prefix longer than ${bytes.length * 8} bits`)
    return [bytes, Number(length)]
  }
}

function prefixTest(wanted: AddressBytes, bits: number): EndPredicate {
  return (end) => {
    const bytes = parseAddress(end.ip)
    return bytes !== null && sharesPrefix(bytes, wanted, bits)
  }
}

/** The predicate of an expression. Throws UsageError that names the word and its place. */
export function parseFilter(expression: string): FlowPredicate {
  return new FilterParser(expression).parse()
}
