"""Ends that nginx's own limits bring about: age and count of pooled connections, a retry after a timeout, no lingering."""
import time

from labkit.configs import POOLED, upstream
from labkit.registry import scenario

from .basics import pooled_legs, three_tier

APP, SPARE = "10.77.2.3:8000", "10.77.2.3:8002"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "nginx-pool-limits", "nginx retires pooled upstream connections by age and by count",
    """Three pools have `keepalive_time` 2.6 s, three have `keepalive_requests 4`. Each client sends four requests, about a
    second apart (0.2 s where requests are counted). nginx closes the upstream connection right after the response with
    which the limit is reached. Nothing was idle for long, nothing was owed: neither a timeout nor an abort.""",
    """`tcp.flags.fin == 1 && tcp.dstport == 8000`: nginx's FIN a fraction of a millisecond after the fourth response, on
    connections that are about 3.4 s old (keepalive_time) or 0.7 s (keepalive_requests).""", seconds=10)
def pool_limits(world):
    limits = ["keepalive_time 2600ms;"] * 3 + ["keepalive_requests 4;"] * 3
    pools = "".join(upstream(f"pool{n}", [APP], keepalive=1, more=limit) for n, limit in enumerate(limits))
    nginx, app = three_tier(world, {f"/{n}/": f"proxy_pass http://pool{n}/; {POOLED}" for n in range(6)},
                            upstreams=pools)
    world.setting("nginx", "upstream keepalive_time", 2.6)
    world.setting("nginx", "upstream keepalive_requests (a count, not seconds)", 4)
    world.capture("nginx")

    def session(number):
        time.sleep(0.3 * number)
        client = world.connect("client", nginx.address)
        for pause in (1.2, 0.9, 1.2, 0.3) if number < 3 else (0.2, 0.2, 0.2, 0.3):
            assert client.get(f"/{number}/hello") == 200
            time.sleep(pause)
        client.close()
        return client

    clients = world.parallel(session, range(6))
    time.sleep(0.5)
    downs = [world.truth.client_leg(c, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN") for c in clients]
    pooled_legs(world, app, downs, cls=["clean"], owed="nothing", closer="client", flag="FIN")


@scenario(
    "next-upstream-timeout", "proxy_read_timeout fires and the client sees 200: nginx asks another server",
    """Two application servers, the second as `backup`. The first one needs 9 s, `proxy_read_timeout` is 3.7 s. For three GETs
    nginx gives up on the first server and gets its answer from the second (`proxy_next_upstream`, its default). A POST
    must not be sent twice: 504.""",
    """`tcp.port == 8000 && tcp.flags.fin == 1`: nginx's FIN 3.7 s after the request, on four streams. Behind three of them a
    new stream to port 8002 with the same request and a 200; one has `http.response.code == 504` on the client's
    leg.""", seconds=10)
def next_upstream_timeout(world):
    nginx, app = three_tier(world, {"/": "proxy_pass http://both; proxy_read_timeout 3700ms;"},
                            upstreams=upstream("both", [APP, f"{SPARE} backup"]))
    spare = world.serve("scripted", "app", "nginx", 8002)
    world.setting("nginx", "proxy_read_timeout", 3.7)
    world.capture("nginx")

    def ask(number):
        time.sleep(0.35 * number)
        client = world.connect("client", nginx.address)
        client.request("/sleep/9", "POST" if number == 3 else "GET", b"x=1" if number == 3 else b"")
        client.response()
        time.sleep(0.2)
        client.close()
        return client

    clients = world.parallel(ask, range(4))
    time.sleep(0.5)
    for number, client in enumerate(clients):
        assert client.status == (504 if number == 3 else 200), client.status
        one = dict(instance=client.ids[0])
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN", **one)
        # With a good answer for the client in the end, how bad it was is a matter of taste.
        slow = world.truth.upstream_leg(
            app.request(client.ids[0]), UP, cls=["idle-timeout"], severity="problem" if number == 3 else None,
            phase="awaiting-response", owed="response", closer="client", flag="FIN",
            timer=("nginx.proxy_read_timeout", 3.7), **one)
        world.truth.link(down, slow)
        if number < 3:
            again = world.truth.upstream_leg(spare.request(client.ids[0]), UP, cls=["clean"], owed="nothing", status=200, **one)
            world.truth.link(down, again)


@scenario(
    "nginx-lingering-off", "401 in the middle of an upload with lingering_close off: the answer, and resets behind it",
    """nginx streams uploads on (`proxy_request_buffering off`). The application answers 401 as soon as it has the head, and
    closes. nginx hands the 401 on and, because `lingering_close` is off, closes the client's connection at once although the
    client is still sending. A client that is slow to read can lose its 401 to the resets.""",
    """`http.response.code == 401 && tcp.srcport == 80` and nginx's FIN or RST in the same instant; further segments of the
    upload draw bare RSTs.""", seconds=8)
def lingering_off(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_request_buffering off; lingering_close off;"},
                            app="scripted")
    world.capture("nginx")
    for _ in range(3):
        client = world.connect("client", nginx.address)
        client.send(client.head("/early", "POST", length=20000) + b"x" * 1000)
        for _ in range(5):
            time.sleep(0.03)
            try:
                client.send(b"x" * 1000)
            except OSError:
                break
        client.close()
        early = dict(cls=["server-abort", "clean"], severity=None, phase=["mid-request", "closing"], closer="server",
                     status=401)
        down = world.truth.client_leg(client, DOWN, **early)
        # Who is first here is a toss-up: the application, or nginx, which has its 401 and stops in the middle of its request.
        up = {**early, "cls": ["server-abort", "clean", "client-abort"], "closer": None}
        world.truth.mention(down, world.truth.upstream_leg(app.request(client.ids[0]), UP, wire={"closes": False}, **up))
        time.sleep(0.3)


@scenario(
    "nginx-lingering-always", "lingering_close always: nginx half-closes after its last answer and listens a little longer",
    """Clients ask with `Connection: close`. nginx answers and sends its FIN at once, but keeps reading for up to
    `lingering_timeout` (its default, 5 s) although nothing is owed. Three clients close when they have their answer; three
    wait 7 s first; three send an empty line 2 s later, as some clients do behind a body: it is acknowledged and draws no
    RST, which without `always` it would. Nothing is wrong with any of them.""",
    """`tcp.flags.fin == 1`: nginx's FIN right behind each response; the client's own follows at once or 7 s later. No
    `tcp.flags.reset == 1` anywhere.""", seconds=15)
def lingering_always(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; lingering_close always;"}, app="scripted")
    world.setting("nginx", "lingering_timeout", 5, default=True)
    world.capture("nginx")

    def ask(number):
        time.sleep(0.4 * number)
        client = world.connect("client", nginx.address)
        client.get("/hello", headers=["Connection: close"])
        client.wait_close()
        if number % 3 == 1:
            time.sleep(7)
        elif number % 3 == 2:
            time.sleep(2)
            client.send(b"\r\n")
            time.sleep(0.5)
        client.close()
        return client

    clients = world.parallel(ask, range(9))
    time.sleep(0.5)
    for client in clients:
        assert client.status == 200
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="server", flag="FIN",
                                      wire={"test": no_reset})
        world.truth.link(down, world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["clean"], owed="nothing",
                                                        status=200))


def no_reset(flow):
    reset = next((p for p in flow.closes() if p.rst), None)
    return f"frame {reset.frame} is a RST" if reset else None
