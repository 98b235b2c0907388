"""nginx and HAProxy configuration, as an operator would write it."""

POOLED = ("proxy_http_version 1.1; proxy_set_header Connection ''; "
          "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;")


def upstream(name, servers, keepalive=None, more=""):
    lines = "".join(f"server {server} max_fails=0; " for server in servers)
    pool = f"keepalive {keepalive}; " if keepalive else ""
    return f"  upstream {name} {{ {lines}{pool}{more} }}\n"


def site(locations, listen="80", upstreams="", more=""):
    """One nginx server. `locations` is {prefix: directives}."""
    blocks = "".join(f"    location {prefix} {{ {body} }}\n" for prefix, body in locations.items())
    return f"{upstreams}  server {{\n    listen {listen};\n    {more}\n{blocks}  }}\n"


def to(target, *more, pooled=False):
    return " ".join([f"proxy_pass http://{target};", POOLED if pooled else "", *more])


HAPROXY_LOG = ('log-format \'{"t":%Ts.%ms,"client":"%ci:%cp","server":"%fi:%fp","up_client":"%bi:%bp",'
               '"up_server":"%si:%sp","id":"%[capture.req.hdr(0)]","status":%ST,"state":"%ts","tr":%TR,"tw":%Tw,'
               '"tc":%Tc,"tr2":%Tr,"ta":%Ta}\'')


def haproxy(frontend, backend_address, timeouts, more_frontend="", more_backend="", more_defaults=""):
    """One frontend, one backend. `timeouts` is {"server": "7300ms", ...}: exactly what is in force."""
    lines = "\n".join(f"  timeout {name} {value}" for name, value in timeouts.items())
    return f"""global
  log @DIR@/log.sock local0
  maxconn 2000
defaults
  mode http
  log global
{lines}
  {more_defaults}
frontend front
  bind {frontend}
  declare capture request len 64
  http-request capture req.hdr(X-Request-Id) id 0
  {HAPROXY_LOG}
  {more_frontend}
  default_backend back
backend back
  {more_backend}
  server app {backend_address}
"""
