import type { FlowFacts } from '../facts/flow-facts.js'

/** What one capture lacks of the connections that begin in it, counted flow by flow. */
export class Coverage {
  flows = 0
  /** Connections whose beginning is not in the capture. */
  late = 0
  oneWay = 0
  /** Connections of which bytes were acknowledged but not captured. */
  missing = 0
  /** How many bytes those are. */
  missingBytes = 0
  /** Connections with payload cut by the snaplen. */
  cut = 0

  /** Counts what the capture lacks of a flow. */
  add(flow: FlowFacts): void {
    this.flows++
    if (flow.lateStart) this.late++
    if (flow.oneDirection && flow.synAck === null && flow.lateStart) this.oneWay++
    const missing = flow.sides.client.missingBytes + flow.sides.server.missingBytes
    if (missing > 0) this.missing++
    this.missingBytes += missing
    if (flow.payloadCut) this.cut++
  }
}
