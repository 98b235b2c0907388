"""The first five: a healthy chain, nginx's read timeout, the keep-alive race, a vanished client, a client abort."""
import time

from labkit.configs import site, to, upstream
from labkit.registry import scenario


APP = "10.77.2.3:8000"


def three_tier(world, locations, delays=(0.0043, 0.0021), upstreams="", more="", app="uvicorn", app_options=()):
    """client — nginx — application; returns (nginx, app)."""
    world.chain("client", "nginx", "app", delays=delays)
    application = world.serve(app, "app", "nginx", 8000, *app_options)
    nginx = world.serve("nginx", "nginx", "client", 80, site(locations, upstreams=upstreams, more=more))
    return nginx, application


@scenario(
    "keepalive-clean", "A healthy chain: keep-alive on both legs, nothing lost",
    """Four clients send 3, 5, 4 and 6 requests over one connection each, with short pauses, through nginx (with a pool
    of upstream connections) to uvicorn, and close with a FIN after their last response. nginx drops its idle upstream
    connections itself after 4.4 s (`keepalive_timeout` of the upstream block), before uvicorn's 5 s are over: that
    order of timers is the healthy one.""",
    """`tcp.flags.fin == 1` shows that each client leg is closed by the client right after a whole response, and each
    upstream leg by nginx 4.4 s after the last response on it; `tcp.flags.reset == 1` shows nothing.""", seconds=20)
def keepalive_clean(world):
    nginx, app = three_tier(world, {"/": to("app", pooled=True)},
                            upstreams=upstream("app", [APP], keepalive=8, more="keepalive_timeout 4400ms;"))
    world.setting("nginx", "upstream keepalive_timeout", 4.4)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.capture("nginx")
    world.capture("client", view="at-client")

    def session(number):
        time.sleep(0.21 * number)
        client = world.connect("client", nginx.address)
        for turn in range((3, 5, 4, 6)[number]):
            assert client.get(("/hello", "/sleep/0.13", "/bytes/7000")[turn % 3]) == 200
            time.sleep(0.27 + 0.11 * number)
        client.close()
        return client

    clients = world.parallel(session, range(4))
    time.sleep(6.5)
    downs = [world.truth.client_leg(c, ("client", "nginx"), cls=["clean"], severity="ok", owed="nothing",
                                    closer="client", flag="FIN") for c in clients]
    pooled_legs(world, app, downs, cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing",
                closer="client", flag="FIN", timer=("nginx.upstream.keepalive_timeout", 4.4))


def pooled_legs(world, app, downs, **fields):
    """The upstream connections of a pool, from the application's log: peer → its requests in order."""
    by_peer = {}
    for line in app.lines():
        if line["event"] == "request" and line["id"]:
            by_peer.setdefault(line["peer"], []).append(line)
    legs = []
    for lines in by_peer.values():
        leg = world.truth.upstream_leg(lines[0], ("nginx", "app"), **{
            **dict(ids=[line["id"] for line in lines], exchanges=len(lines), status=200), **fields})
        for down in downs:
            if set(down.ids) & set(leg.ids):
                world.truth.link(down, leg)
        legs.append(leg)
    return legs


def behind(world, app, down, client, hosts=("nginx", "app"), cause=None, **fields):
    """The legs that served each of a client's requests, one each; healthy unless something else is said."""
    for request_id in client.ids:
        line = app.request(request_id)
        world.truth.link(down, world.truth.upstream_leg(
            line, hosts, **{**dict(cls=["clean"], owed="nothing", status=200), **fields}), cause=cause)


@scenario(
    "nginx-read-timeout", "nginx gives up on a slow application after proxy_read_timeout 60 s: 504",
    """Four clients ask for something the application needs 70 s for. nginx waits `proxy_read_timeout` (its default,
    60 s), closes the upstream connection with a FIN and answers 504. The clients read the 504, wait a moment on the
    kept-alive connection and close it in good order. The application, told by nginx's FIN that nobody waits any more, closes
    too and drops its work.""",
    """`http.response.code == 504` finds the answers; follow the upstream stream of each (`tcp.port == 8000`): one
    request, silence, nginx's FIN 60.0 s later, a fraction of a millisecond before the 504, and the application's FIN one
    round trip after it.""", seconds=80)
def nginx_read_timeout(world):
    nginx, app = three_tier(world, {"/": to(APP)})
    world.setting("nginx", "proxy_read_timeout", 60, default=True)
    world.capture("nginx")
    world.capture("app", view="at-app", interface="to-nginx", options=("-s", "96"))

    def ask(number):
        time.sleep(1.7 * number)
        client = world.connect("client", nginx.address)
        client.get("/sleep/70")
        time.sleep(0.83 + 0.4 * number)
        client.close()
        return client

    clients = world.parallel(ask, range(4))
    time.sleep(8)
    logged = {line["id"]: line for line in nginx.access()}
    for client in clients:
        assert logged[client.ids[0]]["status"] == 504 == client.status
        down = world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client",
                                      flag="FIN", instance=client.ids[0])
        up = world.truth.upstream_leg(
            app.request(client.ids[0]), ("nginx", "app"), cls=["idle-timeout"], severity="problem",
            phase="awaiting-response", owed="response", closer="client", flag="FIN", instance=client.ids[0],
            timer=("nginx.proxy_read_timeout", 60.0), wire={"since": "client", "gap": (59.9, 60.11)})
        world.truth.link(down, up)


@scenario(
    "client-abort", "Clients leave while they wait: nginx logs 499 and closes the upstream leg",
    """Five clients ask for an answer that takes 15 s and leave after 2.1 to 6.9 s: three close (FIN), two reset (RST).
    nginx notices at once, logs 499 and closes the upstream connection although the application has done nothing
    wrong. Seen from the application alone this looks like a proxy timeout.""",
    """Sort by time around the client's FIN or RST (`tcp.flags.fin == 1 || tcp.flags.reset == 1`): the client's packet
    first, nginx's upstream FIN some 0.1 ms later, then nginx's own FIN to the client.""", seconds=25)
def client_abort(world):
    nginx, app = three_tier(world, {"/": to(APP)})
    world.capture("nginx")
    world.capture("client", view="at-client")
    world.capture("app", view="at-app")

    def leave(number):
        time.sleep(0.31 * number)
        client = world.connect("client", nginx.address)
        client.request("/sleep/15")
        time.sleep((2.1, 3.37, 4.8, 5.45, 6.9)[number])
        client.left = client.abort() if number % 2 else client.close()
        client.flag = "RST" if number % 2 else "FIN"
        return client

    clients = world.parallel(leave, range(5))
    time.sleep(10)
    logged = {line["id"]: line for line in nginx.access()}
    for client in clients:
        assert logged[client.ids[0]]["status"] == 499
        waited = client.left - client.sent[0]
        common = {"cls": ["client-abort"], "severity": "problem", "phase": "awaiting-response", "owed": "response",
                  "instance": client.ids[0]}
        down = world.truth.client_leg(client, ("client", "nginx"), closer="client", flag=client.flag, **common,
                                      wire={"gap": (waited - 0.05, waited + 0.05), "since": "client"})
        up = world.truth.upstream_leg(app.request(client.ids[0]), ("nginx", "app"), variant="propagated",
                                      closer="client", flag="FIN", **common)
        world.truth.link(down, up, cause="down")
