"""The other kinds of keep-alive race: RST, request in the buffer, stale reuse; and HAProxy as the victim."""
import time

from labkit.configs import haproxy
from labkit.registry import scenario

from .basics import three_tier
from .races import answered, both, crossed, pools, race_truth, timed

APP = "10.77.2.3:8000"
DELAYS = (0.0031, 0.0147)


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
        target = answered(app, client, time.time()) + wait + arrival(number) - sum(DELAYS)
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


@scenario(
    "race-haproxy", "The same race with HAProxy as the victim",
    """HAProxy reuses idle server connections (`http-reuse always`), uvicorn closes them after 5 s. Eight requests are timed
    to meet the FIN on the way. HAProxy does not answer 502: it closes the client's connection without a word, and without
    a line in its log, and leaves the retry to the client (as a server may that closes an idle connection). Nobody retries
    here; all eight requests are lost.""",
    """`tcp.port == 8000`: request and FIN cross, the request is answered by a RST without ACK, as with nginx. On port 8080+N
    HAProxy's FIN to the client follows within 0.1 ms, with the request acknowledged and no byte of a response.""",
    seconds=25)
def race_haproxy(world):
    world.chain("client", "lb", "app", delays=DELAYS)
    app = world.serve("uvicorn", "app", "lb", 8000)
    fronts = [world.serve("haproxy", "lb", "client", 8080 + n, haproxy(
        f"10.77.1.3:{8080 + n}", APP, {"connect": "3s", "client": "50s", "server": "50s"},
        more_backend="http-reuse always")) for n in range(8)]
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.capture("lb")

    def race(number):
        time.sleep(0.41 * number)
        client = world.connect("client", fronts[number].address)
        client.get("/hello")
        left = answered(app, client, time.time())
        client.first_status = client.status
        offset = (-0.009, -0.006, -0.004, -0.002, 0.0, 0.003, 0.005, 0.008)[number]
        target = left + 5.001 + offset + DELAYS[1] - sum(DELAYS)
        time.sleep(max(0.0, target - time.time()))
        client.request("/hello", "POST" if number % 2 else "GET", b"order=1" if number % 2 else b"")
        client.response()
        time.sleep(0.4)
        client.close()
        return client

    clients = world.parallel(race, range(8))
    time.sleep(6)
    for front, client in zip(fronts, clients):
        haproxy_race_truth(world, app, client, {line["id"]: line for line in front.access()})


def haproxy_race_truth(world, app, client, logged):
    first = logged[client.ids[0]]
    assert (client.ids[1] in logged) == (client.status is not None)
    leg, instance = ("client", "lb"), client.ids[0]
    down = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
    if client.status is None:        # HAProxy closed without a word: the client is meant to try again
        down = dict(cls=["server-abort", "keepalive-race"], severity="problem", phase="awaiting-response", owed="response",
                    closer="server")
    down = world.truth.client_leg(client, leg, instance=instance, **down)
    raced = world.truth.add(
        client=first["up_client"], server=APP, leg="lb→app", hosts=("lb", "app"), start=first["t"] + 0.03,
        cls=["keepalive-race"], variant="fin-crossing", severity="problem", phase="between-requests", owed="nothing",
        closer="server", flag="FIN", timer=("uvicorn.timeout_keep_alive", 5.0), ids=list(client.ids), exchanges=2,
        instance=instance, wire={"closes": False, "gap": None, "test": both(crossed, timed(5.0))})
    world.truth.link(down, raced, cause="up" if client.status is None else None)
    again = app.request(client.ids[1])
    if again:
        retry = world.truth.upstream_leg(
            again, ("lb", "app"), cls=["idle-timeout"], severity="latent", phase="between-requests", owed="nothing",
            closer="server", flag="FIN", timer=("uvicorn.timeout_keep_alive", 5.0), status=200, instance=instance)
        world.truth.link(down, retry)


@scenario(
    "race-client-leg", "The race on the client's side: nginx's keepalive_timeout and the client's next request cross",
    """Clients of nginx itself: `keepalive_timeout` is 6.2 s, and eight clients send their second request so that it meets
    nginx's FIN on the way (one-way delay 17.8 ms). Nothing retries for them: the requests are lost. Seen at the client the
    request goes out before the FIN comes in, at nginx the FIN goes out before the request comes in.""",
    """`tcp.port == 80`: the FIN's acknowledgement number is the second request's sequence number; a RST without ACK answers
    the request. Compare the order of the two with `race-client-leg-at-client`.""", seconds=15)
def race_client_leg(world):
    delay = 0.0178
    nginx, app = three_tier(world, {"/": "proxy_pass http://10.77.2.3:8000;"}, more="keepalive_timeout 6200ms;",
                            delays=(delay, 0.0011))
    world.setting("nginx", "keepalive_timeout", 6.2)
    world.capture("nginx")
    world.capture("client", view="at-client")

    def race(number):
        time.sleep(0.33 * number)
        client = world.connect("client", nginx.address)
        client.get("/hello")
        # Sent so that it arrives (-15 .. +13 ms) around the moment when the FIN is half-way.
        time.sleep(6.2 - 2 * delay + (4, 8, 12, 15, 18, 22, 26, 30)[number] / 1000)
        client.status = None
        client.request("/hello", "POST" if number % 2 else "GET", b"x=1" if number % 2 else b"")
        client.response()
        time.sleep(0.1)
        client.close()
        return client

    clients = world.parallel(race, range(8))
    time.sleep(1)
    for client in clients:
        down = world.truth.client_leg(
            client, ("client", "nginx"), cls=["keepalive-race"], variant="fin-crossing", severity="problem",
            phase="between-requests", owed="nothing", closer="server", flag="FIN", timer=("nginx.keepalive_timeout", 6.2),
            wire={"closes": False, "gap": None, "test": both(crossed, timed(6.2))})
        world.truth.link(down, world.truth.upstream_leg(app.request(client.ids[0]), ("nginx", "app"), cls=["clean"],
                                                        owed="nothing", status=200))
