"""Timers of application servers: uvicorn, gunicorn, Node. And their shutdown."""
import signal
import time

from labkit.configs import POOLED, upstream
from labkit.registry import scenario

from .basics import pooled_legs, three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")
# A worker that gunicorn killed: 20.1 closes without a word, 23 lets it answer 500 first: nothing is owed any more, and nginx,
# which has its whole response, may close before gunicorn's FIN is there.
KILLED = dict(cls=["idle-timeout", "server-abort"], severity="problem", phase="awaiting-response", owed="response",
              closer="server", flag="FIN")
ANSWERED = dict(cls=["clean", "idle-timeout"], severity=None, owed="nothing", status=500)


def pooled_session(world, nginx, count, pause=0.0):
    def use(number):
        time.sleep(pause * number)
        client = world.connect("client", nginx.address)
        for _ in range(1 + number % 3):
            client.get("/sleep/0.5")
        client.close()
        return client
    return world.parallel(use, range(count))


def latent(world, clients, app, timer, gap=None):
    """A pool whose server closes idle connections first: harmless here, the birthplace of races."""
    wire = {"gap": gap} if gap else {}
    downs = [world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
             for client in clients]
    return pooled_legs(world, app, downs, cls=["idle-timeout"], severity="latent", phase="between-requests",
                       owed="nothing", closer="server", flag="FIN", timer=timer, wire=wire)


@scenario(
    "uvicorn-keepalive", "uvicorn closes nginx's idle pooled connections after 5 s: no victim yet",
    """nginx pools upstream connections for 60 s, uvicorn closes idle ones after its default of 5 s. Five pooled
    connections are left alone and closed by uvicorn, one by one. No request happened to be under way. The wrong order of
    timers: this is how keep-alive races are born.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 8000`: uvicorn closes first, 5.00 s after its last response on each
    connection.""", seconds=15)
def uvicorn_keepalive(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://app; {POOLED}"}, upstreams=upstream("app", [APP], keepalive=16))
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.setting("nginx", "upstream keepalive_timeout", 60, default=True)
    world.capture("app")
    clients = pooled_session(world, nginx, 5, pause=0.2)
    time.sleep(6)
    latent(world, clients, app, ("uvicorn.timeout_keep_alive", 5.0))


@scenario(
    "node-keepalive", "Node closes idle pooled connections 6 s after the last response (5 s plus a buffer of 1 s)",
    """The same wrong order with Node's http server: `keepAliveTimeout` is 5 s by default, and Node 20.20 adds a second on
    the wire.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 8000`: FINs 6.0 s after the last response; the response header says
    `Keep-Alive: timeout=5`.""", seconds=15)
def node_keepalive(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://app; {POOLED}"}, app="node",
                            upstreams=upstream("app", [APP], keepalive=16))
    world.setting("node", "keepAliveTimeout", 5, default=True)
    world.capture("nginx", interface="to-app")
    clients = pooled_session(world, nginx, 4, pause=0.35)
    time.sleep(7)
    latent(world, clients, app, ("node.keepAliveTimeout", 5.0), gap=(4.9, 6.2))


@scenario(
    "gunicorn-keepalive", "gunicorn gthread closes idle pooled connections after 2 to 3 s",
    """gunicorn with threads has `--keep-alive 2` by default and polls once a second, so its FINs come 2.0 to 3.0 s after the
    last response, on no two connections alike.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 8000` and the time since the response before it.""", seconds=15)
def gunicorn_keepalive(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://app; {POOLED}"}, app="gunicorn",
                            app_options=("-k", "gthread", "--threads", "8"),
                            upstreams=upstream("app", [APP], keepalive=16))
    world.setting("gunicorn", "keepalive", 2, default=True)
    world.capture("nginx", interface="to-app")
    clients = pooled_session(world, nginx, 5, pause=0.27)
    time.sleep(4)
    latent(world, clients, app, ("gunicorn.keepalive", 2.0), gap=(1.95, 3.2))


@scenario(
    "gunicorn-uvicornworker-keepalive", "uvicorn inside gunicorn: idle connections close after gunicorn's 2 s, not uvicorn's 5 s",
    """gunicorn runs uvicorn's worker class. The keep-alive time in force is gunicorn's (`--keep-alive 2`); uvicorn's default
    of 5 s never applies. Four pooled connections of nginx are left alone.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 8000`: FINs 2.0 s after the last response.""", seconds=15)
def uvicornworker_keepalive(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://app; {POOLED}"}, app="gunicorn",
                            app_options=("-k", "uvicorn.workers.UvicornWorker", "asgi_app:app"),
                            upstreams=upstream("app", [APP], keepalive=16))
    world.setting("gunicorn", "keepalive", 2, default=True)
    world.capture("nginx")
    clients = pooled_session(world, nginx, 4, pause=0.3)
    time.sleep(3.5)
    world.stop_captures()
    latent(world, clients, app, ("gunicorn.uvicornworker.keepalive", 2.0))


@scenario(
    "gunicorn-worker-timeout", "gunicorn kills a sync worker that is busy for too long: FIN, 502",
    """`--timeout 30` (the default) with sync workers: two requests sleep 40 s and lose their worker after 30 s (and up to
    a second more: the arbiter looks once a second). On a second gunicorn with `--timeout 11` three requests sleep 20 s.
    gunicorn 20.1 (Debian 12) says nothing and closes: upstream prematurely closed connection, 502 by nginx. gunicorn 23
    (Debian 13) still answers, with a 500 of its own.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 8000`: the application's FIN, with the response owed, 30.0 to 31.1 s after the
    request (11.0 to 12.1 s on port 8002); then `http.response.code == 502`. With gunicorn 23 `http.response.code == 500`
    right before that FIN.""", seconds=45)
def worker_timeout(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};", "/quick/": "proxy_pass http://10.77.2.3:8002/;"},
                            app="gunicorn", app_options=("-w", "3"))
    quick = world.serve("gunicorn", "app", "nginx", 8002, "-w", "4", "--timeout", "11")
    world.setting("gunicorn", "timeout", 30, default=True)
    world.setting("gunicorn", "timeout (port 8002)", 11)
    world.capture("nginx")
    world.capture("app", view="at-app")

    def ask(number):
        time.sleep(0.43 * number)
        client = world.connect("client", nginx.address)
        client.get("/sleep/40" if number < 2 else "/quick/sleep/20")
        time.sleep(0.2)
        client.close()
        return client

    clients = world.parallel(ask, range(5))
    time.sleep(1)
    for number, client in enumerate(clients):
        assert client.status in (500, 502)
        seconds = 30.0 if number < 2 else 11.0
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                      instance=client.ids[0])
        up = world.truth.upstream_leg(
            (app if number < 2 else quick).request(client.ids[0]), UP, **(KILLED if client.status == 502 else ANSWERED),
            timer=("gunicorn.timeout", seconds), instance=client.ids[0],
            wire={"gap": (seconds - 1.1, seconds + 1.3)})
        world.truth.link(down, up)


@scenario(
    "node-request-timers", "Node writes a real 408: headersTimeout and requestTimeout",
    """`headersTimeout` 8 s, `requestTimeout` 12 s, looked at every 0.5 s (`connectionsCheckingInterval`). Three clients stop
    in the middle of a head, three in the middle of a body, directly at the Node server.""",
    """`http.response.code == 408` and Node's FIN in the same instant, 8 to 8.6 s (12 to 12.6 s) after the connection
    began.""", seconds=20)
def node_request(world):
    world.chain("client", "app", delays=(0.0061,))
    app = world.serve("node", "app", "client", 8000, options={
        "create": {"connectionsCheckingInterval": 500, "headersTimeout": 8000, "requestTimeout": 12000}})
    world.setting("node", "headersTimeout", 8)
    world.setting("node", "requestTimeout", 12)
    world.capture("app")

    def stop(number):
        time.sleep(0.23 * number)
        client = world.connect("client", app.address)
        if number < 3:
            client.send(b"GET /hello HTTP/1.1\r\nHost: lab.test\r\nX-Half")
        else:
            client.send(client.head("/hello", "POST", length=4000) + b"x" * 700)
        client.wait_close()
        client.close()
        return client

    for number, client in enumerate(world.parallel(stop, range(6))):
        seconds = 8.0 if number < 3 else 12.0
        world.truth.client_leg(
            client, ("client", "app"), cls=["idle-timeout"], severity="problem", phase="mid-request",
            owed="rest-of-request", closer="server", flag="FIN", status=408,
            timer=("node.headersTimeout" if number < 3 else "node.requestTimeout", seconds),
            wire={"since": "start", "gap": (seconds - 0.05, seconds + 0.7)})


@scenario(
    "rolling-restart", "uvicorn is restarted: its idle connections all close in the same moment",
    """Two uvicorns (ports 8000 and 8002) with a long keep-alive (47 s) serve nginx's pool: seven and five idle connections,
    idle for very different times. They are told to stop (SIGTERM) one after the other. Each closes its idle connections
    within milliseconds; one request that is under way on the first is still answered and its connection closed after
    it.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 8000`: seven FINs in one burst, though the silences before them differ by
    seconds; the same on 8002 about 4 s later.""", seconds=25)
def rolling_restart(world):
    nginx, app = three_tier(
        world, {"/a/": f"proxy_pass http://a/; {POOLED}", "/b/": f"proxy_pass http://b/; {POOLED}"},
        upstreams=upstream("a", [APP], keepalive=16) + upstream("b", ["10.77.2.3:8002"], keepalive=16),
        app_options=("--timeout-keep-alive", "47"))
    other = world.serve("uvicorn", "app", "nginx", 8002, "--timeout-keep-alive", "47")
    world.setting("uvicorn", "timeout_keep_alive", 47)
    world.capture("nginx")
    for prefix, count in (("a", 7), ("b", 5)):
        fill_pool(world, nginx, prefix, count)
    busy = world.connect("client", nginx.address)
    busy.request("/a/sleep/3.4")
    time.sleep(1.9)
    app.process.send_signal(signal.SIGTERM)
    assert busy.response() == 200
    busy.close()
    time.sleep(2.5)
    other.process.send_signal(signal.SIGTERM)
    time.sleep(1.5)
    legs = pooled_legs(world, app, [], cls=["shutdown"], severity=None, phase="between-requests", owed="nothing",
                       closer="server", flag="FIN") + \
        pooled_legs(world, other, [], cls=["shutdown"], severity=None, phase="between-requests", owed="nothing",
                    closer="server", flag="FIN")
    for leg in legs:
        if busy.ids[0] in leg.ids:
            leg.cls, leg.phase = ["clean"], None
    for client in world.pool_clients:
        world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
    world.truth.client_leg(busy, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")


def fill_pool(world, nginx, prefix, count):
    """So many upstream connections at the same time, whose last requests end at different moments."""
    def use(number):
        client = world.connect("client", nginx.address)
        client.get(f"/{prefix}/sleep/{0.4 + 1.13 * number:.2f}")
        client.close()
        return client
    world.pool_clients = getattr(world, "pool_clients", []) + world.parallel(use, range(count))
