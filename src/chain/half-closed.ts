import type { FlowFacts } from '../facts/flow-facts.js'

/** The end that got a FIN, acknowledged it, and never closed its own side; null: none did. */
export function leakerKey(flow: FlowFacts): string | null {
  const { first, second } = flow.close
  if (first === null || first.flag !== 'FIN' || second !== null || flow.standing.owed !== 'nothing')
    return null
  return first.by === 'client' ? `${flow.server.ip}:${flow.server.port}` : flow.client.ip
}
