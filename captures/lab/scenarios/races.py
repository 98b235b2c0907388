"""Keep-alive races: a request and the server's close of an idle connection cross on the way."""
import time

from labkit.configs import POOLED, upstream
from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DELAYS = (0.0031, 0.0147)


def pools(count, server=APP):
    """One pool per instance, each with one connection: the driver knows which connection a request will take."""
    upstreams = "".join(upstream(f"pool{n}", [server], keepalive=1) for n in range(count))
    locations = {f"/{n}/": f"proxy_pass http://pool{n}/; {POOLED}" for n in range(count)}
    return upstreams, locations


def second_request_at(client, number, wait, arrival, method="GET"):
    """First exchange, then a second request that reaches the application's link `wait` s after its answer left."""
    client.get(f"/{number}/hello")
    heard = time.time()
    # The answer left the application one way (both links) before it was heard here.
    target = heard - sum(DELAYS) + wait + arrival - DELAYS[0] - DELAYS[1]
    time.sleep(max(0.0, target - time.time()))
    client.request(f"/{number}/hello", method, b"order=1" if method == "POST" else b"")
    client.response()
    return client


def crossed(flow):
    """The FIN (or RST) acknowledges nothing of the last request, and the request's sender had not yet seen it."""
    close, request = flow.first_close(), flow.requests()[-1]
    server_close = next(p for p in flow.closes() if flow.side(p) == "server")
    if server_close.ack_flag and server_close.ack != request.seq:
        return f"frame {server_close.frame} acknowledges {server_close.ack}, the request starts at {request.seq}"
    acked = [p for p in flow.by("client") if p.t < request.t and p.ack > server_close.seq]
    if acked and not server_close.rst:
        return f"frame {acked[0].frame} had acknowledged the FIN before the request"
    return None if close else "no close"


@scenario(
    "keepalive-race", "uvicorn closes an idle pooled connection while nginx sends a request on it",
    """nginx keeps upstream connections for 60 s, uvicorn closes idle ones after 5 s. Nine requests are timed so that
    they meet uvicorn's FIN on the way (one-way delay 14.7 ms). The GETs are retried by nginx on a new connection,
    nobody notices; the POSTs cannot be retried and end in 502.""",
    """In each raced stream (`tcp.port == 8000`) the last request and uvicorn's FIN cross: the FIN's acknowledgement
    number equals the request's sequence number, so uvicorn had not seen a byte of it. A RST without ACK answers the
    request. `http.response.code == 502` finds the POSTs; the GETs come back with 200 from another stream that starts
    some 0.2 ms after the FIN.""", seconds=25)
def keepalive_race(world):
    count = 9
    upstreams, locations = pools(count)
    nginx, app = three_tier(world, locations, delays=DELAYS, upstreams=upstreams)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.setting("nginx", "upstream keepalive_timeout", 60, default=True)
    world.capture("nginx")
    world.capture("app", view="at-app", interface="to-nginx")

    def race(number):
        time.sleep(0.37 * number)
        client = world.connect("client", nginx.address)
        client.method = "POST" if number % 2 else "GET"
        offset = (-0.009, -0.006, -0.004, -0.002, 0.0, 0.003, 0.005, 0.008, 0.011)[number]
        second_request_at(client, number, 5.001, offset + 0.0147, client.method)
        time.sleep(0.4)
        client.close()
        return client

    clients = world.parallel(race, range(count))
    time.sleep(6.2)
    for client in clients:
        race_truth(world, nginx, app, client, "fin-crossing", "FIN", ("uvicorn.timeout_keep_alive", 5.0), 5.0)


def race_truth(world, nginx, app, client, variant, flag, timer, seconds, test=crossed, **fields):
    """Labels of one instance: the client leg, the raced pooled leg, and the leg of the silent retry."""
    logged = {line["id"]: line for line in nginx.access()}[client.ids[1]]
    intended = "502, 200" if client.method == "GET" else "502"
    if logged["upstream_status"] != intended:
        world.log(f"    {client.ids[1]}: upstream_status {logged['upstream_status']}")
    first = app.request(client.ids[0])
    instance = client.ids[0]
    down = world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client",
                                  flag="FIN", instance=instance)
    raced = world.truth.upstream_leg(
        first, ("nginx", "app"), **{**dict(
            cls=["keepalive-race"], variant=variant, severity="problem", phase="between-requests", owed="nothing",
            closer="server", flag=flag, timer=timer, ids=list(client.ids), exchanges=2, instance=instance,
            wire={"closes": False, "gap": None, "test": both(test, timed(seconds))}), **fields})
    world.truth.link(down, raced)
    if client.method == "GET":
        again = app.request(client.ids[1])
        retry = world.truth.upstream_leg(
            again, ("nginx", "app"), cls=["idle-timeout"], severity="latent", phase="between-requests", owed="nothing",
            closer="server", flag="FIN", timer=timer, status=200, instance=instance)
        world.truth.link(down, retry)
        return raced, retry
    return raced, None


def both(*tests):
    return lambda flow: next((wrong for wrong in (test(flow) for test in tests if test) if wrong), None)


def timed(seconds):
    """The server closed that long after its last response (as seen here: the close itself may have crossed)."""
    def test(flow):
        close = next((p for p in flow.closes() if flow.side(p) == "server"), None)
        before = [p for p in flow.payload("server") if close and p.t < close.t]
        if not before or abs(close.t - before[-1].t - seconds) > 0.1:
            return f"the server did not close {seconds} s after its response"
        return None
    return test if seconds else None


def scripted_race(world, count, how, wait, arrival, method=lambda n: "POST" if n % 2 else "GET", pause=0.37):
    """Races against a scripted server that closes `how` after `wait` s: first /then/HOW/S, then a request."""
    upstreams, locations = pools(count)
    nginx, app = three_tier(world, locations, delays=DELAYS, upstreams=upstreams, app="scripted")
    world.setting("scripted server", "keep-alive", wait)
    world.setting("nginx", "upstream keepalive_timeout", 60, default=True)
    world.capture("nginx")
    world.capture("app", view="at-app", interface="to-nginx")

    def race(number):
        time.sleep(pause * number)
        client = world.connect("client", nginx.address)
        client.method = method(number)
        client.get(f"/{number}/then/{how}/{wait}")
        heard = time.time()
        target = heard - sum(DELAYS) + wait + arrival(number) - DELAYS[0] - DELAYS[1]
        time.sleep(max(0.0, target - time.time()))
        client.request(f"/{number}/hello", client.method, b"order=1" if client.method == "POST" else b"")
        client.response()
        time.sleep(0.4)
        client.close()
        return client

    return nginx, app, world.parallel(race, range(count))


def retry_open(world, nginx, app, client, variant, flag, timer, seconds, test, **fields):
    """As race_truth, but the scripted server keeps the retried connection: it is open at the end."""
    raced, retry = race_truth(world, nginx, app, client, variant, flag, timer, seconds, test, **fields)
    if retry:
        retry.cls, retry.severity, retry.phase, retry.owed = ["open"], "ok", None, "nothing"
        retry.closer, retry.flag, retry.timer = "none", None, None


@scenario(
    "race-rst-crossing", "A server that closes idle connections with RST meets a request",
    """The application drops idle connections after 6.3 s with a RST (SO_LINGER 0, as some servers and load balancers
    do). Six requests cross it on the way.""",
    """`tcp.flags.reset == 1 && tcp.flags.ack == 1 && tcp.srcport == 8000`: the RST's acknowledgement number does not
    cover the request that the capture shows before it. A second, bare RST answers the request.""", seconds=20)
def race_rst(world):
    nginx, app, clients = scripted_race(world, 6, "rst", 6.3, lambda n: 0.0147 + (-8, -5, -2, 1, 4, 7)[n] / 1000)
    time.sleep(1.5)
    for client in clients:
        retry_open(world, nginx, app, client, "rst-crossing", "RST", None, 6.3, crossed)


def taken_but_unread(flow):
    """The server's kernel acknowledged the request (or the RST covers it) and no byte of an answer followed."""
    request = flow.requests()[-1]
    end = request.seq + request.len
    covering = [p for p in flow.by("server") if p.t > request.t and p.ack_flag and p.ack >= end]
    answers = [p for p in flow.payload("server") if p.t > request.t]
    if not covering:
        return "the request was never acknowledged"
    return f"frame {answers[0].frame} answers it" if answers else None


@scenario(
    "race-in-buffer", "The request was in the server's socket buffer when it closed the idle connection",
    """The application decides after 5.7 s of idleness to close (its loop was busy, it does not look at the socket any
    more). Six requests arrive 5 to 60 ms before that: its kernel acknowledges them, the application closes without
    reading, and the kernel answers with a RST because bytes were thrown away.""",
    """`tcp.flags.reset == 1 && tcp.srcport == 8000`: RST+ACK whose acknowledgement covers the whole request, with
    timestamps and an ordinary window, after an idle time of 5.7 s; no response byte.""", seconds=20)
def race_in_buffer(world):
    nginx, app, clients = scripted_race(world, 6, "blind", 5.7, lambda n: -(5, 12, 20, 31, 44, 60)[n] / 1000)
    time.sleep(1.5)
    for client in clients:
        retry_open(world, nginx, app, client, "in-buffer", "RST", None, 5.7, taken_but_unread, owed="response")


@scenario(
    "race-stale-reuse", "A client reuses a connection whose FIN it acknowledged long ago",
    """A client with a home-made connection pool does not look whether a connection is still good. nginx closes idle
    client connections after 7.3 s; 0.3 to 2.6 s after that FIN the clients send another request. No race: the FIN had
    arrived and been acknowledged.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 80`, the client's ACK of it one round trip later, then a request 0.3 s or
    more after that, answered by a RST without ACK.""", seconds=20)
def race_stale(world):
    nginx, app = three_tier(world, {"/": "proxy_pass http://10.77.2.3:8000;"}, more="keepalive_timeout 7300ms;")
    world.setting("nginx", "keepalive_timeout", 7.3)
    world.capture("nginx")
    world.capture("client", view="at-client")

    def late(number):
        client = world.connect("client", nginx.address)
        client.get("/hello")
        client.status_first, client.status = client.status, None
        client.wait_close()
        time.sleep((0.3, 0.52, 1.1, 2.6)[number])
        try:
            client.request("/hello", "POST" if number % 2 else "GET", b"x=1" if number % 2 else b"")
            client.response()
        except OSError:
            pass
        client.close()
        return client

    clients = world.parallel(late, range(4))
    time.sleep(1)
    for client in clients:
        down = world.truth.client_leg(
            client, ("client", "nginx"), cls=["keepalive-race"], variant="stale-reuse", severity="problem",
            phase="between-requests", owed="nothing", closer="server", flag="FIN", status=None,
            timer=("nginx.keepalive_timeout", 7.3))
        up = world.truth.upstream_leg(app.request(client.ids[0]), ("nginx", "app"), cls=["clean"], owed="nothing",
                                      status=200)
        world.truth.link(down, up)
