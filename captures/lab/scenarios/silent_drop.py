"""HAProxy's silent-drop: a connection that one end ends without a packet, and how its client finds out."""
import socket
import time

from labkit import netns
from labkit.registry import scenario

DOWN, UP = ("client", "lb"), ("lb", "app")
APP = "10.77.3.3:8000"
WAITED = dict(severity="problem", phase="awaiting-response", owed="response", closer="client")
TEXT = """global
  {user}
  maxconn 2000
defaults
  mode http
  timeout connect 3s
  timeout client 50s
  timeout server 50s
frontend front
  bind 10.77.2.3:{port}
  http-request silent-drop if {{ path_beg /drop }}
  default_backend back
{more}
backend back
  http-reuse never
  server app {app}
"""
AT_ACCEPT = """frontend accept
  bind 10.77.2.3:8082
  tcp-request connection silent-drop if { src 10.77.1.2 }
  default_backend back
"""


def hosts(world):
    """client — router — HAProxy — application: a RST that HAProxy sends with TTL 1 dies at the router."""
    world.link("client", "router", 0.0031)
    world.link("router", "lb", 0.0019)
    world.link("lb", "app", 0.0017)
    world.start_relay()
    netns.sh("ip", "-n", world.hosts["client"].ns, "route", "add", "10.77.2.0/24", "via", "10.77.1.3")
    netns.sh("ip", "-n", world.hosts["lb"].ns, "route", "add", "10.77.1.0/24", "via", "10.77.2.2")
    netns.sh("ip", "netns", "exec", world.hosts["router"].ns, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    app = world.serve("uvicorn", "app", "lb", 8000)
    mighty = world.serve("haproxy", "lb", "router", 8080, TEXT.format(user="", port=8080, more=AT_ACCEPT, app=APP))
    # Without CAP_NET_ADMIN it cannot take the connection away from the kernel: it resets with TTL 1.
    humble = world.serve("haproxy", "lb", "router", 8081, TEXT.format(user="user nobody", port=8081, more="", app=APP))
    return mighty, humble, app


@scenario(
    "haproxy-silent-drop", "HAProxy drops connections without a word: silent-drop",
    """HAProxy (`http-request silent-drop` for /drop) takes the connection away from its kernel: no FIN, no RST. Three
    clients wait, give up after 5.3 s and close; one resets instead, one has its answer and asks for more on the same
    connection 4 s later, one has TCP keep-alive probes (2 s), one never gives up. A second HAProxy without root's
    privileges (port 8081) cannot do that: it sends a RST with TTL 1, which the router in between throws away; its two
    clients wait for 5.3 s, too. A third frontend (port 8082) drops connections when it accepts them: the first byte
    meets a host that knows of no connection. Near misses: a client that gives up on an answer that takes 9 s, and one
    that gets its answers.""",
    """`tcp.flags.reset == 1`: bare RSTs of HAProxy's host right behind the client's own FIN, request or probe. At HAProxy
    (`haproxy-silent-drop-at-lb`) the RSTs of port 8081 with `ip.ttl == 1` are there, and the router's
    `icmp.type == 11` about them; no client sees those.""", seconds=20)
def silent_drop(world):
    mighty, humble, app = hosts(world)
    world.capture("client")
    world.capture("lb", view="at-lb")
    kinds = "wait wait wait reset again probe stay late served ttl ttl accept accept accepted-idle".split()

    def job(number):
        time.sleep(0.33 * number)
        client = connect(world, kinds[number], mighty, humble)
        client.act = ACTS[client.kind]
        client.act(client)
        return client

    clients = world.parallel(job, range(len(kinds)))
    time.sleep(2)
    for client in clients:
        label(world, app, client)


def connect(world, kind, mighty, humble):
    address = humble.address if kind == "ttl" else (mighty.address[0], 8082) if kind.startswith("accept") else mighty.address
    client = world.connect("client", address, timeout=15)
    client.kind = kind
    if kind == "probe":
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2)
    return client


def wait(client):
    client.request("/drop")
    time.sleep(5.3)
    client.close()


def reset(client):
    client.request("/drop")
    time.sleep(2.4)
    client.abort()


def again(client):
    assert client.get("/hello") == 200
    client.request("/drop")
    time.sleep(4.1)
    client.request("/hello")
    client.response()
    client.close()


def probe(client):
    client.request("/drop")
    client.response()
    client.close()


def stay(client):
    client.request("/drop")


def late(client):
    client.request("/sleep/9")
    time.sleep(5.3)
    client.close()


def served(client):
    assert client.get("/hello") == client.get("/hello") == 200
    client.close()


def accepted(client):
    time.sleep(0.4)
    client.request("/hello")
    client.response()
    client.close()


def accepted_idle(client):
    time.sleep(1.6)
    client.close()


ACTS = {"wait": wait, "ttl": wait, "reset": reset, "again": again, "probe": probe, "stay": stay, "late": late,
        "served": served, "accept": accepted, "accepted-idle": accepted_idle}


def label(world, app, client):
    kind = client.kind
    forgotten = dict(cls=["half-open-zombie"], variant="forgotten", severity="problem", closer="server", flag="RST")
    fields = {
        "wait": dict(cls=["client-abort"], flag="FIN", **WAITED),
        "ttl": dict(cls=["client-abort"], flag="FIN", **WAITED),
        "reset": dict(cls=["client-abort"], flag="RST", **WAITED),
        "late": dict(cls=["client-abort"], flag="FIN", **WAITED),
        "again": dict(status=200, **forgotten),
        "probe": forgotten,
        "stay": dict(cls=["open"], closer="none"),
        "served": dict(cls=["clean"], owed="nothing", closer="client", flag="FIN"),
        "accept": dict(cls=["half-open-zombie", "server-abort"], severity="problem", closer="server", flag="RST"),
        "accepted-idle": dict(cls=["clean", "half-open-zombie"], severity=None, closer="client", flag="FIN"),
    }[kind]
    down = world.truth.client_leg(client, DOWN, **fields)
    if kind == "ttl":
        # At HAProxy its RST is there; that it got no further than the router is not.
        down.views["at-lb"] = {"cls": ["server-abort"], "closer": "server", "flag": "RST", "wire": {}}
    # HAProxy keeps to one server connection while its client stays (http-reuse never).
    lines = [line for line in (app.request(request_id) for request_id in client.ids) if line is not None]
    behind = dict(cls=["open"], severity=None) if kind == "late" else dict(cls=["clean"], owed="nothing", status=200)
    if kind == "served":
        behind |= dict(ids=list(client.ids), exchanges=2)
    for line in lines[:1]:
        world.truth.link(down, world.truth.upstream_leg(line, UP, **behind))
