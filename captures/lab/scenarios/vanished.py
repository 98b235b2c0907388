"""Clients that vanish without a FIN."""
import time

from labkit.configs import to
from labkit.registry import scenario

from .basics import three_tier
from .client_aborts import download
from .incidents import healthy
from .tls import idle

APP = "10.77.2.3:8000"


@scenario(
    "vanished-client", "Clients vanish without a FIN: nginx talks to nobody for a minute",
    """Two clients start a slow download and one has finished its request when they vanish (the path swallows every
    packet of theirs from that moment, as when a phone leaves its network). nginx retransmits into the void; it has no
    way to know. For the idle one nginx's `keepalive_timeout` (12.7 s here) fires: its FIN is retransmitted without an
    answer. A fourth client of the same moment is healthy.""",
    """`tcp.analysis.retransmission` shows the same range again and again with growing intervals and no packet from the
    client; for the idle one it is the FIN that is repeated. No RST, no FIN from the client anywhere in those
    streams.""", seconds=75)
def vanished_client(world):
    nginx, app = three_tier(world, {"/": to(APP, "proxy_buffering off;")}, app="scripted", more="keepalive_timeout 12700ms;")
    world.setting("nginx", "keepalive_timeout", 12.7)
    world.capture("nginx")
    vanish = {}

    def download(number):
        client = world.connect("client", nginx.address)
        client.request("/slow/24000/1000/0.2")
        while len(client.buffer) < 6000 + 3000 * number:
            client.receive()
        vanish[client] = world.path.blackhole("client-nginx", client.name, port=client.local[1])
        return client

    def idle(_):
        client = world.connect("client", nginx.address)
        client.get("/hello")
        time.sleep(1.3)
        vanish[client] = world.path.blackhole("client-nginx", client.name, port=client.local[1])
        return client

    def healthy(_):
        client = world.connect("client", nginx.address)
        client.get("/slow/8000/1000/0.2")
        client.close()
        return client

    jobs = [(download, 0), (download, 1), (idle, 0), (healthy, 0)]
    *downloads, sleeper, well = world.parallel(lambda job: job[0](job[1]), jobs)
    time.sleep(62)
    vanished_truth(world, app, downloads, sleeper, well)


def vanished_truth(world, app, downloads, sleeper, well):
    for client in downloads:
        down = world.truth.client_leg(
            client, ("client", "nginx"), cls=["half-open-zombie"], variant="vanished", severity="problem",
            phase="mid-response", owed="rest-of-response", closer="none", status=200, instance=client.ids[0],
            wire={"test": repeats(3)})
        up = world.truth.upstream_leg(app.request(client.ids[0]), ("nginx", "app"), cls=["clean"], owed="nothing",
                                      status=200, instance=client.ids[0])
        world.truth.link(down, up)
    down = world.truth.client_leg(
        sleeper, ("client", "nginx"), cls=["half-open-zombie"], variant="vanished", severity="problem",
        phase="between-requests", owed="nothing", closer="server", flag="FIN", instance="idle",
        timer=("nginx.keepalive_timeout", 12.7), wire={"test": repeats(3)})
    world.truth.link(down, world.truth.upstream_leg(app.request(sleeper.ids[0]), ("nginx", "app"), cls=["clean"],
                                                    owed="nothing", status=200))
    down = world.truth.client_leg(well, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client", flag="FIN")
    world.truth.link(down, world.truth.upstream_leg(app.request(well.ids[0]), ("nginx", "app"), cls=["clean"],
                                                    owed="nothing", status=200))


def repeats(count):
    """The same range (or FIN) came at least that often again, and nothing from the client after the first."""
    def test(flow):
        again = [p for p in flow.by("server") if p.retransmission or (p.fin and p.frame != flow.first_close().frame)]
        if len(again) < count:
            return f"only {len(again)} repeats"
        late = [p for p in flow.by("client") if p.t > again[0].t]
        return f"frame {late[0].frame}: the client lives" if late else None
    return test
