"""Captures that began late or ended early."""
import time

from labkit import netns
from labkit.configs import POOLED, upstream
from labkit.registry import scenario

from .basics import three_tier
from .forms import both_legs
from .races import answered

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")
CLEAN = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
LEFT = dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response", closer="client")


@scenario(
    "started-late", "The capture began when everything was already under way",
    """Connections were opened (and used) before tcpdump started. What it still saw: a request and a client that leaves; the
    second half of a wait that ends in 504 (`proxy_read_timeout` 9.6 s); a complete last exchange and a good end; nginx's
    `keepalive_timeout` (8.1 s) on connections of which nothing but the close is seen; a keep-alive race on a pooled
    connection (uvicorn's 5 s).""",
    """`tcp.flags.syn == 1` finds only the connections that began later. In the streams that start with a FIN nobody can
    know what came before.""", seconds=25)
def started_late(world):
    upstreams = upstream("pool", [APP], keepalive=1)
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_read_timeout 9600ms;",
                                    "/pooled/": f"proxy_pass http://pool/; {POOLED}"},
                            delays=(0.0031, 0.0147), upstreams=upstreams, more="keepalive_timeout 8100ms;")
    world.setting("nginx", "keepalive_timeout", 8.1)
    world.setting("nginx", "proxy_read_timeout", 9.6)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    idle = [world.connect("client", nginx.address) for _ in range(2)]
    good, leaver, waiting, racer = (world.connect("client", nginx.address) for _ in range(4))
    for client in (*idle, good, leaver):
        client.get("/hello")
    waiting.request("/sleep/14")
    time.sleep(0.6)
    racer.get("/pooled/hello")
    left = answered(app, racer, time.time())
    time.sleep(0.5)
    world.capture("nginx")
    time.sleep(0.5)
    good.status = leaver.status = None
    good.get("/bytes/2000")
    good.close()
    leaver.request("/sleep/14")
    time.sleep(1.4)
    leaver.close()
    time.sleep(max(0, left + 5.001 - 0.0031 - time.time()))
    racer.request("/pooled/hello", "POST", b"x=1")
    racer.response()
    racer.close()
    waiting.response()
    waiting.close()
    time.sleep(6)
    late_truth(world, app, idle, good, leaver, waiting, racer)


def late_truth(world, app, idle, good, leaver, waiting, racer):
    for client in idle:
        world.truth.client_leg(client, DOWN, cls=["unclassified", "idle-timeout"], severity=None, closer="server", flag="FIN",
                               exchanges=0, status=None)
    both_legs(world, app, good, CLEAN, exchanges=1, ids=good.ids[1:])
    both_legs(world, app, leaver, dict(LEFT, flag="FIN"), dict(LEFT, flag="FIN", variant="propagated", status=None),
              cause="down", exchanges=1, ids=leaver.ids[1:])
    # Of these two the request was not seen, of the upstream one nothing but nginx's FIN.
    down = world.truth.client_leg(waiting, DOWN, cls=["clean"], closer="client", flag="FIN", exchanges=0)
    up = world.truth.upstream_leg(app.request(waiting.ids[0]), UP, cls=["unclassified", "idle-timeout"], severity=None,
                                  closer="client", flag="FIN", exchanges=0)
    world.truth.link(down, up)
    assert racer.status == 502
    down = world.truth.client_leg(racer, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN", exchanges=1,
                                  ids=racer.ids[1:])
    up = world.truth.upstream_leg(
        app.request(racer.ids[0]), UP, cls=["keepalive-race"], variant="fin-crossing", severity="problem",
        phase="between-requests", closer="server", flag="FIN", exchanges=1, ids=racer.ids[1:],
        wire={"closes": False})
    world.truth.link(down, up)


@scenario(
    "stopped-early", "The capture ends in the middle of things",
    """tcpdump was stopped while: two sessions were idle between requests, one request was waiting, one download was under
    way, a client had vanished 0.3 s before (one retransmission so far), a SYN into nowhere was 1.4 s old. All of them are
    open as far as anybody can tell from this file; two earlier sessions are complete.""",
    """Go to the end of the file: unanswered segments there prove nothing.""", seconds=15)
def stopped_early(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_buffering off;"}, app="scripted")
    world.add_address(world.hosts["client"], "nginx", "10.77.1.77")
    world.capture("nginx")
    done = [world.connect("client", nginx.address) for _ in range(2)]
    for client in done:
        client.get("/hello")
        client.close()
    idle = [world.connect("client", nginx.address) for _ in range(2)]
    for client in idle:
        client.get("/hello")
    time.sleep(1.7)
    waiting, loading, gone = (world.connect("client", nginx.address) for _ in range(3))
    waiting.request("/deaf", "POST", b"x")
    loading.request("/slow/20000/500/0.2")
    gone.request("/slow/20000/500/0.2")
    time.sleep(2)
    netns.sh("ip", "netns", "exec", world.hosts["nginx"].ns, "iptables", "-A", "INPUT", "-p", "tcp", "--dport", "82",
             "-j", "DROP")
    lost = world.connect("client", (nginx.address[0], 82), wait=False)
    time.sleep(1.1)
    world.path.blackhole("client-nginx", "gone", port=gone.local[1])
    time.sleep(0.3)
    world.stop_captures()
    for client in done:
        both_legs(world, app, client, CLEAN)
    for client in idle:
        both_legs(world, app, client, dict(cls=["open"], closer="none", owed="nothing"))
    both_legs(world, app, waiting, dict(cls=["open"], closer="none", owed="response"),
              dict(cls=["open"], closer="none", owed="response", status=None))
    for client in (loading, gone):
        both_legs(world, app, client, dict(cls=["open"], closer="none", owed="rest-of-response", status=200),
                  dict(cls=["open"], closer="none", owed="rest-of-response"))
    world.truth.client_leg(lost, DOWN, cls=["open"], closer="none", severity="ok")
