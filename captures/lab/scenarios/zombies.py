"""Half-open zombies: forgotten, half-closed on either side, dead keep-alive probes. And what only looks like one."""
import time

from labkit.configs import site
from labkit.registry import scenario

from .basics import three_tier
from .forgotten import upstream_pool
from .races import pools

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "half-closed", "CLOSE_WAIT leaks: one side closes in good order and the other never does",
    """Three clients finish and close; the application (direct, port 8000) never closes its sockets: CLOSE_WAIT on the
    server. Three other clients use a server that closes after its keep-alive time (4.9 s) and never close their own end:
    CLOSE_WAIT on the client. The capture goes on for more than a minute.""",
    """`tcp.flags.fin == 1`: one FIN per stream, acknowledged, and nothing after it. After 60 s the closing host forgets its
    half (FIN_WAIT2) without a packet.""", seconds=80)
def half_closed(world):
    world.chain("client", "app", delays=(0.0061,))
    app = world.serve("scripted", "app", "client", 8000)
    world.setting("scripted server", "keep-alive", 4.9)
    world.capture("app")

    def leak(number):
        time.sleep(0.9 * number)
        client = world.connect("client", app.address)
        client.get("/leak" if number < 3 else "/then/fin/4.9")
        if number < 3:
            time.sleep(0.7)
            client.socket.close()
        return client

    clients = world.parallel(leak, range(6))
    time.sleep(70)
    for number, client in enumerate(clients):
        server_leaks = number < 3
        world.truth.client_leg(
            client, ("client", "app"), cls=["half-open-zombie"], variant="half-closed", severity="problem",
            phase=["between-requests", "closing"], owed="nothing", closer="client" if server_leaks else "server",
            flag="FIN", wire={"test": one_close})


def one_close(flow):
    sides = {flow.side(p) for p in flow.closes()}
    return None if len(sides) == 1 else "both sides closed"


@scenario(
    "probed-dead", "TCP keep-alive probes find a dead peer: RST by the prober",
    """nginx listens with `so_keepalive=3s:2s:3`. Five clients finish a request and vanish (the path swallows them); nginx's
    kernel probes the idle connections, gets no answer to three probes and resets. Two other clients are as idle but alive:
    their host answers every probe, and the connections are still open at the end.""",
    """`tcp.analysis.keep_alive`: probes every 2 s without `tcp.analysis.keep_alive_ack`, then RST+ACK by the prober; the
    healthy streams have an answer for each probe.""", seconds=25)
def probed_dead(world):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    app = world.serve("scripted", "app", "nginx", 8000)
    nginx = world.serve("nginx", "nginx", "client", 80, site({"/": f"proxy_pass http://{APP};"},
                                                             listen="80 so_keepalive=3s:2s:3"))
    world.setting("nginx", "so_keepalive idle", 3)
    world.setting("nginx", "so_keepalive interval (3 probes)", 2)
    world.capture("nginx")

    def vanish(number):
        time.sleep(0.6 * number)
        client = world.connect("client", nginx.address)
        client.get("/hello")
        if number < 5:
            time.sleep(0.4)
            world.path.blackhole("client-nginx", client.name, port=client.local[1])
        return client

    clients = world.parallel(vanish, range(7))
    time.sleep(14)
    for number, client in enumerate(clients):
        if number < 5:
            down = world.truth.client_leg(
                client, DOWN, cls=["half-open-zombie"], variant="probed-dead", severity="problem",
                phase="between-requests", owed="nothing", closer="server", flag="RST")
        else:
            down = world.truth.client_leg(client, DOWN, cls=["open"], closer="none", owed="nothing")
        up = world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["clean"], owed="nothing", status=200)
        world.truth.link(down, up)


@scenario(
    "vanished-app", "The application's host disappears: requests into the void, 504",
    """Four pooled upstream connections. The path to the application begins to swallow everything. Two requests go out on
    pooled connections after that: never acknowledged, retransmitted, and after `proxy_read_timeout` (12.7 s) nginx says
    504; its FIN waits behind the unacknowledged request and never leaves. Two other requests had already been
    acknowledged (the application was working on them) when the host disappeared: there nginx's FIN does go out at 12.7 s
    and is itself retransmitted without an answer.""",
    """`tcp.port == 8000 && tcp.analysis.retransmission`: the same request again and again; in the other two streams the same
    FIN. `http.response.code == 504` tells when nginx gave up.""", seconds=45)
def vanished_app(world):
    upstreams, locations = pools(4, APP)
    nginx, app = three_tier(world, {k: v + " proxy_read_timeout 12700ms;" for k, v in locations.items()},
                            upstreams=upstreams)
    world.setting("nginx", "proxy_read_timeout", 12.7)
    world.capture("nginx")
    world.capture("nginx", view="upstream-only", interface="to-app")
    clients = upstream_pool(world, nginx, app, 4)
    for number in (2, 3):
        clients[number].request(f"/{number}/sleep/25")
    time.sleep(0.9)
    world.path.blackhole("nginx-app", "gone")
    for number in (0, 1):
        clients[number].request(f"/{number}/hello", "POST" if number else "GET", b"x=1" if number else b"")
    for client in (clients[2], clients[3], clients[0], clients[1]):
        assert client.response() == 504
        time.sleep(0.2)
        client.close()
    time.sleep(14)
    for number, client in enumerate(clients):
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
        gone = dict(variant="vanished", severity="problem", ids=list(client.ids), exchanges=2,
                    timer=("nginx.proxy_read_timeout", 12.7))
        line = app.request(client.ids[0])
        if number < 2:
            up = world.truth.upstream_leg(line, UP, cls=["half-open-zombie"], owed=None, closer="none",
                                          phase=["awaiting-response", "mid-request", "between-requests"],
                                          wire={"test": only_repeats}, **gone)
        else:
            up = world.truth.upstream_leg(line, UP, cls=["half-open-zombie", "idle-timeout"], owed="response",
                                          phase="awaiting-response", closer="client", flag="FIN", **gone)
        world.truth.link(down, up)


def only_repeats(flow):
    again = [p for p in flow.by("client") if p.retransmission]
    return None if len(again) >= 3 else f"only {len(again)} retransmissions"
