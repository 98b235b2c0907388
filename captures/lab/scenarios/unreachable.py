"""SYNs that are answered by an ICMP error: a firewall that rejects, a router that has no way."""
import time

from labkit import netns
from labkit.configs import site
from labkit.registry import scenario

from .connecting import PINNED, pinned

DOWN, UP = ("client", "nginx"), ("nginx", "app")
APP = "10.77.3.3"
REJECTED = {8001: "icmp-port-unreachable", 8002: "icmp-admin-prohibited", 8003: "tcp-reset"}
CUT = 8004      # from some moment on rejected in the middle of connections


def routed(world):
    """client — nginx — gateway (a router with a firewall) — application."""
    world.link("client", "nginx", 0.0043)
    world.link("nginx", "gateway", 0.0016)
    world.link("gateway", "app", 0.0028)
    world.start_relay()
    netns.sh("ip", "-n", world.hosts["nginx"].ns, "route", "add", "10.77.3.0/24", "via", "10.77.2.3")
    netns.sh("ip", "-n", world.hosts["nginx"].ns, "route", "add", "10.77.99.0/24", "via", "10.77.2.3")
    netns.sh("ip", "-n", world.hosts["app"].ns, "route", "add", "10.77.2.0/24", "via", "10.77.3.2")
    gateway(world, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0")
    for port, how in REJECTED.items():
        reject(world, port, how)


def gateway(world, *argv):
    return netns.sh("ip", "netns", "exec", world.hosts["gateway"].ns, *argv)


def reject(world, port, how, change="-A"):
    gateway(world, "iptables", change, "FORWARD", "-p", "tcp", "--dport", str(port), "-j", "REJECT", "--reject-with", how)


@scenario(
    "unreachable", "A SYN is answered by an ICMP error: rejected by a firewall, no such host, no route",
    """Behind nginx stands a router with a firewall. It rejects one port with "port unreachable", one with
    "administratively prohibited", and one with a TCP reset. A host behind it does not exist (nobody answers the router's
    ARP, "host unreachable" after some seconds of repeated SYNs), and of one network it has no route ("network
    unreachable"). nginx answers 502 to all of them. Near misses: two connections are established and idle when the
    firewall begins to reject their port; the ICMP error about their next packet ends neither, and when the rule is lifted
    the answer comes.""",
    """`icmp.type == 3`: each quotes the SYN that it answers, and the request's client leg has a 502 right behind it. In the
    streams of port 8004 the error quotes a segment with payload, which is sent again and answered.""", seconds=25)
def unreachable(world):
    routed(world)
    world.serve("scripted", "app", "gateway", CUT)
    targets = {"/port/": f"{APP}:8001", "/admin/": f"{APP}:8002", "/reset/": f"{APP}:8003", "/host/": "10.77.3.77:8000",
               "/net/": "10.77.99.9:8000", "/cut/": f"{APP}:{CUT}"}
    nginx = world.serve("nginx", "nginx", "client", 80, site(
        {place: f"proxy_pass http://{target}/; {PINNED} proxy_connect_timeout 20s;" for place, target in targets.items()}))
    world.capture("nginx")
    places = [*list(targets)[:5], *list(targets)[:5]]

    def ask(number):
        time.sleep(0.45 * number)
        client = world.connect("client", nginx.address)
        client.request(f"{places[number]}hello", headers=pinned(client, 40700 + number))
        client.response()
        time.sleep(0.2)
        client.close()
        return client

    for number, client in enumerate(world.parallel(ask, range(len(places)))):
        assert client.status == 502, f"{places[number]}: {client.status}"
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
        name = f"10.77.2.2:{40700 + number}"
        common = dict(client=name, server=targets[places[number]], leg="nginx→app", hosts=("nginx", "gateway"),
                      start=client.sent[0], ids=list(client.ids), cls=["refused"], severity="problem", phase="connecting")
        if places[number] == "/reset/":
            # The router's reset has the application's address: at nginx it is the application that refused.
            up = world.truth.add(closer="server", flag="RST", **common)
        else:
            up = world.truth.add(variant="unreachable", closer="middlebox", wire={"closes": False}, **common)
        world.truth.link(down, up)
    cut_short(world)


def cut_short(world):
    """Established connections straight from nginx's host, as a health check of its own might hold them."""
    clients = [world.connect("nginx", (APP, CUT)) for _ in range(2)]
    for client in clients:
        assert client.get("/hello") == 200
    time.sleep(0.8)
    reject(world, CUT, "icmp-host-prohibited")
    for client in clients:
        client.request("/hello")
    time.sleep(0.35)
    reject(world, CUT, "icmp-host-prohibited", "-D")
    for client in clients:
        assert client.response() == 200
        client.close()
        world.truth.client_leg(client, ("nginx", "gateway"), leg="nginx→app", cls=["clean"], owed="nothing",
                               closer="client", flag="FIN")
