"""Restarts and their limits: nginx reload, gunicorn's graceful timeout."""
import signal
import time

from labkit import publish
from labkit.registry import Unavailable, scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "nginx-reload", "nginx is reloaded: its idle client connections close in one moment, busy ones are served first",
    """Six clients are idle on kept-alive connections, for 1.3 to 6.8 s, when nginx gets a SIGHUP (as `nginx -s reload` sends
    it). The old worker closes all six at once. A seventh client is waiting for a slow answer: it gets it, and its
    connection is closed behind it. `keepalive_timeout` (75 s) has nothing to do with it.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 80`: six FINs within a few milliseconds although the silences before them differ
    by seconds.""", seconds=20)
def nginx_reload(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"})
    world.setting("nginx", "keepalive_timeout", 75, default=True)
    world.capture("nginx")
    idle = []
    for _ in range(6):
        client = world.connect("client", nginx.address)
        client.get("/hello")
        idle.append(client)
        time.sleep(1.1)
    busy = world.connect("client", nginx.address)
    busy.request("/sleep/3")
    time.sleep(0.2)
    nginx.process.send_signal(signal.SIGHUP)
    for client in idle:
        client.wait_close()
    time.sleep(0.05)
    for client in idle:
        client.close()
    assert busy.response() == 200
    busy.wait_close()
    busy.close()
    for client in (*idle, busy):
        closed = dict(closer="server", flag="FIN", owed="nothing")
        if client is busy:
            down = world.truth.client_leg(client, DOWN, cls=["clean"], **closed)
        else:
            down = world.truth.client_leg(client, DOWN, cls=["shutdown"], severity=None, phase="between-requests",
                                          wire={"gap": (1.0, 7.5)}, **closed)
        world.truth.link(down, world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["clean"], owed="nothing",
                                                        status=200))


@scenario(
    "gunicorn-graceful-timeout", "gunicorn is told to stop and its patience ends before the requests do",
    """gunicorn (sync workers, `--graceful-timeout 4`) gets a SIGTERM while three requests have 20 s to go. After 4 s it kills
    the workers; nginx answers 502. Three connections die in the same moment, each with a response owed.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 8000`: three FINs together, 4 s after nothing that can be seen in the packets,
    at different times after their requests.""", seconds=15)
def graceful_timeout(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, app="gunicorn",
                            app_options=("-w", "3", "--graceful-timeout", "4"))
    world.setting("gunicorn", "graceful_timeout", 4)
    world.capture("nginx")
    clients = []
    for _ in range(3):
        client = world.connect("client", nginx.address)
        client.request("/sleep/20")
        clients.append(client)
        time.sleep(0.9)
    app.process.send_signal(signal.SIGTERM)
    for client in clients:
        assert client.response() == 502
        time.sleep(0.1)
        client.close()
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
        world.truth.link(down, world.truth.upstream_leg(
            app.request(client.ids[0]), UP, cls=["server-abort"], severity="problem", phase="awaiting-response",
            owed="response", closer="server", flag="FIN"))


@scenario(
    "uvicorn-graceful-limit", "uvicorn is told to stop and its patience ends before the requests do: three 500s at once",
    """uvicorn with `--timeout-graceful-shutdown 4` gets a SIGTERM while three requests have 20 s to go. After 4 s it cancels
    them; each client gets a 500 (uvicorn's own), in the same moment, and the connections close behind it. Nobody is owed
    anything: on the wire it is an answer. Needs uvicorn 0.22, which Debian 12 does not have: made on Debian 13.""",
    """`http.response.code == 500 && tcp.srcport == 8000`: three answers within a millisecond, 5 to 7 s after their requests.""",
    seconds=15)
def uvicorn_graceful_limit(world):
    version = publish.version("uvicorn")
    if tuple(int(part) for part in version.split(".")[:2]) < (0, 22):
        raise Unavailable(f"needs uvicorn 0.22 or newer (Debian 13), this is {version}")
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, app="uvicorn",
                            app_options=("--timeout-graceful-shutdown", "4"))
    world.setting("uvicorn", "timeout_graceful_shutdown", 4)
    world.capture("nginx")
    clients = []
    for _ in range(3):
        client = world.connect("client", nginx.address)
        client.request("/sleep/20")
        clients.append(client)
        time.sleep(0.9)
    app.process.send_signal(signal.SIGTERM)
    told = time.time()
    for client in clients:
        assert client.response() == 500
        assert 3.9 < time.time() - told < 4.9
        time.sleep(0.1)
        client.close()
        assert app.request(client.ids[0], "cancelled")
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
        world.truth.link(down, world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["clean"], owed="nothing",
                                                        status=500))
