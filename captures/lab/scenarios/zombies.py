"""Half-open zombies: forgotten, half-closed on either side, dead keep-alive probes. And what only looks like one."""
import time

from labkit import netns
from labkit.configs import POOLED, site, upstream
from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


def upstream_pool(world, nginx, app, count, **more):
    """One pooled upstream connection per location /N/, each used once. Returns the clients."""
    clients = []
    for number in range(count):
        client = world.connect("client", nginx.address)
        client.get(f"/{number}/hello")
        clients.append(client)
        time.sleep(0.11)
    return clients


def pools(count, server):
    upstreams = "".join(upstream(f"pool{n}", [server], keepalive=1) for n in range(count))
    return upstreams, {f"/{n}/": f"proxy_pass http://pool{n}/; {POOLED}" for n in range(count)}


@scenario(
    "forgotten-app", "The application host lost its connections without a word; nginx's pool still has them",
    """Four pooled connections are idle when the application's host is cut off (the path swallows its packets), its process
    is killed and started again, as after a power cut. 6 s later the path works again. nginx sends a request on each
    pooled connection: the host has never heard of it and answers with a stateless RST. GETs are retried on a new
    connection, POSTs end in 502.""",
    """`tcp.flags.reset == 1 && tcp.srcport == 8000`: RST without ACK flag, right after a request, and no FIN from that side
    before it.""", seconds=20)
def forgotten_app(world):
    upstreams, locations = pools(4, APP)
    nginx, app = three_tier(world, locations, upstreams=upstreams, delays=(0.0043, 0.0046), app="scripted")
    world.setting("nginx", "upstream keepalive_timeout", 60, default=True)
    world.capture("nginx")
    clients = upstream_pool(world, nginx, app, 4)
    time.sleep(1)
    world.path.blackhole("nginx-app", "cut")
    app.kill()
    again = world.serve("scripted", "app", "nginx", 8000)
    time.sleep(6)
    # The killed process's FINs must be given up before the path works again, or they would arrive late.
    netns.sh("ip", "netns", "exec", world.hosts["app"].ns, "ss", "-K", "state", "fin-wait-1", check=False)
    time.sleep(0.5)
    world.path.lift("cut")
    for number, client in enumerate(clients):
        client.method = "POST" if number % 2 else "GET"
        client.request(f"/{number}/hello", client.method, b"x=1" if number % 2 else b"")
        client.response()
        client.close()
        time.sleep(0.3)
    for client in clients:
        forgotten_truth(world, app, again, client)


def forgotten_truth(world, app, again, client, owed="response"):
    assert client.status == (502 if client.method == "POST" else 200), client.status
    down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                  instance=client.ids[0])
    up = world.truth.upstream_leg(
        app.request(client.ids[0]), UP, cls=["half-open-zombie"], variant="forgotten", severity="problem",
        phase="awaiting-response", owed=owed, closer="server", flag="RST", ids=list(client.ids), exchanges=2,
        instance=client.ids[0])
    world.truth.link(down, up)
    if client.method == "GET":
        retry = world.truth.upstream_leg(again.request(client.ids[1]), UP, cls=["open"], closer="none", status=200,
                                         instance=client.ids[0])
        world.truth.link(down, retry)


@scenario(
    "forgotten-nat", "A firewall between nginx and the application forgets idle connections and resets what comes after",
    """Between nginx and the application stands a stateful firewall (Linux conntrack, as routers and NAT boxes have it)
    whose memory of established connections is 7 s. Five pooled connections are idle for 9 to 13 s; the first packet
    after that is answered by the firewall with a RST, without asking the application, which still believes in its
    connection.""",
    """At nginx: the RST comes back faster than the path's round trip and with another TTL (`ip.ttl`) than the
    application's packets. At the application (`forgotten-nat-at-app`): nothing at all arrives; the connections stay
    open.""", seconds=25)
def forgotten_nat(world):
    upstreams, locations = pools(5, "10.77.3.3:8000")
    nginx, app = firewall_chain(world, locations, upstreams)
    world.setting("firewall", "conntrack established", 7)
    world.setting("nginx", "upstream keepalive_timeout", 60, default=True)
    world.capture("nginx")
    world.capture("app", view="at-app")
    clients = upstream_pool(world, nginx, app, 5)

    def later(number):
        time.sleep((9.1, 10.3, 10.9, 12.2, 13.4)[number])
        client = clients[number]
        client.method = "POST" if number % 2 else "GET"
        client.request(f"/{number}/hello", client.method, b"x=1" if number % 2 else b"")
        client.response()
        client.close()

    world.parallel(later, range(5))
    time.sleep(1)
    for client in clients:
        assert client.status == (502 if client.method == "POST" else 200), client.status
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                      instance=client.ids[0])
        line = {**app.request(client.ids[0]), "local": "10.77.3.3:8000"}
        up = world.truth.upstream_leg(
            line, ("nginx", "app"), cls=["half-open-zombie"], variant="forgotten", severity="problem",
            phase="awaiting-response", owed="response", closer="middlebox", flag="RST", ids=list(client.ids), exchanges=2,
            instance=client.ids[0], wire={"test": reset_by_nobody})
        up.views["at-app"] = {"cls": ["open"], "variant": None, "severity": "ok", "phase": None, "owed": "nothing",
                              "closer": "none", "flag": None, "exchanges": 1, "ids": client.ids[:1],
                              "status": 200, "wire": {}}
        world.truth.link(down, up)
        if client.method == "GET":
            retry = world.truth.upstream_leg({**app.request(client.ids[1]), "local": "10.77.3.3:8000"}, ("nginx", "app"),
                                             cls=["open"], closer="none", status=200, instance=client.ids[0])
            world.truth.link(down, retry)


def reset_by_nobody(flow):
    resets = [p for p in flow.by("server") if p.rst]
    if not resets:
        return "no RST came back"
    others = {p.ttl for p in flow.by("server") if not p.rst and not p.syn}
    return None if resets[0].ttl not in others else "the RST has the application's TTL"


def firewall_chain(world, locations, upstreams, seconds=7):
    """client — nginx — firewall (a real router with conntrack) — application."""
    world.link("client", "nginx", 0.0043)
    world.link("nginx", "firewall", 0.0006)
    world.link("firewall", "app", 0.0048)
    world.start_relay()
    inside = world.hosts["firewall"].ns
    netns.sh("ip", "-n", world.hosts["nginx"].ns, "route", "add", "10.77.3.0/24", "via", "10.77.2.3")
    netns.sh("ip", "-n", world.hosts["app"].ns, "route", "add", "10.77.2.0/24", "via", "10.77.3.2")
    run = lambda *argv: netns.sh("ip", "netns", "exec", inside, *argv)  # noqa: E731
    run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    run("iptables", "-A", "FORWARD", "-p", "tcp", "-m", "conntrack", "--ctstate", "INVALID",
        "-j", "REJECT", "--reject-with", "tcp-reset")
    run("sysctl", "-qw", f"net.netfilter.nf_conntrack_tcp_timeout_established={seconds}",
        "net.netfilter.nf_conntrack_tcp_loose=0")
    app = world.serve("scripted", "app", "firewall", 8000)
    nginx = world.serve("nginx", "nginx", "client", 80, site(locations, upstreams=upstreams))
    return nginx, app


@scenario(
    "half-closed", "CLOSE_WAIT leaks: one side closes in good order and the other never does",
    """Three clients finish and close; the application (direct, port 8000) never closes its sockets: CLOSE_WAIT on the
    server. Three other clients use a server that closes after its keep-alive time (4.9 s) and never close their own end:
    CLOSE_WAIT on the client. The capture goes on for more than a minute.""",
    """`tcp.flags.fin == 1`: one FIN per stream, acknowledged, and nothing after it. After 60 s the closing host forgets its
    half (FIN_WAIT2) without a packet.""", seconds=80)
def half_closed(world):
    world.chain("client", "app", delays=(0.0061,))
    app = world.serve("scripted", "app", "client", 8000)
    world.setting("scripted server", "keep-alive", 4.9)
    world.capture("app")

    def leak(number):
        time.sleep(0.9 * number)
        client = world.connect("client", app.address)
        client.get("/leak" if number < 3 else "/then/fin/4.9")
        if number < 3:
            time.sleep(0.7)
            client.socket.close()
        return client

    clients = world.parallel(leak, range(6))
    time.sleep(70)
    for number, client in enumerate(clients):
        server_leaks = number < 3
        world.truth.client_leg(
            client, ("client", "app"), cls=["half-open-zombie"], variant="half-closed", severity="problem",
            phase=["between-requests", "closing"], owed="nothing", closer="client" if server_leaks else "server",
            flag="FIN", wire={"test": one_close})


def one_close(flow):
    sides = {flow.side(p) for p in flow.closes()}
    return None if len(sides) == 1 else "both sides closed"


@scenario(
    "probed-dead", "TCP keep-alive probes find a dead peer: RST by the prober",
    """nginx listens with `so_keepalive=3s:2s:3`. Three clients finish a request and vanish (the path swallows them); nginx's
    kernel probes the idle connections, gets no answer to three probes and resets. A fourth client is as idle but alive:
    its host answers every probe, and the connection is still open at the end.""",
    """`tcp.analysis.keep_alive`: probes every 2 s without `tcp.analysis.keep_alive_ack`, then RST+ACK by the prober; the
    healthy stream has an answer for each probe.""", seconds=25)
def probed_dead(world):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    app = world.serve("scripted", "app", "nginx", 8000)
    nginx = world.serve("nginx", "nginx", "client", 80, site({"/": f"proxy_pass http://{APP};"},
                                                             listen="80 so_keepalive=3s:2s:3"))
    world.setting("nginx", "so_keepalive idle", 3)
    world.setting("nginx", "so_keepalive interval (3 probes)", 2)
    world.capture("nginx")

    def vanish(number):
        time.sleep(0.6 * number)
        client = world.connect("client", nginx.address)
        client.get("/hello")
        if number < 3:
            time.sleep(0.4)
            world.path.blackhole("client-nginx", client.name, port=client.local[1])
        return client

    clients = world.parallel(vanish, range(4))
    time.sleep(14)
    for number, client in enumerate(clients):
        if number < 3:
            down = world.truth.client_leg(
                client, DOWN, cls=["half-open-zombie"], variant="probed-dead", severity="problem",
                phase="between-requests", owed="nothing", closer="server", flag="RST")
        else:
            down = world.truth.client_leg(client, DOWN, cls=["open"], closer="none", owed="nothing")
        up = world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["clean"], owed="nothing", status=200)
        world.truth.link(down, up)


@scenario(
    "silent-but-alive", "Nothing happens for a long time: open, not a zombie",
    """Connections at the end of the capture that are only quiet: two idle between requests, one waiting for an answer that
    takes longer than the capture, one that has just sent a request whose answer is still on its way.""",
    """No FIN and no RST in these streams, and no unanswered segment that was repeated.""", seconds=30)
def silent(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"})
    world.setting("nginx", "keepalive_timeout", 75, default=True)
    world.capture("nginx")
    clients = [world.connect("client", nginx.address) for _ in range(4)]
    clients[0].get("/hello")
    clients[1].get("/bytes/3000")
    clients[2].request("/sleep/58")
    time.sleep(23)
    clients[3].request("/sleep/5")
    time.sleep(0.2)
    world.stop_captures()
    for number, client in enumerate(clients):
        waiting = number > 1
        down = world.truth.client_leg(client, DOWN, cls=["open"], closer="none",
                                      owed="response" if waiting else "nothing")
        up = world.truth.upstream_leg(
            app.request(client.ids[0]), UP, owed="response" if waiting else "nothing",
            **(dict(cls=["open"], closer="none") if waiting else dict(cls=["clean"], status=200)))
        world.truth.link(down, up)


@scenario(
    "lossy-healthy", "A bad path (loss, duplicates, reordering) and nothing wrong with anybody",
    """Between clients and nginx 3 % of the packets are lost, 1 % doubled, 3 % reordered, with jitter. Eight clients do
    three to seven downloads each and leave in good order. Retransmissions everywhere, and every verdict is "clean".""",
    """`tcp.analysis.retransmission || tcp.analysis.duplicate_ack || tcp.analysis.out_of_order` is busy; each stream still
    ends with both FINs after a whole response.""", seconds=25)
def lossy(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, app="scripted")
    world.path.set("client-nginx", loss=0.03, duplicate=0.01, reorder=0.03, jitter=0.0015)
    world.capture("nginx", interface="to-client")

    def download(number):
        time.sleep(0.17 * number)
        client = world.connect("client", nginx.address)
        for _ in range(3 + number % 5):
            client.get("/slow/2600/1300/0.02")
        client.close()
        return client

    clients = world.parallel(download, range(8))
    time.sleep(4)
    for client in clients:
        world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                               wire={"http": False})
