"""Before and after: the order of keep-alive timers put right, put right on the wrong leg, or not tried out."""
import random
import time

from labkit.configs import POOLED, site, upstream
from labkit.crowd import ledger
from labkit.pair import Pair, finding, labelled, taken
from labkit.registry import scenario

from .races import both, crossed, timed
from .verify_timeouts import APP, CLEAN, DOWN, UP, change

REUSED = "requests on reused upstream connections"
RACE = finding("keepalive-race", "nginx→app", "between-requests", "fin-crossing", ("uvicorn.timeout_keep_alive", 5.0))
LOOK = """`tcp.port == 8000 && tcp.flags.fin == 1` shows who closes idle pooled connections; a raced one has a RST without ACK
    right behind uvicorn's FIN (`tcp.flags.reset == 1`)."""


class Polling:
    """Pollers with an upstream pool of one connection each: the logs tell which request went out on which connection."""

    def __init__(self, world, pollers, keep=8.0, more=""):
        self.world, self.pollers, self.keep = world, pollers, keep
        world.chain("client", "nginx", "app", delays=(0.0036, 0.0128))
        self.app = world.serve("uvicorn", "app", "nginx", 8000)
        self.nginx = world.serve("nginx", "nginx", "client", 80, self.site(keep, more))

    def site(self, keep, more=""):
        pools = "".join(upstream(f"pool{n}", [APP], keepalive=1, more=f"keepalive_timeout {round(keep * 1000)}ms;")
                        for n in range(self.pollers))
        return site({f"/t{n}/": f"proxy_pass http://pool{n}/; {POOLED}" for n in range(self.pollers)}, upstreams=pools,
                    more=more)

    def poll(self, seed, turns, period, pollers=None):
        """Each sends `turns` requests; period() is asked for the pause after an answer. POSTs every second one."""
        chance, zero = random.Random(seed), time.time() + 0.3
        begins = [chance.uniform(0, 5) for _ in range(pollers or self.pollers)]
        pauses = [[period(chance) for _ in range(turns)] for _ in begins]

        def one(number):
            time.sleep(max(0.0, zero + begins[number] - time.time()))
            client = self.world.connect("client", self.nginx.address)
            client.statuses = []
            for turn in range(turns):
                method = "POST" if number % 2 else "GET"
                client.request(f"/t{number}/hello", method, b"tick" if method == "POST" else b"")
                client.statuses.append(client.response())
                time.sleep(0.3 if turn == turns - 1 else pauses[number][turn])
            client.close()
            return client

        return self.world.parallel(one, range(len(begins)))

    def tell(self, side, clients, app, server=5.0, end="server"):
        """Truth of each pooled connection. `end`: who closed those that were not raced (server, client, nobody)."""
        logged = {line["id"]: line for line in self.nginx.access()}
        with labelled(self.world, side):
            for client in clients:
                down = self.world.truth.client_leg(client, DOWN, **{**CLEAN, "status": client.statuses[-1]})
                for leg in ledger(app, client, logged):
                    made = self.world.truth.upstream_leg(
                        leg["line"], UP, ids=leg["ids"], exchanges=len(leg["ids"]), **self.fields(leg, server, end),
                        instance=f"{leg['line']['peer']} {leg['ids'][0]}")
                    made.wire = {**made.wire, "exposed": len(leg["ids"]) - 1}
                    self.world.truth.mention(down, made)

    def fields(self, leg, server, end):
        idle = dict(phase="between-requests", owed="nothing", flag="FIN")
        if leg["failed"]:
            return dict(idle, cls=["keepalive-race"], variant="fin-crossing", severity="problem", closer="server",
                        timer=("uvicorn.timeout_keep_alive", server),
                        wire={"closes": False, "gap": None, "test": both(crossed, timed(server))})
        if end == "nobody":
            return dict(cls=["open"], closer="none", status=200)
        if end == "client":
            return dict(idle, cls=["idle-timeout"], severity="ok", closer="client", status=200,
                        timer=("nginx.upstream.keepalive_timeout", self.keep))
        return dict(idle, cls=["idle-timeout"], severity="latent", closer="server", status=200,
                    timer=("uvicorn.timeout_keep_alive", server))

    def restart_app(self, *options):
        self.app.stop()
        return self.world.serve("uvicorn", "app", "nginx", 8000, *options)


def near_five(chance):
    """The moment of uvicorn's close, give or take what a poller's loop adds."""
    return 5.0 + chance.uniform(-0.06, 0.03)


def mixed(chance):
    return chance.choice((near_five(chance), near_five(chance), chance.uniform(0.6, 3.1)))


def settings(world, **values):
    for name, seconds in values.items():
        component, _, setting = name.partition("__")
        world.setting(component, setting.replace("_upstream", "upstream "), seconds)


@scenario(
    "verify-keepalive-order-app", "Fixed: uvicorn's keep-alive raised above nginx's",
    """nginx closes idle upstream connections after 8 s, uvicorn after 5 s: pollers that come every 5 s or so race with
    uvicorn's close. Before: 20 pollers, 4 requests each. Then uvicorn is restarted with `--timeout-keep-alive 12`. After:
    20 pollers, 6 requests each at the same pace, and nginx closes every idle connection itself.""", LOOK, seconds=85)
def order_app(world):
    polling = Polling(world, 20)
    settings(world, uvicorn__timeout_keep_alive=5, nginx__upstream_keepalive_timeout=8)
    with taken(world, "before", settle=6):
        first = polling.poll(31, 4, near_five)
    again = polling.restart_app("--timeout-keep-alive", "12")
    world.setting("uvicorn", "timeout_keep_alive (after)", 12)
    with taken(world, "after", settle=9):
        second = polling.poll(32, 6, near_five)
    polling.tell("before", first, polling.app)
    polling.tell("after", second, again, end="client")
    Pair(world, "uvicorn `--timeout-keep-alive` 5 s → 12 s (restarted); nginx's upstream `keepalive_timeout` stays 8 s",
         "fixed", "100 reuses at the pace that raced, no race, and nginx closes first now (8.0 s, 20 times): a race with "
         "uvicorn's timer is impossible.", REUSED, change(12.0, "uvicorn", "timeout_keep_alive", 5.0), RACE, None)


@scenario(
    "verify-keepalive-order-proxy", "Fixed: nginx's upstream keepalive_timeout lowered below uvicorn's",
    """nginx keeps idle upstream connections for 60 s, uvicorn for 5 s. Before: 16 pollers, 5 requests each, some every 5 s,
    some sooner. Then nginx's upstream `keepalive_timeout` is set to 3.6 s and nginx reloaded. After: 16 pollers, 14 requests
    each at the same pace; what would have come near 5 s finds a connection that nginx has closed.""", LOOK, seconds=110)
def order_proxy(world):
    polling = Polling(world, 16, keep=60)
    settings(world, uvicorn__timeout_keep_alive=5, nginx__upstream_keepalive_timeout=60)
    world.setting("nginx", "upstream keepalive_timeout (after)", 3.6)
    with taken(world, "before", settle=6):
        first = polling.poll(33, 5, mixed)
    polling.keep = 3.6
    polling.nginx.reconfigure(polling.site(3.6))
    with taken(world, "after", settle=4.5):
        second = polling.poll(34, 14, mixed)
    polling.tell("before", first, polling.app)
    polling.tell("after", second, polling.app, end="client")
    Pair(world, "nginx upstream `keepalive_timeout` 60 s → 3.6 s, `nginx -s reload`; uvicorn's stays 5 s", "fixed",
         "nginx closes first now, 3.6 s after the last answer, every time: a race with uvicorn's timer is impossible.",
         REUSED, change(3.6, "nginx", "upstream keepalive_timeout", 60.0), RACE, None)


@scenario(
    "verify-race-wrong-leg", "Not fixed: keepalive_timeout lowered on the client leg, the race is on the upstream leg",
    """As before `keepalive-order-app`. Then `keepalive_timeout 30s` is written into nginx's server block, where it is about the
    clients' connections. After: their requests race with uvicorn as before.""", LOOK,
    seconds=75)
def wrong_leg(world):
    polling = Polling(world, 20)
    settings(world, uvicorn__timeout_keep_alive=5, nginx__upstream_keepalive_timeout=8, nginx__keepalive_timeout=75)
    with taken(world, "before", settle=6):
        first = polling.poll(35, 4, near_five)
    polling.nginx.reconfigure(polling.site(8, "keepalive_timeout 30s;"))
    world.setting("nginx", "keepalive_timeout (after)", 30)
    with taken(world, "after", settle=6):
        second = polling.poll(36, 4, near_five)
    for side, clients in (("before", first), ("after", second)):
        polling.tell(side, clients, polling.app)
    Pair(world, "nginx `keepalive_timeout` (client leg) 75 s → 30 s, `nginx -s reload`", "not-fixed",
         "The race is between nginx and uvicorn; uvicorn still closes first, at 5.0 s, and requests still cross its FIN.",
         REUSED, change(30.0, "nginx", "keepalive_timeout", 75.0), RACE, RACE)


@scenario(
    "verify-race-too-short", "Inconclusive: the fix was made, the capture after it is too short",
    """Before: 20 pollers whose pauses spread over half a second around uvicorn's 5 s, so that few requests race. Then uvicorn is
    restarted with `--timeout-keep-alive 12`. After: two pollers, three requests each, and the capture stops before any idle
    connection is closed by anybody.""", LOOK, seconds=60)
def too_short(world):
    short(world, 37, ("--timeout-keep-alive", "12"), near_five)
    Pair(world, "uvicorn `--timeout-keep-alive` 5 s → 12 s (restarted)", "inconclusive",
         "Four reuses without a race are what the old rate would give more often than not, and nobody was seen to close.",
         REUSED, change(12.0, "uvicorn", "timeout_keep_alive", 5.0), RACE, None)


@scenario(
    "verify-race-too-short-unfixed", "Inconclusive: nothing was fixed, and the capture is too short to show it",
    """As `race-too-short`, but the change is nginx's `proxy_socket_keepalive on`, which has nothing to do with it. The few
    requests in the second capture come a little sooner and stay clear of uvicorn's close.""", LOOK, seconds=60)
def too_short_unfixed(world):
    short(world, 39, None, lambda chance: chance.uniform(3.9, 4.7))
    Pair(world, "nginx `proxy_socket_keepalive off → on`, `nginx -s reload`", "inconclusive",
         "Four reuses without a race are what the old rate would give more often than not; the order of the timers is as "
         "it was.", REUSED, {"component": "nginx", "setting": "proxy_socket_keepalive", "before": None, "after": None},
         RACE, None)


def short(world, seed, options, pace):
    polling = Polling(world, 20)
    settings(world, uvicorn__timeout_keep_alive=5, nginx__upstream_keepalive_timeout=8)
    with taken(world, "before", settle=6):
        first = polling.poll(seed, 5, lambda chance: chance.uniform(4.6, 5.05))
    again = polling.app
    if options:
        again = polling.restart_app(*options)
        world.setting("uvicorn", "timeout_keep_alive (after)", 12)
    else:
        polling.nginx.reconfigure(polling.site(8, "proxy_socket_keepalive on;"))
    with taken(world, "after", settle=0.1):
        second = polling.poll(seed + 1, 3, pace, pollers=2)
    polling.tell("before", first, polling.app)
    polling.tell("after", second, again, end="nobody")
