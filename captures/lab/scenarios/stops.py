"""Programs that end while requests wait in them: nginx and HAProxy in front of a server, and servers behind nginx."""
import os
import signal
import time

from labkit import netns
from labkit.configs import site
from labkit.registry import scenario

from .basics import three_tier
from .haproxy_timers import DEFAULTS

APP = "10.77.2.3:8000"
CLEAN = dict(cls=["clean"], owed="nothing")
WAITING = dict(severity="problem", phase="awaiting-response", owed="response")


class Round:
    """Three clients that wait for an answer and three that are idle, at a proxy that is about to end."""

    def __init__(self, world, host, server, needs):
        self.world, self.leg = world, ("client", host)
        self.idle, self.waiting = [], []
        for number in range(3):
            self.idle.append(self.client(server))
            assert self.idle[-1].get("/hello") == 200
            time.sleep(0.5 + 0.27 * number)
        for number in range(3):
            self.waiting.append(self.client(server))
            self.waiting[-1].request(f"/sleep/{needs}")
            time.sleep(0.43 + 0.31 * number)
        time.sleep(1.2)

    def client(self, server):
        return self.world.connect("client", server.address, timeout=20)

    def over(self):
        for client in (*self.waiting, *self.idle):
            client.response() if client in self.waiting else client.wait_close()
        time.sleep(0.05)
        for client in (*self.waiting, *self.idle):
            client.close()

    def label(self, app, cut, idle=("shutdown",), up_flag="FIN", said=None):
        """cut: the waiting ones got no answer (or `said`, a status); else they were served."""
        for client in self.waiting:
            assert client.status == ((said if cut else 200)), f"{self.leg}: {client.status}"
            # Which of its sockets a dying program closes first is a matter of their numbers.
            down = dict(cls=["server-abort"], closer="server", flag="FIN", **WAITING) if cut and not said else CLEAN
            up = dict(cls=["client-abort"], closer="client", flag=up_flag, **WAITING) if cut else dict(status=200, **CLEAN)
            self.link(app, client, down, up)
        for client in self.idle:
            # HAProxy keeps the server's side of an idle client open, until uvicorn's 5 s are over.
            up = CLEAN if self.leg[1] == "nginx" else dict(cls=["clean", "idle-timeout"], severity=None, owed="nothing")
            self.link(app, client, dict(cls=list(idle), severity=None, phase="between-requests", owed="nothing",
                                        closer="server", flag="FIN", wire={"gap": (0.5, 12.0)}), dict(status=200, **up))

    def link(self, app, client, down, up):
        leg = self.world.truth.client_leg(client, self.leg, instance=client.name, **down)
        self.world.truth.link(leg, self.world.truth.upstream_leg(app.request(client.ids[0]), (self.leg[1], "app"),
                                                                 instance=client.name, **up))


@scenario(
    "nginx-stopped", "nginx ends while requests wait: SIGTERM, SIGKILL, worker_shutdown_timeout, and SIGQUIT, which waits",
    """Four nginx in front of one application, each with three idle clients and three that wait for an answer. One gets a
    SIGTERM (`nginx -s stop`), one is killed with SIGKILL, one is reloaded with `worker_shutdown_timeout 2s` (its idle
    clients are closed at once, those that wait 2 s later): the clients that wait get nothing, both of their legs are closed
    in one moment. Near miss: the fourth gets a SIGQUIT (`nginx -s quit`), closes its idle connections and serves the
    others before it ends.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 80` (8081, 8082): FINs to clients that have waited for 1.2 to 2.5 s, in the same
    millisecond as FINs to port 8000. At port 8083 each answer comes first.""", seconds=35)
def nginx_stopped(world):
    place = {"/": f"proxy_pass http://{APP};"}
    first, app = three_tier(world, place)
    more = [world.serve("nginx", "nginx", "client", port, site(place, listen=str(port)),
                        **({"main": "worker_shutdown_timeout 2s;"} if port == 8082 else {}))
            for port in (8081, 8082, 8083)]
    world.setting("nginx", "worker_shutdown_timeout (port 8082)", 2)
    world.capture("nginx")
    acts = (lambda one: one.process.send_signal(signal.SIGTERM), lambda one: one.kill(),
            lambda one: one.process.send_signal(signal.SIGHUP), lambda one: one.process.send_signal(signal.SIGQUIT))
    rounds = []
    for server, act in zip((first, *more), acts):
        rounds.append(Round(world, "nginx", server, 12 if server is not more[2] else 4.5))
        act(server)
        rounds[-1].over()
        time.sleep(0.7)
    time.sleep(1.5)
    for number, one in enumerate(rounds):
        one.label(app, cut=number < 3)


@scenario(
    "haproxy-stopped", "HAProxy ends while requests wait: SIGTERM, and SIGUSR1 with hard-stop-after",
    """Two HAProxy in front of one application, each with three idle clients and three that wait for an answer. One gets a
    SIGTERM and is gone; the other is told to stop softly (SIGUSR1) with `hard-stop-after 2s`: its idle clients are closed
    at once, those that wait get a 502 2 s later. Near miss: a third, without that limit, gets a SIGUSR1 too, and serves
    those that wait.""",
    """`tcp.flags.fin == 1 && tcp.srcport == 8080`: FINs to clients that wait, in the same millisecond as closes of
    connections to port 8000; `http.response.code == 502` at port 8081, with RSTs to port 8000.""", seconds=30)
def haproxy_stopped(world):
    world.chain("client", "lb", "app", delays=(0.0052, 0.0017))
    app = world.serve("uvicorn", "app", "lb", 8000)
    servers = [world.serve("haproxy", "lb", "client", port, text(port, port == 8081)) for port in (8080, 8081, 8082)]
    world.setting("haproxy", "hard-stop-after (port 8081)", 2)
    world.capture("lb")
    rounds = []
    for server, sig in zip(servers, (signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR1)):
        rounds.append(Round(world, "lb", server, 12 if server is not servers[2] else 4.5))
        os.kill(child(server), sig)
        rounds[-1].over()
        time.sleep(0.7)
    time.sleep(1.5)
    for number, one in enumerate(rounds):
        one.label(app, cut=number < 2, up_flag=None, said=502 if number == 1 else None)


def text(port, limited):
    timeouts = "\n".join(f"  timeout {name} {value}" for name, value in DEFAULTS.items())
    return f"""global
  log @DIR@/log.sock local0
  {"hard-stop-after 2s" if limited else ""}
defaults
  mode http
{timeouts}
frontend front
  bind 10.77.1.3:{port}
  default_backend back
backend back
  http-reuse never
  server app {APP}
"""


def child(server):
    """The HAProxy that our reader of its log has started."""
    return int(netns.sh("pgrep", "-P", str(server.process.pid)).split()[0])


@scenario(
    "app-killed", "Servers behind nginx end in the middle of requests: one worker, a quick stop, a crash, and a patient one",
    """One of gunicorn's three sync workers is killed with SIGKILL in the middle of a request; the other two answer theirs
    (near misses). Then the whole gunicorn gets a SIGQUIT ("quick shutdown") while three requests wait. A Node server is
    killed in the middle of two requests. A uvicorn is killed in the middle of two event streams. Near miss: another uvicorn gets
    a SIGTERM and answers its two requests before it ends.""",
    """`http.response.code == 502` on the client legs, FINs of ports 8000 and 8002 while a response is owed; on port 8004 a FIN in
    the middle of a chunked response, of which nginx passes on what it has and closes.""", seconds=30)
def app_killed(world):
    ports = {"/g/": 8000, "/n/": 8002, "/e/": 8004, "/p/": 8005}
    nginx, gunicorn = three_tier(
        world, {place: f"proxy_pass http://10.77.2.3:{port}/; proxy_http_version 1.1; proxy_buffering off;"
                for place, port in ports.items()}, app="gunicorn", app_options=("-w", "3"))
    node = world.serve("node", "app", "nginx", 8002)
    events = world.serve("uvicorn", "app", "nginx", 8004)
    patient = world.serve("uvicorn", "app", "nginx", 8005)
    world.capture("nginx")
    ask = lambda path: asking(world, nginx, path)  # noqa: E731
    one, other, third = (ask(f"/g/sleep/{need}") for need in (4, 4.4, 12))
    time.sleep(1.1)
    os.kill(gunicorn.request(third.ids[0])["pid"], signal.SIGKILL)
    told = [answered(client) for client in (third, one, other)]
    quick = [ask("/g/sleep/12") for _ in range(3)]
    time.sleep(0.8)
    gunicorn.process.send_signal(signal.SIGQUIT)
    told += [answered(client) for client in quick]
    crashed = [ask("/n/sleep/12") for _ in range(2)]
    time.sleep(1.4)
    node.kill()
    told += [answered(client) for client in crashed]
    streams = [ask("/e/events/20/0.7") for _ in range(2)]
    served = [ask("/p/sleep/3") for _ in range(2)]
    time.sleep(1.5)
    events.kill()
    patient.process.send_signal(signal.SIGTERM)
    told += [answered(client) for client in (*streams, *served)]
    assert told == [502, 200, 200] + [502] * 5 + [None] * 2 + [200] * 2, told
    for client, app in [(third, gunicorn), *((c, gunicorn) for c in quick), *((c, node) for c in crashed)]:
        tell(world, client, app, CLEAN, dict(cls=["server-abort"], closer="server", flag="FIN", **WAITING))
    cut = dict(cls=["server-abort"], severity="problem", phase="mid-response", owed="rest-of-response", closer="server",
               flag="FIN", status=200)
    for client in streams:
        tell(world, client, events, cut, cut)
    for client, app in [(one, gunicorn), (other, gunicorn), *((c, patient) for c in served)]:
        tell(world, client, app, CLEAN, dict(status=200, **CLEAN))


def asking(world, nginx, path):
    client = world.connect("client", nginx.address, timeout=20)
    client.request(path)
    time.sleep(0.31)
    return client


def answered(client):
    """The status it got; it leaves a moment later."""
    status = client.response()
    time.sleep(0.1)
    client.close()
    return status


def tell(world, client, app, down, up):
    leg = world.truth.client_leg(client, ("client", "nginx"), instance=client.name, **down)
    world.truth.link(leg, world.truth.upstream_leg(app.request(client.ids[0]), ("nginx", "app"), instance=client.name, **up),
                     cause="up" if down["cls"] == ["server-abort"] else None)
