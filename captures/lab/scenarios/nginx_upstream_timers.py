"""nginx's timers on the upstream leg: sending, reading in mid-response, its pool; streams and tunnels."""
import time

from labkit import netns
from labkit.configs import POOLED, site, upstream
from labkit.registry import scenario

from .basics import pooled_legs, three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "nginx-proxy-send-timeout", "The application stops reading a large POST: nginx's proxy_send_timeout, 504",
    """Three clients post 40 kB. The application accepts the connection, reads the head and never the body; its window
    closes. After `proxy_send_timeout` (7.3 s) nginx answers 504 and closes the upstream socket, but its FIN cannot leave:
    unsent data waits before it. On the wire the upstream leg shows only probes of a closed window.""",
    """`tcp.port == 8000 && tcp.analysis.zero_window`: the application's window; then zero-window probes without end.
    `http.response.code == 504` on the client leg tells when the timer fired.""", seconds=20)
def proxy_send_timeout(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_send_timeout 7300ms;"}, app="scripted",
                            app_options=(4096,))
    # Small send buffers keep the capture small; the mechanism is the same with large ones.
    netns.sh("ip", "netns", "exec", world.hosts["nginx"].ns, "sysctl", "-qw", "net.ipv4.tcp_wmem=4096 16384 16384")
    world.setting("nginx", "proxy_send_timeout", 7.3)
    world.capture("nginx")

    def post(number):
        time.sleep(0.4 * number)
        client = world.connect("client", nginx.address)
        client.request("/deaf", "POST", b"z" * 40000)
        client.response()
        time.sleep(0.3)
        client.close()
        return client

    clients = world.parallel(post, range(3))
    time.sleep(6)
    for client in clients:
        assert client.status == 504
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                      instance=client.ids[0])
        up = world.truth.upstream_leg(
            app.request(client.ids[0]), UP, cls=["half-open-zombie", "idle-timeout"], variant="not-reading",
            severity="problem", phase="peer-not-reading", owed="rest-of-request", closer="none",
            instance=client.ids[0], timer=("nginx.proxy_send_timeout", 7.3))
        world.truth.link(down, up)


@scenario(
    "nginx-read-timeout-mid-response", "The application stalls in the middle of a response: truncated 200, no 504",
    """The application sends half of a response and stalls. `proxy_read_timeout` is 41.6 s. nginx closes the upstream leg
    and, because the 200 is already out, can only cut the client leg: FIN before Content-Length is reached. Two with
    `proxy_buffering off` (the client sees the first half at once), two with buffering (the client sees it when nginx
    gives up).""",
    """Upstream streams: half a body, 41.6 s of silence, nginx's FIN. Client streams: nginx's FIN 0.1 ms later;
    Content-Length is larger than what arrived.""", seconds=55)
def mid_response(world):
    nginx, app = three_tier(world, {
        "/": f"proxy_pass http://{APP}; proxy_read_timeout 41600ms;",
        "/raw/": f"proxy_pass http://{APP}/; proxy_read_timeout 41600ms; proxy_buffering off;"})
    world.setting("nginx", "proxy_read_timeout", 41.6)
    world.capture("nginx")
    world.capture("client", view="at-client")

    def ask(number):
        time.sleep(0.7 * number)
        client = world.connect("client", nginx.address)
        client.get(("/raw" if number % 2 else "") + "/stall/2500/50")
        client.close()
        return client

    clients = world.parallel(ask, range(4))
    time.sleep(9)
    for number, client in enumerate(clients):
        common = dict(severity="problem", phase="mid-response", owed="rest-of-response", flag="FIN",
                      status=200, instance=client.ids[0])
        buffered = number % 2 == 0
        down = world.truth.client_leg(
            client, DOWN, cls=["idle-timeout", "server-abort"], closer="server",
            timer=("nginx.proxy_read_timeout.body", 41.6), **common,
            wire={"since": "request", "gap": (41.5, 41.9)} if buffered else {})
        up = world.truth.upstream_leg(
            app.request(client.ids[0]), UP, cls=["idle-timeout"], closer="client",
            timer=("nginx.proxy_read_timeout.body", 41.6), **common)
        down.views["at-client"] = {"cls": ["server-abort", "idle-timeout"]} if buffered else {}
        world.truth.link(down, up, cause="up")


@scenario(
    "nginx-upstream-keepalive", "nginx drops idle pooled upstream connections after 60 s, before the server does",
    """Node keeps idle connections for 71 s here; nginx's pool (`keepalive 8`) drops them after its default of 60 s. Three
    connections, used a few times, then left alone: nginx's FIN, 60.0 s after the last response on each. The right order
    of timers.""",
    """`tcp.flags.fin == 1 && tcp.dstport == 8000`: nginx closes first in every upstream stream, 60.0 s after its last
    response.""", seconds=75)
def upstream_keepalive(world):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    app = world.serve("node", "app", "nginx", 8000, options={"server": {"keepAliveTimeout": 70000}})
    nginx = world.serve("nginx", "nginx", "client", 80, site(
        {"/": f"proxy_pass http://app; {POOLED}"}, upstreams=upstream("app", [APP], keepalive=8)))
    world.setting("nginx", "upstream keepalive_timeout", 60, default=True)
    world.setting("node", "keepAliveTimeout", 70)
    world.capture("nginx", interface="to-app")

    def use(number):
        client = world.connect("client", nginx.address)
        for _ in range(number + 1):
            client.get("/sleep/0.4")
        client.close()
        return client

    clients = world.parallel(use, range(3))
    time.sleep(62)
    downs = [world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client", flag="FIN")
             for client in clients]
    pooled_legs(world, app, downs, cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing",
                closer="client", flag="FIN", timer=("nginx.upstream.keepalive_timeout", 60.0))
