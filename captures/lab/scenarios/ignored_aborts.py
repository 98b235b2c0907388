"""Clients that leave and a proxy that does not care; servers that answer before they have read."""
import time

from labkit.configs import haproxy
from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "client-abort-ignored", "Clients leave, nginx goes on (proxy_ignore_client_abort): the upstream leg has an end of its own",
    """Six clients leave 1.7 to 3.2 s after their request. nginx is told to ignore that. Three of the upstream requests are
    answered after 5 s, in good order, for nobody; the other three need longer than `proxy_read_timeout` (8.9 s) and are
    cut by nginx's own timer.""",
    """The client's FIN is followed by nothing for seconds; then the upstream leg ends, by its response or by nginx's FIN
    8.9 s after the request.""", seconds=20)
def ignored(world):
    nginx, app = three_tier(
        world, {"/": f"proxy_pass http://{APP}; proxy_ignore_client_abort on; proxy_read_timeout 8900ms;"})
    world.setting("nginx", "proxy_read_timeout", 8.9)
    world.capture("nginx")

    def leave(number):
        time.sleep(0.4 * number)
        client = world.connect("client", nginx.address)
        client.request("/sleep/5" if number % 2 else "/sleep/15")
        time.sleep(1.7 + 0.3 * number)
        client.close()
        return client

    clients = world.parallel(leave, range(6))
    time.sleep(9)
    waiting = dict(severity="problem", phase="awaiting-response", owed="response", closer="client", flag="FIN")
    for number, client in enumerate(clients):
        down = world.truth.client_leg(client, DOWN, cls=["client-abort"], **waiting)
        up = dict(cls=["clean"], owed="nothing", status=200) if number % 2 else \
            dict(cls=["idle-timeout"], timer=("nginx.proxy_read_timeout", 8.9), **waiting)
        world.truth.link(down, world.truth.upstream_leg(app.request(client.ids[0]), UP, **up))


@scenario(
    "early-response", "401 before the body has been read, and a close in the middle of the upload",
    """Directly at a server that checks the head only: clients upload 20 000 bytes, slowly; after the head the server answers
    401 and closes. What the client still sends is answered by bare RSTs. The client has its answer if it reads it in
    time.""",
    """`http.response.code == 401` and, in the same instant, the server's FIN (a RST if bytes lay unread in its socket); then
    `tcp.flags.reset == 1 && tcp.flags.ack == 0` for each further segment of the upload.""",
    seconds=10)
def early_response(world):
    world.chain("client", "app", delays=(0.0061,))
    app = world.serve("scripted", "app", "client", 8000)
    world.capture("app")
    for _ in range(3):
        client = world.connect("client", app.address)
        client.send(client.head("/early", "POST", length=20000) + b"x" * 1000)
        for _ in range(5):
            time.sleep(0.03)
            try:
                client.send(b"x" * 1000)
            except OSError:
                break
        client.close()
        world.truth.client_leg(client, ("client", "app"), cls=["server-abort", "clean"], severity=None,
                               phase=["mid-request", "closing"], owed=None, closer="server", status=401)
        time.sleep(0.3)


@scenario(
    "haproxy-server-timeout-mid-response", "HAProxy's timeout server in the middle of a response",
    """The application sends half of a response and stalls. `timeout server` is 6.6 s. HAProxy resets the server leg and cuts
    the client's: the client has half a body.""",
    """`tcp.port == 8000 && tcp.flags.reset == 1` 6.6 s after the last payload; on port 8080 the end comes in the same
    instant, before Content-Length is reached.""", seconds=20)
def haproxy_mid_response(world):
    world.chain("client", "lb", "app", delays=(0.0052, 0.0017))
    app = world.serve("uvicorn", "app", "lb", 8000)
    lb = world.serve("haproxy", "lb", "client", 8080, haproxy(
        "10.77.1.3:8080", APP, {"connect": "3s", "client": "50s", "server": "6600ms"}))
    world.setting("haproxy", "timeout server", 6.6)
    world.capture("lb")

    def ask(number):
        time.sleep(0.5 * number)
        client = world.connect("client", lb.address)
        client.get("/stall/2500/15")
        client.close()
        return client

    clients = world.parallel(ask, range(3))
    time.sleep(1)
    cut = dict(severity="problem", phase="mid-response", owed="rest-of-response", status=200,
               timer=("haproxy.timeout_server.body", 6.6))
    for client in clients:
        down = world.truth.client_leg(client, ("client", "lb"), cls=["idle-timeout", "server-abort"], closer="server",
                                      **cut)
        up = world.truth.upstream_leg(app.request(client.ids[0]), ("lb", "app"), cls=["idle-timeout"], closer="client",
                                      flag="RST", **cut)
        world.truth.link(down, up, cause="up")
