"""The same port again, the same connection under two names, the other IP version."""
import time

from labkit import netns
from labkit.configs import site
from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "port-reuse", "Four connections, one after the other, with the same ports at both ends",
    """A client uses one local port (43000) for everything: a session that the server ends (Connection: close), a wait that
    ends in 504 after `proxy_read_timeout` 4.7 s, an abort with RST, and another good session. Four connections, four
    different ends, one 4-tuple.""",
    """`tcp.port == 43000`: four SYNs with four sequence numbers (`tcp.analysis.reused_ports`), four values of
    `tcp.stream`.""", seconds=20)
def port_reuse(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_read_timeout 4700ms;"})
    world.setting("nginx", "proxy_read_timeout", 4.7)
    world.capture("nginx")
    source = ("10.77.1.2", 43000)
    sessions = []
    for turn in range(4):
        client = world.connect("client", nginx.address, source=source)
        sessions.append(client)
        if turn == 0:
            client.get("/hello", headers=["Connection: close"])
        elif turn == 1:
            assert client.get("/sleep/9", headers=["Connection: close"]) == 504
        elif turn == 2:
            client.request("/sleep/9")
            time.sleep(1.7)
            client.abort()
        else:
            client.get("/hello", headers=["Connection: close"])
        if turn != 2:
            client.wait_close()
            client.close()
        time.sleep(1.9)
    time.sleep(5)
    for turn, client in enumerate(sessions):
        line = app.request(client.ids[0])
        if turn == 2:
            left = dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response", closer="client")
            down = world.truth.client_leg(client, DOWN, flag="RST", **left)
            world.truth.link(down, world.truth.upstream_leg(line, UP, variant="propagated", flag="FIN", **left), cause="down")
            continue
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="server", flag="FIN")
        up = dict(cls=["clean"], owed="nothing", status=200) if turn != 1 else dict(
            cls=["idle-timeout"], severity="problem", phase="awaiting-response", owed="response", closer="client",
            flag="FIN", timer=("nginx.proxy_read_timeout", 4.7))
        world.truth.link(down, world.truth.upstream_leg(line, UP, **up))


def masquerade(world, delays=(0.0038, 0.0017, 0.0021)):
    """client — nat (a router that hides the client behind its own address) — nginx — application."""
    world.link("client", "nat", delays[0])
    world.link("nat", "nginx", delays[1])
    world.link("nginx", "app", delays[2])
    world.start_relay()
    inside = world.hosts["nat"].ns
    netns.sh("ip", "-n", world.hosts["client"].ns, "route", "add", "default", "via", "10.77.1.3")
    netns.sh("ip", "netns", "exec", inside, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    netns.sh("ip", "netns", "exec", inside, "iptables", "-t", "nat", "-A", "POSTROUTING", "-o", "to-nginx",
             "-j", "MASQUERADE")
    return inside


@scenario(
    "nat-twins", "Taken on a NAT router: every connection is there twice, under two names",
    """A router hides the clients behind its own address. Captured on it with `-i any`, each connection shows up as
    client → nginx and as router → nginx, with the same sequence numbers. Two clients finish in good order, two leave while
    they wait, one is cut by nginx's `keepalive_timeout` (7.3 s). The second names come from the router's own table
    (`conntrack -L`).""",
    """`ip.addr == 10.77.1.2` and `ip.addr == 10.77.2.2` show the same packets (`tcp.seq_raw` is equal) with a TTL one
    lower.""", seconds=20)
def nat_twins(world):
    inside = masquerade(world)
    app = world.serve("uvicorn", "app", "nginx", 8000)
    nginx = world.serve("nginx", "nginx", "nat", 80, site({"/": "proxy_pass http://10.77.3.3:8000;"},
                                                          more="keepalive_timeout 7300ms;"))
    world.setting("nginx", "keepalive_timeout", 7.3)
    world.capture("nat")
    world.capture("nginx", view="at-nginx")

    def job(number):
        time.sleep(0.4 * number)
        client = world.connect("client", nginx.address)
        client.request("/sleep/9" if number in (2, 3) else "/bytes/4000")
        if number in (2, 3):
            time.sleep(1.9)
        else:
            client.response()
        if number == 4:
            client.wait_close()
        client.close()
        return client

    clients = world.parallel(job, range(5))
    table = netns.sh("ip", "netns", "exec", inside, "conntrack", "-L", "-p", "tcp", check=False)
    time.sleep(1)
    for number, client in enumerate(clients):
        fields = (dict(cls=["clean"], owed="nothing", closer="client", flag="FIN"),
                  dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response",
                       closer="client", flag="FIN"),
                  dict(cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing", closer="server",
                       flag="FIN", timer=("nginx.keepalive_timeout", 7.3)))[(0, 0, 1, 1, 2)[number]]
        inner = world.truth.client_leg(client, ("client", "nat"), leg="client→nginx", **fields)
        outer = world.truth.client_leg(client, ("nat", "nginx"), leg="client→nginx (behind NAT)",
                                       client=outer_name(table, client), **fields)
        world.truth.twins(inner, outer)
        up = dict(cls=["clean"], owed="nothing", status=200) if number not in (2, 3) else \
            {**fields, "variant": "propagated"}
        leg = world.truth.upstream_leg(app.request(client.ids[0]), UP, **up)
        world.truth.link(inner, leg)
        world.truth.link(outer, leg, cause="down" if number in (2, 3) else None)


def outer_name(table, client):
    """The router's reply tuple: what it answers to on behalf of this client."""
    for line in table.splitlines():
        words = dict(word.split("=", 1) for word in reversed(line.split()) if "=" in word)
        if f"sport={client.local[1]} " in line and words["src"] == client.local[0]:
            reply = dict(word.split("=", 1) for word in line.split() if "=" in word)
            return f"{reply['dst']}:{reply['dport']}"
    raise RuntimeError(f"{client.name} is not in the router's table")


@scenario(
    "ipv6", "The main cases over IPv6",
    """The same chain on fd77:: addresses: good sessions, a 504 after `proxy_read_timeout` 7.3 s, clients that leave while
    they wait, uvicorn closing idle pooled connections after 5 s.""",
    """`ipv6 && tcp.flags.fin == 1`; nothing about the ends differs from IPv4.""", seconds=20)
def ipv6(world):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021), ipv6=True)
    app = world.serve("uvicorn", "app", "nginx", 8000)
    server = "[fd77::2:3]:8000"
    nginx = world.serve("nginx", "nginx", "client", 80, site(
        {"/": f"proxy_pass http://{server}; proxy_read_timeout 7300ms;",
         "/pooled/": "proxy_pass http://pool/; proxy_http_version 1.1; proxy_set_header Connection '';"},
        listen="[::]:80", upstreams=f"upstream pool {{ server {server}; keepalive 4; }}\n"))
    world.setting("nginx", "proxy_read_timeout", 7.3)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.capture("nginx")

    def job(number):
        time.sleep(0.3 * number)
        client = world.connect("client", nginx.address)
        client.request(("/hello", "/sleep/11", "/sleep/11", "/pooled/sleep/2.2")[number % 4])
        if number % 4 == 2:
            time.sleep(2.3)
        else:
            client.response()
        client.close()
        return client

    clients = world.parallel(job, range(8))
    time.sleep(6)
    for number, client in enumerate(clients):
        kind, cause = number % 4, None
        down = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
        waiting = dict(severity="problem", phase="awaiting-response", owed="response", closer="client", flag="FIN")
        if kind == 0:
            up = dict(cls=["clean"], owed="nothing", status=200)
        elif kind == 1:
            up = dict(cls=["idle-timeout"], timer=("nginx.proxy_read_timeout", 7.3), **waiting)
        elif kind == 2:
            down, cause = dict(cls=["client-abort"], **waiting), "down"
            up = dict(cls=["client-abort"], variant="propagated", **waiting)
        else:
            up = dict(cls=["idle-timeout"], severity="latent", phase="between-requests", owed="nothing", closer="server",
                      flag="FIN", timer=("uvicorn.timeout_keep_alive", 5.0), status=200)
        leg = world.truth.client_leg(client, DOWN, **down)
        world.truth.link(leg, world.truth.upstream_leg(app.request(client.ids[0]), UP, **up), cause=cause)
