/** Software by machine word: the name to show, what it is built on, and how its headers call it. */
import { lookUpPolicy } from './policy.js'

interface Component {
  readonly word: string
  readonly name: string
  /** Software whose timers this one also has: what it is built on, or what often runs it. */
  readonly kin?: readonly string[]
  /** Matches one product of a Server, Via, X-Powered-By or User-Agent value. Earlier lines win. */
  readonly header?: RegExp
}

/** In the order in which header patterns are tried: special names before the general ones they contain. */
const components: readonly Component[] = [
  { word: 'aws-alb', name: 'AWS ALB', header: /^awselb\//i },
  { word: 'aws-cloudfront', name: 'AWS CloudFront', header: /cloudfront/i },
  { word: 'aws-clb', name: 'AWS Classic ELB' },
  { word: 'aws-nlb', name: 'AWS NLB' },
  { word: 'aws-apigw', name: 'AWS API Gateway' },
  { word: 'aws-natgw', name: 'AWS NAT gateway' },
  { word: 'aws-tgw', name: 'AWS Transit Gateway / PrivateLink' },
  { word: 'aws-network-firewall', name: 'AWS Network Firewall' },
  { word: 'aws-ec2', name: 'AWS EC2 security groups' },
  { word: 'cloudflare', name: 'Cloudflare', header: /^cloudflare/i },
  { word: 'heroku', name: 'Heroku router', header: /^(vegur|heroku-router)/i },
  { word: 'gcp-alb', name: 'Google Cloud Application LB', header: /^google(\s|$)|^gws/i },
  { word: 'gcp-cloudnat', name: 'Google Cloud NAT' },
  { word: 'gcp-vpc', name: 'Google Cloud VPC firewall' },
  { word: 'azure-appgw', name: 'Azure Application Gateway', header: /^microsoft-azure-application-gateway/i },
  { word: 'azure-frontdoor', name: 'Azure Front Door', header: /^azure$/i },
  { word: 'azure-appservice', name: 'Azure App Service' },
  { word: 'azure-lb', name: 'Azure Load Balancer' },
  { word: 'azure-natgw', name: 'Azure NAT Gateway' },
  { word: 'alibaba-clb', name: 'Alibaba Cloud CLB' },
  { word: 'alibaba-alb', name: 'Alibaba Cloud ALB' },
  { word: 'huawei-elb', name: 'Huawei Cloud ELB' },
  { word: 'tencent-clb', name: 'Tencent Cloud CLB', header: /^(stgw|tencent)/i },
  { word: 'ingress-nginx', name: 'ingress-nginx', kin: ['nginx'], header: /ingress-nginx/i },
  { word: 'openresty', name: 'OpenResty', kin: ['nginx'], header: /^openresty/i },
  { word: 'tlb', name: 'TLB (Tengine)', kin: ['tengine', 'nginx'], header: /^tlb\b/i },
  { word: 'tengine', name: 'Tengine', kin: ['nginx'], header: /^tengine/i },
  { word: 'kong', name: 'Kong Gateway', kin: ['openresty', 'nginx'], header: /\bkong\b/i },
  { word: 'nginx', name: 'nginx', header: /^(nginx|freenginx|angie)(\/|\s|$)/i },
  { word: 'haproxy', name: 'HAProxy', header: /^haproxy/i },
  { word: 'envoy', name: 'Envoy', header: /^(istio-)?envoy/i },
  { word: 'traefik', name: 'Traefik', kin: ['go'], header: /^traefik/i },
  { word: 'caddy', name: 'Caddy', kin: ['go'], header: /^caddy/i },
  { word: 'varnish', name: 'Varnish', header: /varnish/i },
  { word: 'squid', name: 'Squid', header: /squid/i },
  { word: 'lighttpd', name: 'lighttpd', header: /^lighttpd/i },
  { word: 'tomcat', name: 'Tomcat', header: /^apache-(coyote|tomcat)/i },
  { word: 'httpclient5', name: 'Apache HttpClient', header: /^apache-httpclient/i },
  { word: 'apache', name: 'Apache httpd', header: /^(apache|httpd)(\/|\s|$)/i },
  { word: 'gunicorn', name: 'gunicorn', kin: ['gunicorn-uvicorn'], header: /^gunicorn/i },
  { word: 'gunicorn-uvicorn', name: 'gunicorn + UvicornWorker', kin: ['gunicorn', 'uvicorn'] },
  // UvicornWorker under gunicorn answers as uvicorn and has gunicorn's keep-alive.
  { word: 'uvicorn', name: 'uvicorn', kin: ['gunicorn-uvicorn'], header: /^uvicorn/i },
  { word: 'hypercorn', name: 'Hypercorn', header: /^hypercorn/i },
  { word: 'uwsgi', name: 'uWSGI', header: /^uwsgi/i },
  { word: 'waitress', name: 'Waitress', header: /^waitress/i },
  { word: 'daphne', name: 'Daphne', header: /^daphne/i },
  { word: 'tornado', name: 'Tornado', header: /^tornadoserver|^tornado\//i },
  { word: 'aiohttp', name: 'aiohttp', header: /aiohttp\// },
  { word: 'werkzeug', name: 'Werkzeug (Flask)', header: /^werkzeug/i },
  { word: 'fastify', name: 'Fastify', kin: ['node'], header: /^fastify/i },
  { word: 'axios', name: 'axios', kin: ['node'], header: /^axios/i },
  { word: 'undici', name: 'undici (fetch of Node)', kin: ['node'], header: /^undici/i },
  { word: 'node', name: 'Node.js', kin: ['undici'], header: /^(node(\.js)?|express|next\.js|koa)(\/|\s|$)/i },
  { word: 'go', name: 'Go net/http', header: /^go-http-client/i },
  { word: 'jetty', name: 'Jetty', header: /^jetty/i },
  { word: 'undertow', name: 'Undertow', header: /^(undertow|wildfly)/i },
  { word: 'spring', name: 'Spring Boot', kin: ['tomcat'] },
  { word: 'netty', name: 'Netty', header: /^(reactor)?netty/i },
  { word: 'kestrel', name: 'ASP.NET Core Kestrel', kin: ['dotnet'], header: /^kestrel/i },
  { word: 'iis', name: 'IIS / HTTP.sys', header: /^microsoft-(iis|httpapi)/i },
  { word: 'puma', name: 'Puma', header: /^puma/i },
  { word: 'unicorn', name: 'Unicorn', header: /^unicorn/i },
  { word: 'php-fpm', name: 'PHP-FPM', kin: ['php'], header: /^php\//i },
  { word: 'php', name: 'PHP', kin: ['php-fpm'] },
  { word: 'cowboy', name: 'Cowboy', header: /^cowboy/i },
  { word: 'actix', name: 'actix-web', header: /^actix/i },
  { word: 'hyper', name: 'hyper / axum', header: /^hyper\//i },
  { word: 'reqwest', name: 'reqwest', kin: ['hyper'], header: /^reqwest/i },
  { word: 'openai-sdk', name: 'OpenAI SDK', kin: ['httpx'], header: /openai(\/|$)/i },
  { word: 'anthropic-sdk', name: 'Anthropic SDK', kin: ['httpx'], header: /^anthropic\//i },
  { word: 'claude-code-proxy', name: 'claude-code-proxy', kin: ['httpx', 'uvicorn'] },
  { word: 'httpx', name: 'httpx', header: /^python-httpx/i },
  { word: 'requests', name: 'Python requests', kin: ['urllib3'], header: /^python-requests/i },
  { word: 'urllib3', name: 'urllib3', header: /^python-urllib3/i },
  { word: 'botocore', name: 'AWS SDK for Python', kin: ['urllib3'], header: /^(boto3|botocore)/i },
  { word: 'jdk-httpclient', name: 'Java HttpClient', header: /^java-http-client/i },
  { word: 'jdk-urlconnection', name: 'Java HttpURLConnection', header: /^java\//i },
  { word: 'okhttp', name: 'OkHttp', header: /^okhttp/i },
  { word: 'dotnet', name: '.NET HttpClient' },
  { word: 'curl', name: 'curl', header: /^(lib)?curl/i },
  { word: 'wget', name: 'wget', header: /^wget/i },
  { word: 'firefox', name: 'Firefox', header: /^firefox\//i },
  { word: 'msie', name: 'Internet Explorer', header: /^(trident|msie)/i },
  { word: 'chrome', name: 'Chrome / Chromium', header: /^(headless)?chrom(e|ium)\//i },
  { word: 'safari', name: 'Safari', header: /^safari\//i },
  { word: 'pika', name: 'pika (RabbitMQ client)' },
  { word: 'postgres', name: 'PostgreSQL' },
  { word: 'app', name: 'application' },
  { word: 'kube-proxy', name: 'Kubernetes kube-proxy' },
  { word: 'kubernetes', name: 'Kubernetes' },
  { word: 'docker', name: 'Docker' },
  { word: 'ipvs', name: 'IPVS (kube-proxy, Docker Swarm, LVS)' },
  { word: 'dpvs', name: 'DPVS' },
  { word: 'conntrack', name: 'Linux connection tracking' },
  { word: 'cisco-asa', name: 'Cisco ASA' },
  { word: 'palo-alto', name: 'Palo Alto PAN-OS' },
  { word: 'fortigate', name: 'FortiGate' },
  { word: 'juniper-srx', name: 'Juniper SRX' },
  { word: 'pf', name: 'pfSense / FreeBSD pf' },
  { word: 'linux', name: 'Linux kernel' },
  { word: 'windows', name: 'Windows' },
  { word: 'macos', name: 'macOS / BSD' },
]

const byWord = new Map(components.map((component) => [component.word, component]))

/** Lower case without anything but letters and digits, so that `timeout_server`, `Timeout Server` and `timeout server` agree. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '')
}

const byPlainName = new Map(
  components.flatMap(({ word, name }) => [
    [plain(name), word],
    [plain(word), word],
  ]),
)

/** Every known component word, in the order of the table. */
export const componentWords: readonly string[] = components.map(({ word }) => word)

/** Name to show for a component word; an unknown word is its own name. */
export function componentName(word: string): string {
  return byWord.get(word)?.name ?? word
}

/** Component word for a name as a user writes it (`HAProxy`, `aws_alb`, `Node.js`); null when it is not in the table. */
export function componentWord(name: string): string | null {
  return byPlainName.get(plain(name)) ?? null
}

/** Other components whose timers this one can also show; empty for none or an unknown word. */
export function kinOf(word: string): readonly string[] {
  return byWord.get(word)?.kin ?? []
}

const wordsOfHeaders = new Map<string, string | null>()

/**
 * Software that a header value names: Server, Via, X-Powered-By or User-Agent.
 * A Via lists hops (`1.1 varnish, 1.1 google`); the last known one is the nearest to the reader and wins.
 * @returns a component word, or null when no product in the value is known
 */
export function softwareComponents(headerValue: string): string | null {
  const known = wordsOfHeaders.get(headerValue)
  if (known !== undefined) return known
  const word = nearestProduct(headerValue)
  if (wordsOfHeaders.size >= lookUpPolicy.headersKept) wordsOfHeaders.clear()
  wordsOfHeaders.set(headerValue, word)
  return word
}

function nearestProduct(headerValue: string): string | null {
  const viaHops = headerValue
    .split(/,(?![^(]*\))/)
    .map((hop) => hop.trim().replace(/^(HTTP\/)?\d(\.\d)?\s+/i, ''))
  for (const hop of viaHops.reverse()) {
    const products = hop.replace(/\([^)]*\)/g, ' ').trim()
    const word = productComponent(products) ?? firstKnown(products.split(/\s+/))
    if (word !== null) return word
    const remark = /\(([^)]*)\)/.exec(hop)?.[1]
    const inRemark = remark === undefined ? null : productComponent(remark)
    if (inRemark !== null) return inRemark
  }
  return null
}

function firstKnown(products: readonly string[]): string | null {
  // In table order, so that Chrome's `Safari/537.36` and Firefox's `Mozilla/5.0` do not decide.
  const found = new Set(products.map(productComponent))
  found.delete(null)
  return componentWords.find((word) => found.has(word)) ?? null
}

function productComponent(product: string): string | null {
  if (product === '') return null
  return components.find(({ header }) => header?.test(product) === true)?.word ?? null
}
