"""Mixed incidents: what an on-call engineer would be handed. Thousands of healthy connections around a few sick ones."""
import time

from labkit import crowd
from labkit.configs import POOLED, site, upstream
from labkit.crowd import Crowd, ledger, pooled_leg
from labkit.registry import scenario

from .races import both, crossed, timed

APP = "10.77.2.3:8000"
TENANTS = 22
ONE_WAY = (0.0036, 0.0128)


def crowd_world(world, locations, upstreams="", more="", app="scripted", app_options=(), delays=ONE_WAY, seed=1):
    """Forty client addresses, nginx, one application host."""
    world.chain("client", "nginx", "app", delays=delays)
    sources = [world.add_address(world.hosts["client"], "nginx", f"10.77.1.{100 + n}") for n in range(40)]
    application = world.serve(app, "app", "nginx", 8000, *app_options)
    nginx = world.serve("nginx", "nginx", "client", 80, site(locations, upstreams=upstreams, more=more))
    return nginx, application, Crowd(world, nginx.address, sources, seed)


def healthy(people, count, seconds):
    """Ordinary sessions, spread over the time."""
    for number in range(count):
        turns = people.random.choice((1, 1, 1, 2, 3))
        paths = [people.random.choice(("/hello", "/bytes/1000", "/sleep/0.2")) for _ in range(turns)]
        think = [people.random.uniform(0.0, 1.2) for _ in range(turns)]
        people.at(people.random.uniform(0, seconds), crowd.ordinary, number, paths, think)


@scenario(
    "incident-502", "Incident: sporadic 502s on POSTs behind nginx and uvicorn",
    """90 seconds of a site with 300 ordinary sessions and 22 pollers. nginx keeps upstream connections for 60 s, uvicorn
    closes idle ones after 5 s, and the pollers come about every 5 s, so that by chance some of their requests cross
    uvicorn's FIN: the GETs among them are retried in silence, the POSTs end in 502. A few clients leave, two get a 504
    (`proxy_read_timeout` 23.7 s), three never finish a request head (`client_header_timeout` 17.9 s).""",
    """`http.response.code == 502` finds the victims. On the upstream side look for a RST without ACK from port 8000: the
    request before it crossed a FIN. The same FINs without a victim are everywhere.""", seconds=120)
def incident_502(world):
    pools = "".join(upstream(f"tenant{n}", [APP], keepalive=1) for n in range(TENANTS))
    locations = {f"/t{n}/": f"proxy_pass http://tenant{n}/; {POOLED}" for n in range(TENANTS)}
    nginx, app, people = crowd_world(
        world, {"/": f"proxy_pass http://{APP}; proxy_read_timeout 23700ms;", **locations}, pools, app="uvicorn", seed=502,
        more="client_header_timeout 17900ms;")
    for component, name, seconds, default in (("uvicorn", "timeout_keep_alive", 5, True),
                                              ("nginx", "upstream keepalive_timeout", 60, True),
                                              ("nginx", "proxy_read_timeout", 23.7, False),
                                              ("nginx", "client_header_timeout", 17.9, False)):
        world.setting(component, name, seconds, default)
    world.capture("nginx", bulk=True)
    healthy(people, 300, 80)
    for number in range(TENANTS):
        period = 5.0 if number % 3 else (2.3, 3.7, 7.1)[number // 3 % 3]
        people.at(people.random.uniform(0, 6), crowd.tenant, number, period, 14 if number % 3 else 9,
                  "POST" if number % 2 else "GET")
    for number in range(6):
        people.at(8 + 11.3 * number, crowd.leaver, number, "/sleep/9", 1.9 + 0.77 * number, number % 3 == 2)
    for number in range(2):
        people.at(20 + 17.1 * number, crowd.too_slow, number, "/sleep/30", "nginx.proxy_read_timeout", 23.7)
    for number in range(3):
        people.at(12 + 13.7 * number, crowd.half_head, number, 17.9)
    clients = people.run()
    time.sleep(7)
    world.stop_captures()
    crowd.label(world, [c for c in clients if not hasattr(c, "statuses")], app)
    logged = {line["id"]: line for line in nginx.access()}
    for client in clients:
        if hasattr(client, "statuses"):
            tenant_truth(world, app, client, logged)


def tenant_truth(world, app, client, logged):
    down = world.truth.client_leg(client, crowd.DOWN, **{**client.down, "status": client.statuses[-1]})
    for leg in ledger(app, client, logged):
        common = dict(phase="between-requests", owed="nothing", closer="server", flag="FIN",
                      timer=("uvicorn.timeout_keep_alive", 5.0))
        if leg["failed"]:
            fields = dict(common, cls=["keepalive-race"], variant="fin-crossing", severity="problem",
                          wire={"closes": False, "gap": None, "test": both(crossed, timed(5.0))})
        else:
            fields = dict(common, cls=["idle-timeout"], severity="latent", status=200)
        pooled_leg(world, down, leg, fields)


@scenario(
    "incident-slow-backend", "Incident: a slow application, impatient clients, and a restart in the middle",
    """90 seconds: 300 ordinary sessions; the application takes too long now and then: eight 504s after
    `proxy_read_timeout` (41.6 s), fourteen clients that leave after 3 to 20 s, four whose hosts vanish in mid-download.
    After 60 s the application is killed (four requests owed: 502) and started again 1.5 s later; what comes in between
    is refused.""",
    """`http.response.code >= 502`, then `tcp.flags.reset == 1`, then `tcp.analysis.retransmission`: four separate stories
    that a dashboard would add up.""", seconds=130)
def slow_backend(world):
    nginx, app, people = crowd_world(world, {
        "/": f"proxy_pass http://{APP}; proxy_read_timeout 41600ms;",
        "/pinned/": f"proxy_pass http://{APP}/; proxy_bind 10.77.2.2:$http_x_port;",
        "/raw/": f"proxy_pass http://{APP}/; proxy_buffering off;"}, app="uvicorn", delays=(0.0077, 0.0019), seed=77)
    world.setting("nginx", "proxy_read_timeout", 41.6)
    world.capture("nginx", bulk=True)
    healthy(people, 240, 56)
    for number in range(8):
        people.at(0.5 + 1.31 * number, crowd.too_slow, number, "/sleep/57", "nginx.proxy_read_timeout", 41.6)
    for number in range(14):
        people.at(2 + 2.9 * number, crowd.leaver, number, "/sleep/24", 3.1 + 1.27 * number, number % 4 == 3)
    for number in range(4):
        people.at(6 + 7.3 * number, crowd.vanisher, number, "/raw/stall/12000/0.1")
    for number in range(4):
        people.at(54.4 + 0.83 * number, killed, number)
    state = {"app": app}
    people.at(60, restart, world, state)
    for number in range(5):
        people.at(60.4 + 0.2 * number, turned_away, number)
    for number in range(60):
        people.at(63 + people.random.uniform(0, 20), later, number)
    clients = [client for client in people.run() if client]
    time.sleep(12)
    world.stop_captures()
    both_logs(world, [c for c in clients if c.kind != "refused"], app, state["again"])
    for client in clients:
        if client.kind == "refused":
            refused_truth(world, client)


def restart(people, world, state):
    state["app"].kill()
    time.sleep(1.5)
    state["again"] = world.serve("uvicorn", "app", "nginx", 8000)


def killed(people, number):
    """Waits for an answer when the application is killed: 502."""
    client = people.client(number)
    assert client.get("/sleep/15") == 502, client.status
    client.close()
    client.down, client.cause = crowd.CLEAN, None
    client.up = dict(cls=["server-abort"], closer="server", flag="FIN", **crowd.WAITING)
    return client


def turned_away(people, number):
    """Comes while nothing listens: nginx is refused, 502."""
    client = people.client(number)
    port = 44000 + number
    assert client.get("/pinned/hello", headers=[f"X-Port: {port}"]) == 502, client.status
    client.close()
    client.kind, client.port = "refused", port
    return client


def later(people, number):
    return crowd.ordinary(people, number, ["/hello"], [0.1])


def refused_truth(world, client):
    down = world.truth.client_leg(client, crowd.DOWN, **crowd.CLEAN)
    world.truth.link(down, world.truth.add(
        client=f"10.77.2.2:{client.port}", server=APP, leg="nginx→app", hosts=crowd.UP, start=client.sent[0],
        ids=list(client.ids), cls=["refused"], severity="problem", phase="connecting", closer="server", flag="RST"))


def both_logs(world, clients, *apps):
    """The application ran twice: its two logs together are the whole story."""
    class Log:
        @staticmethod
        def lines():
            return [line for app in apps for line in app.lines()]
    crowd.label(world, clients, Log)
