"""Connections that never come to be: refused, unanswered, retried, probed."""
import time

from labkit.configs import POOLED, upstream
from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
PINNED = "proxy_bind 10.77.2.2:$http_x_port;"


def pinned(client, port):
    """nginx's log does not name its upstream port, so the driver chooses it (proxy_bind)."""
    return [f"X-Port: {port}"]


def upstream_row(world, client, port, server, **fields):
    return world.truth.add(client=f"10.77.2.2:{port}", server=server, leg="nginx→app", hosts=("nginx", "app"),
                           start=client.sent[0], ids=list(client.ids), **fields)


@scenario(
    "refused", "The application is not running: connection refused",
    """Nothing listens on the application's port (8001). Four requests through nginx end in 502 at once; two clients
    also knock directly at a closed port of nginx (81).""",
    """`tcp.flags.reset == 1`: RST+ACK with sequence number 0 that acknowledges the SYN. In nginx's log: connect() failed
    (111: Connection refused).""", seconds=8)
def refused(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://10.77.2.3:8001; {PINNED}"}, app="scripted")
    world.capture("nginx")
    world.capture("client", view="at-client")

    def ask(number):
        time.sleep(0.4 * number)
        client = world.connect("client", nginx.address)
        client.get("/hello", headers=pinned(client, 40100 + number))
        time.sleep(0.2)
        client.close()
        return client

    for number, client in enumerate(world.parallel(ask, range(4))):
        down = world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client",
                                      flag="FIN")
        up = upstream_row(world, client, 40100 + number, "10.77.2.3:8001", cls=["refused"], severity="problem",
                          phase="connecting", closer="server", flag="RST")
        world.truth.link(down, up)
    for _ in range(2):
        client = world.connect("client", (nginx.address[0], 81), wait=False)
        time.sleep(0.3)
        world.truth.client_leg(client, ("client", "nginx"), cls=["refused"], severity="problem", phase="connecting",
                               closer="server", flag="RST")
        client.close()


@scenario(
    "connect-timeout", "The application host does not answer SYNs: nginx gives up after proxy_connect_timeout",
    """The path to the application swallows everything. Two requests meet nginx's default `proxy_connect_timeout` (60 s),
    three a location with 7.3 s; each gets 504. nginx closing its half-made connection leaves no packet.""",
    """`tcp.flags.syn == 1 && tcp.dstport == 8000`: SYNs without an answer, at 0, 1, 2, 3, 4, 5, 7 … s on this kernel
    (tcp_syn_linear_timeouts), which stop without a word when nginx gives up. The 504 on the client leg tells when.""",
    seconds=75)
def connect_timeout(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; {PINNED}",
                                    "/quick": f"proxy_pass http://{APP}; {PINNED} proxy_connect_timeout 7300ms;"},
                            app="scripted")
    world.setting("nginx", "proxy_connect_timeout", 60, default=True)
    world.setting("nginx", "proxy_connect_timeout (location /quick)", 7.3)
    world.path.blackhole("nginx-app", "all")
    world.capture("nginx")

    def ask(number):
        time.sleep(0.9 * number)
        client = world.connect("client", nginx.address)
        client.get("/hello" if number < 2 else "/quick", headers=pinned(client, 40200 + number))
        client.answered = time.time()
        time.sleep(0.3)
        client.close()
        return client

    for number, client in enumerate(world.parallel(ask, range(5))):
        seconds = 60.0 if number < 2 else 7.3
        assert abs(client.answered - client.sent[0] - seconds) < 0.5 and client.status == 504
        down = world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client",
                                      flag="FIN")
        up = upstream_row(world, client, 40200 + number, APP, cls=["connect-timeout"], severity="problem",
                          phase="connecting", closer="none", timer=("nginx.proxy_connect_timeout", seconds))
        world.truth.link(down, up)
    time.sleep(4)


@scenario(
    "next-upstream", "One of two application servers is down: nginx retries on the other, the client sees 200",
    """The upstream block lists a dead server (closed port) first and a live one second, and then a server that drops
    each request without an answer. `proxy_next_upstream` (default: error timeout) hides both failures from the
    client.""",
    """`tcp.flags.reset == 1` for the refused attempts, `tcp.port == 8002` for the ones that are dropped after the
    request; in each case a new upstream connection to port 8000 follows within a millisecond and the client leg
    carries a 200.""", seconds=10)
def next_upstream(world):
    world_upstreams = upstream("dead", ["10.77.2.3:8001", APP + " backup"]) + \
        upstream("dropping", ["10.77.2.3:8002", APP + " backup"])
    nginx, app = three_tier(world, {"/dead/": f"proxy_pass http://dead/; {PINNED}",
                                    "/dropping/": f"proxy_pass http://dropping/; {POOLED}"},
                            upstreams=world_upstreams, app="scripted")
    dropper = world.serve("scripted", "app", "nginx", 8002)
    world.capture("nginx")
    for number in range(3):
        client = world.connect("client", nginx.address)
        assert client.get("/dead/hello", headers=pinned(client, 40300 + number)) == 200
        client.close()
        down = world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client",
                                      flag="FIN")
        failed = upstream_row(world, client, 40300 + number, "10.77.2.3:8001", cls=["refused"], severity="problem",
                              phase="connecting", closer="server", flag="RST")
        good = world.truth.upstream_leg(app.request(client.ids[0]), ("nginx", "app"), cls=["clean"], owed="nothing",
                                        status=200)
        world.truth.link(down, failed)
        world.truth.link(down, good)
        time.sleep(0.3)
    for number in range(3):
        client = world.connect("client", nginx.address)
        assert client.get("/dropping/drop") in (200, 502)
        client.close()
        dropped_twice(world, app, dropper, client)


def dropped_twice(world, app, dropper, client):
    """/drop is dropped by both servers: two failed legs, 502 for the client."""
    down = world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client", flag="FIN")
    for server in (dropper, app):
        world.truth.link(down, world.truth.upstream_leg(
            server.request(client.ids[0]), ("nginx", "app"), cls=["server-abort"], severity="problem",
            phase="awaiting-response", owed="response", closer="server", flag="FIN"))


@scenario(
    "syn-scan", "A port scan and a load balancer's health check: SYN, SYN-ACK, RST",
    """A scanner opens six ports of nginx's host: port 80 answers and is reset by the scanner before the handshake is
    complete in the application's eyes; the other ports refuse. A health checker connects to port 80 three times and
    resets at once.""",
    """`tcp.completeness` is small for all of them. Nobody was owed anything; only the closed ports are "refused".""",
    seconds=8)
def syn_scan(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, app="scripted")
    world.capture("nginx")
    for port in (21, 22, 25, 110, 143):
        client = world.connect("client", (nginx.address[0], port), wait=False)
        time.sleep(0.05)
        world.truth.client_leg(client, ("client", "nginx"), cls=["refused"], severity=None, phase="connecting",
                               closer="server", flag="RST")
        client.close()
    for _ in range(3):
        client = world.connect("client", nginx.address)
        client.abort()
        world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], severity="ok", closer="client", flag="RST")
        time.sleep(0.4)
    for number in range(3):
        half_open(world, nginx, number)


def half_open(world, nginx, number):
    """SYN, SYN-ACK, and the scanner's host, which knows of no such socket, answers with a bare RST."""
    scan = world.run_in("client", "/usr/bin/python3", "-c", SYN_SCAN, world.hosts["client"].address("nginx"),
                        nginx.address[0], str(41000 + number))
    start = time.time()
    scan.wait(5)
    time.sleep(0.3)
    world.truth.add(client=f"10.77.1.2:{41000 + number}", server="10.77.1.3:80", leg="client→nginx",
                    hosts=("client", "nginx"), start=start, cls=["clean"], severity="ok", closer="client", flag="RST")


SYN_SCAN = """
import socket, struct, sys
from labkit.frames import checksum
src, dst, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
tcp = struct.pack('!HHIIBBHHH', port, 80, 1000 + port, 0, 5 << 4, 2, 1024, 0, 0)
pseudo = socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack('!BBH', 0, 6, len(tcp))
tcp = tcp[:16] + struct.pack('!H', checksum(pseudo + tcp)) + tcp[18:]
socket.socket(socket.AF_INET, socket.SOCK_RAW, 6).sendto(tcp, (dst, 0))
"""
