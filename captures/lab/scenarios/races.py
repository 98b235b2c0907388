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


def answered(app, client, heard, away=sum(DELAYS)):
    """When the application let go of its answer: its log knows better than a client that had to wait for a processor."""
    line = app.request(client.ids[-1], "answered") or app.request(client.ids[-1])
    return line["t"] if line else heard - away


def second_request_at(app, client, number, wait, arrival, method="GET"):
    """First exchange, then a second request that reaches the application's link `wait` s after its answer left."""
    client.get(f"/{number}/hello")
    target = answered(app, client, time.time()) + wait + arrival - sum(DELAYS)
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
    request, a second one nginx's own FIN. `http.response.code == 502` finds the POSTs; the GETs come back with 200 from another stream that starts
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
        second_request_at(app, client, number, 5.001, offset + 0.0147, client.method)
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
