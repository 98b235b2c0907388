/** Software words of nginx and what is built on it. */
export const NGINX_FAMILY: ReadonlySet<string> = new Set([
  'nginx',
  'openresty',
  'tengine',
  'tlb',
  'ingress-nginx',
])

/** Software words of load balancers that say what they are. */
export const LB_SOFTWARE: ReadonlySet<string> = new Set(['haproxy', 'aws-alb'])

/**
 * The usual name of a place in the chain, counted from the known nginx, else from the client: then another proxy stands where nginx would, and
 * what stands behind it is its upstream.
 */
export function positionName(depth: number, deepest: number, nginxDepth: number | null): string {
  const nginx = nginxDepth ?? (deepest <= 2 ? 1 : 2)
  if (depth < nginx) return 'lb'
  if (depth === nginx) return nginxDepth === null ? 'proxy' : 'nginx'
  return depth === nginx + 1 && nginxDepth !== null ? 'proxy' : 'upstream'
}

/** Words of the knowledge base for software that opens connections with timers of its own. */
export const PROXY_SOFTWARE: ReadonlySet<string> = new Set([
  ...NGINX_FAMILY,
  'kong',
  'haproxy',
  'envoy',
  'traefik',
  'caddy',
  'apache',
  'varnish',
  'squid',
  'lighttpd',
  'aws-alb',
  'cloudflare',
])
