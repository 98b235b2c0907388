"""A mixed incident whose causes are all in the network, not in any server."""
import time

from labkit import crowd
from labkit.configs import POOLED, upstream
from labkit.crowd import Crowd, ledger, pooled_leg
from labkit.registry import scenario

from .forgotten import firewall_chain, reset_by_nobody
from .middlebox import FORGED, has_reset

APP = "10.77.3.3:8000"
TENANTS = 14


def met_filter(people, number):
    """Its second request holds a word that a box on the path answers with resets to both ends."""
    client = people.client(number)
    client.get("/hello")
    time.sleep(0.4)
    word = f"x-word: {number:03d}"
    people.world.path.reset_on("client-nginx", client.name, word, "both", ttl=57)
    client.status = None
    client.request("/sleep/4", headers=[word])
    client.response()
    client.close()
    client.kind = "filtered"
    return client


def scanner(people, number):
    """Knocks at closed ports."""
    client = people.world.connect("client", (people.server[0], 7000 + number), wait=False,
                                  source=("10.77.1.139", 0))
    time.sleep(0.2)
    client.close()
    client.kind = "scan"
    return client


def dead_host(people, number):
    """A download whose client vanishes: see crowd.vanisher."""
    return crowd.vanisher(people, number, "/slow/9000/500/0.1")


@scenario(
    "incident-network", "Incident: a forgetful firewall, a filter that forges resets, and a lossy path",
    """80 seconds of nginx with an application behind a firewall that forgets idle connections after 7 s: pollers every 3 s
    never notice, those every 9 to 12 s lose each second request on a pooled connection (GETs are retried in silence, POSTs
    end in 502). On the clients' side 1 % of the packets are lost; a filter resets both ends of six connections; five hosts
    vanish; somebody scans ports. And 260 ordinary sessions. Snaplen 200.""",
    """Three kinds of RST: `tcp.port == 8000 && tcp.flags.reset == 1` (the firewall's, TTL 64 instead of 63, without ACK), in
    a client's name with TTL 57 (the filter's), and RST+ACK from closed ports (the scan).""", seconds=110)
def incident_network(world):
    pools = "".join(upstream(f"tenant{n}", [APP], keepalive=1) for n in range(TENANTS))
    locations = {f"/t{n}/": f"proxy_pass http://tenant{n}/; {POOLED}" for n in range(TENANTS)}
    nginx, app = firewall_chain(world, {"/": f"proxy_pass http://{APP}; proxy_buffering off;", **locations}, pools)
    sources = [world.add_address(world.hosts["client"], "nginx", f"10.77.1.{100 + n}") for n in range(40)]
    people = Crowd(world, nginx.address, sources, 7)
    world.setting("firewall", "conntrack established", 7)
    world.setting("nginx", "upstream keepalive_timeout", 60, default=True)
    world.path.set("client-nginx", loss=0.01, jitter=0.0008)
    world.capture("nginx", options=("-s", "200"), bulk=True)
    for number in range(260):
        paths = [people.random.choice(("/hello", "/slow/2600/1300/0.05"))] * people.random.choice((1, 1, 2))
        people.at(people.random.uniform(0, 70), crowd.ordinary, number, paths, [0.3, 0.3])
    for number in range(TENANTS):
        period = 3.1 if number % 4 == 0 else 9.3 + 0.37 * number
        people.at(people.random.uniform(0, 5), crowd.tenant, number, period, 20 if number % 4 == 0 else 6,
                  "POST" if number % 2 else "GET", 0.4)
    for number in range(6):
        people.at(9 + 9.7 * number, met_filter, number)
    for number in range(5):
        people.at(5 + 6.1 * number, dead_host, number)
    for number in range(9):
        people.at(33 + 0.4 * number, scanner, number)
    clients = people.run()
    time.sleep(10)
    world.stop_captures()
    network_truth(world, nginx, app, clients)


def network_truth(world, nginx, app, clients):
    logged = {line["id"]: line for line in nginx.access()}
    crowd.label(world, [c for c in clients if c.kind is None and not hasattr(c, "statuses")], app)
    for client in clients:
        if client.kind == "filtered":
            filtered_truth(world, app, client)
        elif client.kind == "scan":
            world.truth.client_leg(client, crowd.DOWN, cls=["refused"], severity=None, phase="connecting",
                                   closer="server", flag="RST")
        elif hasattr(client, "statuses"):
            tenant_truth(world, app, client, logged)


def filtered_truth(world, app, client):
    down = world.truth.client_leg(client, crowd.DOWN, phase="awaiting-response", owed="response",
                                  wire={"test": has_reset("client", foreign=True)}, **FORGED)
    world.truth.link(down, world.truth.upstream_leg(app.request(client.ids[0]), crowd.UP, **crowd.ANSWERED))
    line = app.request(client.ids[1])
    if line:
        world.truth.link(down, world.truth.upstream_leg(
            line, crowd.UP, cls=["client-abort", "middlebox-reset"], variant="propagated", closer="client", flag="FIN",
            **crowd.WAITING), cause="down")


def tenant_truth(world, app, client, logged):
    down = world.truth.client_leg(client, crowd.DOWN, **{**client.down, "status": client.statuses[-1]})
    for leg in ledger(app, client, logged):
        if leg["failed"]:
            fields = dict(cls=["half-open-zombie"], variant="forgotten", severity="problem",
                          phase=["awaiting-response", "between-requests"], closer="middlebox", flag="RST",
                          wire={"test": reset_by_nobody})
        else:
            fields = dict(cls=["open"], closer="none", owed="nothing", status=200)
        pooled_leg(world, down, leg, fields)
