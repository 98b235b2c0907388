"""Before and after: heartbeats in event streams, an application that forgets to close its sockets."""
import random
import time

from labkit.configs import POOLED, site, upstream
from labkit.pair import Pair, finding, labelled, taken
from labkit.registry import scenario

from .basics import pooled_legs
from .verify_timeouts import APP, CLEAN, DOWN, UP, change
from .zombies import one_close


def listeners(world, address, count, seconds):
    """Event streams: three events, 9 s apart, and the end."""
    chance, zero = random.Random(count), time.time() + 0.3
    moments = [chance.uniform(0, seconds) for _ in range(count)]

    def one(moment):
        time.sleep(max(0.0, zero + moment - time.time()))
        client = world.connect("client", address)
        client.request("/events/3/9", headers=["Accept: text/event-stream"])
        client.whole = client.response()
        client.close()
        return client

    return world.parallel(one, moments)


@scenario(
    "verify-heartbeats-added", "Fixed: event streams that were cut after 6.4 s of silence now have heartbeats",
    """Event streams with an event every 9 s through nginx with `proxy_read_timeout` 6.4 s. Before: 20 streams, all cut in
    their first silence. Then the application is restarted with a heartbeat (a comment line every 2.1 s). After: 64 streams,
    all of which come to their end after 27 s.""",
    """Follow an upstream stream (`tcp.port == 8000`): before, nginx's FIN 6.4 s after the first `data:`; after, `: ping` every
    2.1 s and the last chunk (size 0).""", seconds=85)
def heartbeats_added(world):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    app = world.serve("uvicorn", "app", "nginx", 8000)
    nginx = world.serve("nginx", "nginx", "client", 80, site({
        "/": f"proxy_pass http://{APP}; proxy_http_version 1.1; proxy_set_header Connection ''; "
             "proxy_read_timeout 6400ms;"}))
    world.setting("nginx", "proxy_read_timeout", 6.4)
    world.setting("application", "heartbeat (after)", 2.1)
    with taken(world, "before"):
        first = listeners(world, nginx.address, 20, 10)
    app.stop()
    again = world.serve("uvicorn", "app", "nginx", 8000, heartbeat=2.1)
    with taken(world, "after"):
        second = listeners(world, nginx.address, 64, 14)
    timer = ("nginx.proxy_read_timeout.body", 6.4)
    with labelled(world, "before"):
        for client in first:
            assert client.whole is None
            cut = dict(severity="problem", phase="mid-response", owed="rest-of-response", flag="FIN", status=200,
                       timer=timer, instance=client.ids[0])
            down = world.truth.client_leg(client, DOWN, cls=["idle-timeout", "server-abort"], closer="server", **cut)
            up = world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["idle-timeout"], closer="client",
                                          wire={"exposed": 1}, **cut)
            world.truth.link(down, up, cause="up")
    with labelled(world, "after"):
        for client in second:
            assert client.whole == 200
            down = world.truth.client_leg(client, DOWN, **CLEAN)
            world.truth.link(down, world.truth.upstream_leg(again.request(client.ids[0]), UP, cls=["clean"],
                                                            owed="nothing", status=200, wire={"exposed": 1}))
    Pair(world, "the application sends a heartbeat every 2.1 s in event streams (restarted)", "fixed",
         "64 streams were open for longer than nginx's 6.4 s, none was silent for as long and none was cut.",
         "event streams open for longer than 6.4 s", change(2.1, "application", "heartbeat", None),
         finding("idle-timeout", "nginx→app", "mid-response", timer=timer), None)


@scenario(
    "verify-close-wait-closed", "Fixed: an application that never closed its end (CLOSE_WAIT) now does",
    """nginx keeps a pool of upstream connections and closes idle ones after 4.4 s. Before: the application never closes a
    socket that nginx has closed; every pooled connection stays in CLOSE_WAIT there. Then the application is replaced by a
    release that does. After: as many requests again, twice over, and every FIN is answered by a FIN.""",
    """`tcp.port == 8000 && tcp.flags.fin == 1`: before, one FIN per stream (nginx's); after, two.""", seconds=75)
def close_wait_closed(world):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    leaky = world.serve("scripted", "app", "nginx", 8000, 0, 256, "leaky")
    nginx = world.serve("nginx", "nginx", "client", 80, site(
        {"/": f"proxy_pass http://app; {POOLED}"},
        upstreams=upstream("app", [APP], keepalive=32, more="keepalive_timeout 4400ms;")))
    world.setting("nginx", "upstream keepalive_timeout", 4.4)

    def bursts(count):
        """Twelve at once, and then nothing until nginx has closed them all."""
        clients = []
        for _ in range(count):
            clients += world.parallel(one, range(12))
            time.sleep(5.2)
        return clients

    def one(number):
        client = world.connect("client", nginx.address)
        client.get("/slow/600/200/0.05")
        time.sleep(0.3 + 0.01 * number)
        client.close()
        return client

    with taken(world, "before"):
        first = bursts(3)
    leaky.kill()
    mended = world.serve("scripted", "app", "nginx", 8000)
    with taken(world, "after"):
        second = bursts(6)
    common = dict(owed="nothing", closer="client", flag="FIN")
    with labelled(world, "before"):
        downs = [world.truth.client_leg(client, DOWN, **CLEAN) for client in first]
        pooled_legs(world, leaky, downs, cls=["half-open-zombie"], variant="half-closed", severity="problem",
                    phase=["between-requests", "closing"], wire={"test": one_close, "exposed": 1}, **common)
    with labelled(world, "after"):
        downs = [world.truth.client_leg(client, DOWN, **CLEAN) for client in second]
        pooled_legs(world, mended, downs, cls=["idle-timeout"], severity="ok", phase="between-requests",
                    timer=("nginx.upstream.keepalive_timeout", 4.4), wire={"exposed": 1}, **common)
    Pair(world, "a release of the application that closes sockets which its peer has closed", "fixed",
         "nginx closed twice as many pooled connections as before and the application closed its end of each.",
         "pooled connections that nginx closed", change(None, "application", "closes its end", None),
         finding("half-open-zombie", "nginx→app", "between-requests", "half-closed"), None)
