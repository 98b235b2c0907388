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
 * The usual name of a place in the chain, counted from the known nginx, else from the client. `otherDepth`: first host whose software is
 * known and neither nginx nor a load balancer.
 */
export function positionName(
  depth: number,
  deepest: number,
  nginxDepth: number | null,
  otherDepth: number | null,
): string {
  const nginx = nginxDepth ?? (deepest <= 2 ? 1 : 2)
  if (depth < nginx) return 'lb'
  if (depth === nginx) return 'nginx'
  return depth === nginx + 1 && otherDepth !== nginx ? 'proxy' : 'upstream'
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
