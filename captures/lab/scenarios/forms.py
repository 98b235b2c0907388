"""Ways to take a capture: several interfaces, nanoseconds, offload, a container host, late, early, cut short."""
import time

from labkit import netns
from labkit.configs import POOLED, site, upstream
from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")
CLEAN = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
LEFT = dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response", closer="client")


def both_legs(world, app, client, down, up=None, cause=None, **more):
    """Labels of a client leg and of the leg behind it, which is clean unless something else is said."""
    leg = world.truth.client_leg(client, DOWN, **{**down, **more})
    line = app.request(client.ids[-1])
    fields = {**dict(cls=["clean"], owed="nothing", status=200), **(up or {})}
    world.truth.link(leg, world.truth.upstream_leg(line, UP, **fields), cause=cause)
    return leg


@scenario(
    "forms-everything", "One run, taken in six ways at the same time",
    """A short mixed run: three good sessions, two 504s (`proxy_read_timeout` 8.3 s), two clients that leave, two pooled
    connections closed by uvicorn after 5 s. Taken at nginx as pcapng with two interfaces, with nanoseconds, with a
    snaplen of 96; at the client; at the application; and with `-i any`.""",
    """The same streams in all of them, as far as the place can see them. The pcapng has two interface blocks
    (`frame.interface_name`).""", seconds=20)
def everything(world):
    nginx, app = three_tier(
        world, {"/": f"proxy_pass http://{APP}; proxy_read_timeout 8300ms;", "/pooled/": f"proxy_pass http://pool/; {POOLED}"},
        upstreams=upstream("pool", [APP], keepalive=4))
    world.setting("nginx", "proxy_read_timeout", 8.3)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.capture("nginx")
    world.capture("nginx", view="two-interfaces", interface=("to-client", "to-app"), ext="pcapng")
    world.capture("nginx", view="nanoseconds", interface="to-app", options=("--time-stamp-precision=nano",))
    world.capture("nginx", view="snaplen-96", options=("-s", "96"))
    world.capture("client", view="at-client", interface="to-nginx")
    world.capture("app", view="at-app", options=("-s", "128"))

    def job(number):
        time.sleep(0.25 * number)
        client = world.connect("client", nginx.address)
        path = ("/hello", "/bytes/5000", "/sleep/0.8", "/sleep/11", "/sleep/11", "/sleep/9", "/sleep/9",
                "/pooled/sleep/2.5", "/pooled/sleep/2.5")[number]
        client.request(path)
        if number in (5, 6):
            time.sleep(2.7)
        else:
            client.response()
        client.flag = "RST" if number == 6 else "FIN"
        client.abort() if number == 6 else client.close()
        return client

    clients = world.parallel(job, range(9))
    time.sleep(6)
    for number, client in enumerate(clients):
        waiting = dict(severity="problem", phase="awaiting-response", owed="response", closer="client", flag="FIN")
        if number < 3:
            both_legs(world, app, client, CLEAN)
        elif number < 5:
            both_legs(world, app, client, CLEAN,
                      dict(cls=["idle-timeout"], timer=("nginx.proxy_read_timeout", 8.3), **{**waiting, "status": None}))
        elif number < 7:
            both_legs(world, app, client, {**LEFT, "flag": client.flag},
                      dict(LEFT, flag="FIN", variant="propagated", status=None), cause="down")
        else:
            both_legs(world, app, client, CLEAN, dict(
                cls=["idle-timeout"], severity="latent", phase="between-requests", closer="server", flag="FIN",
                timer=("uvicorn.timeout_keep_alive", 5.0)))


@scenario(
    "container-host", "A container host: `-i any` sees every packet two to four times",
    """nginx and the application run as containers behind a bridge; the host forwards port 80 to nginx's container (DNAT)
    and is where the capture is taken, with `-i any`: on the outer interface, on the bridge and on both container cables.
    Three good sessions, one client that leaves, two 504s (`proxy_read_timeout` 6.2 s).""",
    """tshark marks hundreds of retransmissions (`tcp.analysis.retransmission`) which are copies: same `ip.id`, microseconds
    apart, on another interface (`sll.ifindex`). The client's connection has two names: to the host's address and to the
    container's.""", seconds=15)
def container_host(world):
    client, host = world.host("client"), world.host("host")
    world.link("client", "host", 0.0043)
    world.start_relay()
    containers(world, host)
    netns.sh("ip", "-n", client.ns, "route", "add", "default", "via", "10.77.1.3")
    app = world.serve("uvicorn", "app", "host", 8000, address="172.18.0.3")
    nginx = world.serve("nginx", "nginx", "host", 80, site(
        {"/": "proxy_pass http://172.18.0.3:8000; proxy_read_timeout 6200ms;"}), address="172.18.0.2")
    world.setting("nginx", "proxy_read_timeout", 6.2)
    world.capture("host", place="container host, -i any", sees={"client→host", "client→nginx", "nginx→app"})

    def job(number):
        time.sleep(0.3 * number)
        client = world.connect("client", ("10.77.1.3", 80))
        client.request(("/hello", "/bytes/4000", "/hello", "/sleep/9", "/sleep/9", "/sleep/9")[number])
        if number == 3:
            time.sleep(2.2)
        else:
            client.response()
        client.close()
        return client

    clients = world.parallel(job, range(6))
    time.sleep(3.5)
    for number, client in enumerate(clients):
        left = number == 3
        fields = dict(LEFT, flag="FIN") if left else dict(CLEAN)
        outer = world.truth.client_leg(client, ("client", "host"), **fields)
        inner = world.truth.client_leg(client, ("client", "nginx"), server="172.18.0.2:80", **fields)
        world.truth.twins(outer, inner)
        up = dict(cls=["clean"], owed="nothing", status=200)
        if left:
            up = dict(LEFT, flag="FIN", variant="propagated")
        elif number > 3:
            up = dict(LEFT, cls=["idle-timeout"], flag="FIN", timer=("nginx.proxy_read_timeout", 6.2))
        leg = world.truth.upstream_leg(app.request(client.ids[0]), UP, **up)
        world.truth.link(inner, leg, cause="down" if left else None)
        world.truth.link(outer, leg)


def containers(world, host):
    """Two containers on a bridge of the host, port 80 forwarded to the first, as container engines do it."""
    inside = lambda *argv: netns.sh("ip", "netns", "exec", host.ns, *argv)  # noqa: E731
    netns.sh("ip", "-n", host.ns, "link", "add", "br0", "type", "bridge")
    netns.sh("ip", "-n", host.ns, "addr", "add", "172.18.0.1/16", "dev", "br0")
    netns.sh("ip", "-n", host.ns, "link", "set", "br0", "up")
    for name, last in (("nginx", 2), ("app", 3)):
        container = world.host(name)
        netns.veth(container.ns, "eth0", host.ns, f"veth{last}")
        netns.sh("ip", "-n", host.ns, "link", "set", f"veth{last}", "master", "br0")
        netns.sh("ip", "-n", container.ns, "addr", "add", f"172.18.0.{last}/16", "dev", "eth0")
        netns.sh("ip", "-n", container.ns, "route", "add", "default", "via", "172.18.0.1")
    inside("sysctl", "-qw", "net.ipv4.ip_forward=1")
    inside("iptables", "-t", "nat", "-A", "PREROUTING", "-i", "to-client", "-p", "tcp", "--dport", "80",
           "-j", "DNAT", "--to-destination", "172.18.0.2:80")


@scenario(
    "offload", "Offload left on: super-segments larger than any packet, and checksums nobody has computed",
    """Client and nginx are joined by a cable without the relay, with segmentation offload as on a real host. Three
    downloads of 24 kB, complete, then closed by the client; one client leaves in the middle.""",
    """`tcp.len > 1460` shows segments of several packets' size; outgoing checksums are partial. Neither means anything.""",
    seconds=10)
def offload(world):
    world.cable("client", "nginx")
    world.cable("nginx", "app", 91)
    app = world.serve("scripted", "app", "nginx", 8000)
    nginx = world.serve("nginx", "nginx", "client", 80, site({"/": "proxy_pass http://10.77.91.3:8000;"}))
    world.capture("nginx", interface="to-client")
    for number in range(4):
        client = world.connect("client", nginx.address)
        if number < 3:
            assert client.get("/slow/24000/12000/0.1") == 200
            client.close()
            world.truth.client_leg(client, DOWN, **CLEAN)
        else:
            client.request("/slow/36000/12000/0.9")
            time.sleep(1.3)
            while len(client.buffer) < 12000:
                client.receive()
            client.close()
            world.truth.client_leg(client, DOWN, cls=["client-abort"], severity="problem", phase="mid-response",
                                   owed="rest-of-response", closer="client", status=200)
        time.sleep(0.3)


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
    heard = time.time()
    time.sleep(0.5)
    world.capture("nginx")
    time.sleep(0.5)
    good.status = leaver.status = None
    good.get("/bytes/2000")
    good.close()
    leaver.request("/sleep/14")
    time.sleep(1.4)
    leaver.close()
    time.sleep(max(0, heard + 5.001 - 2 * (0.0031 + 0.0147) + 0.0147 - time.time()))
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
    down = world.truth.client_leg(waiting, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN", exchanges=0)
    up = world.truth.upstream_leg(app.request(waiting.ids[0]), UP, cls=["idle-timeout", "unclassified"], severity=None,
                                  closer="client", flag="FIN", exchanges=0)
    world.truth.link(down, up)
    assert racer.status == 502
    down = world.truth.client_leg(racer, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN", exchanges=1,
                                  ids=racer.ids[1:])
    up = world.truth.upstream_leg(
        app.request(racer.ids[0]), UP, cls=["keepalive-race"], variant="fin-crossing", severity="problem",
        phase="between-requests", owed="nothing", closer="server", flag="FIN", exchanges=1, ids=racer.ids[1:],
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
