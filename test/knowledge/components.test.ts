import { describe, expect, it } from 'vitest'
import { componentName, componentWord, softwareComponents } from '../../src/knowledge/components.js'

describe('software in a header', () => {
  it.each([
    ['nginx', 'nginx'],
    ['nginx/1.22.1', 'nginx'],
    ['nginx/1.18.0 (Ubuntu)', 'nginx'],
    ['openresty/1.25.3.1', 'openresty'],
    ['Tengine/3.1.0', 'tengine'],
    ['uvicorn', 'uvicorn'],
    ['gunicorn', 'gunicorn'],
    ['gunicorn/20.1.0', 'gunicorn'],
    ['hypercorn-h11', 'hypercorn'],
    ['Kestrel', 'kestrel'],
    ['Apache/2.4.57 (Debian)', 'apache'],
    ['Apache', 'apache'],
    ['Apache-Coyote/1.1', 'tomcat'],
    ['Caddy', 'caddy'],
    ['envoy', 'envoy'],
    ['istio-envoy', 'envoy'],
    ['awselb/2.0', 'aws-alb'],
    ['cloudflare', 'cloudflare'],
    ['Microsoft-IIS/10.0', 'iis'],
    ['Werkzeug/3.0.1 Python/3.11.2', 'werkzeug'],
    ['Python/3.11 aiohttp/3.9.1', 'aiohttp'],
    ['TornadoServer/6.4', 'tornado'],
    ['lighttpd/1.4.69', 'lighttpd'],
    ['Jetty(9.4.50.v20221201)', 'jetty'],
    ['Puma 6.4.0', 'puma'],
    ['Express', 'node'],
    ['1.1 varnish', 'varnish'],
    ['1.1 varnish (Varnish/7.1)', 'varnish'],
    ['1.1 abcdef.cloudfront.net (CloudFront)', 'aws-cloudfront'],
    ['1.1 vegur', 'heroku'],
    ['1.1 google', 'gcp-alb'],
    ['1.1 Caddy', 'caddy'],
    ['1.1 varnish, 1.1 google', 'gcp-alb'],
    ['1.0 proxy.example (squid/5.7)', 'squid'],
    ['kong/3.4.0', 'kong'],
    ['1.1 kong/3.4.0', 'kong'],
    ['python-httpx/0.28.1', 'httpx'],
    ['python-requests/2.31.0', 'requests'],
    ['Go-http-client/1.1', 'go'],
    ['curl/8.5.0', 'curl'],
    ['okhttp/4.12.0', 'okhttp'],
    ['node', 'node'],
    ['undici', 'undici'],
    ['axios/1.6.2', 'axios'],
    ['Apache-HttpClient/5.2.1 (Java/17.0.9)', 'httpclient5'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0', 'firefox'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
      'chrome',
    ],
  ])('%s is %s', (value, word) => {
    expect(softwareComponents(value)).toBe(word)
  })

  it.each(['', 'home-made', '1.1 edge-7', 'nginxious-not', 'My-Server/1.0 (built with care)'])(
    '"%s" is nobody known',
    (value) => {
      expect(softwareComponents(value)).toBeNull()
    },
  )
})

describe('names', () => {
  it('are found however they are written', () => {
    expect(
      ['HAProxy', 'haproxy', 'AWS ALB', 'aws_alb', 'Node.js', 'php-fpm', 'what'].map(componentWord),
    ).toEqual(['haproxy', 'haproxy', 'aws-alb', 'aws-alb', 'node', 'php-fpm', null])
    expect([componentName('aws-alb'), componentName('our-gateway')]).toEqual(['AWS ALB', 'our-gateway'])
  })
})
