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

/** Every timer of the knowledge base. */
export const timers: readonly TimerEntry[] = [
  ...nginxTimers,
  ...haproxyTimers,
  ...pythonServerTimers,
  ...appServerTimers,
  ...awsTimers,
  ...proxyTimers,
  ...webServerTimers,
  ...nginxFamilyTimers,
  ...cloudTimers,
  ...clientTimers,
  ...middleboxTimers,
  ...kernelTimers,
]

const byId = new Map(timers.map((timer) => [timer.id, timer]))

const byComponent = new Map<string, TimerEntry[]>()
for (const timer of timers) {
  const same = byComponent.get(timer.component)
  if (same === undefined) byComponent.set(timer.component, [timer])
  else same.push(timer)
}

/** The timer with this id; null when there is none. */
export function entry(id: string): TimerEntry | null {
  return byId.get(id) ?? null
}

/** Timers of one component word (components.ts), in data order; empty for an unknown word. */
export function entriesOf(component: string): readonly TimerEntry[] {
  return byComponent.get(component) ?? []
}
