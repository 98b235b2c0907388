"""Forgotten connections: by a host that was restarted, by a firewall with a short memory."""
import time

from labkit import netns
from labkit.configs import POOLED, site, upstream
from labkit.registry import scenario

from .basics import three_tier
from .incidents import later

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


def forgotten_truth(world, app, again, client):
    assert client.status == (502 if client.method == "POST" else 200), client.status
    down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                  instance=client.ids[0])
    up = world.truth.upstream_leg(
        app.request(client.ids[0]), UP, cls=["half-open-zombie"], variant="forgotten", severity="problem",
        phase=["awaiting-response", "between-requests"], owed=None, closer="server", flag="RST",
        ids=list(client.ids), exchanges=2,
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
            phase=["awaiting-response", "between-requests"], owed=None, closer="middlebox", flag="RST",
            ids=list(client.ids), exchanges=2,
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
