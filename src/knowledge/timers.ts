/** All timers, in the order of the data files: it is the last tie-break of the look-up, so usual settings come first. */
import { awsTimers } from './timers/cloud-aws.js'
import { appServerTimers } from './timers/app-servers.js'
import { clientTimers } from './timers/clients.js'
import { cloudTimers } from './timers/cloud.js'
import { haproxyTimers } from './timers/haproxy.js'
import { kernelTimers } from './timers/kernels.js'
import { middleboxTimers } from './timers/middleboxes.js'
import { nginxFamilyTimers } from './timers/nginx-family.js'
import { nginxTimers } from './timers/nginx.js'
import { proxyTimers } from './timers/proxies.js'
import { pythonServerTimers } from './timers/python-servers.js'
import { webServerTimers } from './timers/web-servers.js'
import type { TimerEntry } from './types.js'

interface Tables {
  readonly all: readonly TimerEntry[]
  readonly byId: ReadonlyMap<string, TimerEntry>
  readonly byComponent: ReadonlyMap<string, readonly TimerEntry[]>
}

const tables = [
  nginxTimers,
  haproxyTimers,
  pythonServerTimers,
  appServerTimers,
  awsTimers,
  proxyTimers,
  webServerTimers,
  nginxFamilyTimers,
  cloudTimers,
  clientTimers,
  middleboxTimers,
  kernelTimers,
]

/** Built at the first question: a run that needs no timer's name does not pay for them. */
let built: Tables | null = null

function build(): Tables {
  if (built !== null) return built
  const all = tables.flatMap((table) => table())
  const byComponent = new Map(all.map(({ component }): [string, TimerEntry[]] => [component, []]))
  for (const timer of all) byComponent.get(timer.component)?.push(timer)
  built = { all, byId: new Map(all.map((timer) => [timer.id, timer])), byComponent }
  return built
}

/** Every timer of the knowledge base. */
export function timers(): readonly TimerEntry[] {
  return build().all
}

/** The timer with this id; null when there is none. */
export function entry(id: string): TimerEntry | null {
  return build().byId.get(id) ?? null
}

/** Timers of one component word (components.ts), in data order; empty for an unknown word. */
export function entriesOf(component: string): readonly TimerEntry[] {
  return build().byComponent.get(component) ?? []
}
