"""Servers that close while they owe something."""
import signal
import time

from labkit.configs import POOLED, upstream
from labkit.registry import scenario

from .basics import three_tier
from .connecting import PINNED

APP = "10.77.2.3:8000"


def failing(world, nginx, app, jobs, cause_up=True):
    """One client per job (path, status the client gets, phase, flag, owed). Both legs are labelled."""
    def ask(job):
        client = world.connect("client", nginx.address)
        client.whole = client.get(job["path"], **job.get("more", {}))
        time.sleep(0.2)
        client.left = client.close()
        return client

    clients = []
    for job in jobs:
        clients.append(ask(job))
        time.sleep(0.3)
    for job, client in zip(jobs, clients):
        assert client.status == job["status"], f"{job['path']}: {client.status}"
        down = world.truth.client_leg(client, ("client", "nginx"), owed=job.get("down_owed", "nothing"),
                                      **job.get("down", dict(cls=["clean"], closer="client", flag="FIN")))
        up = world.truth.upstream_leg(
            app.request(client.ids[0]), ("nginx", "app"), severity="problem", closer="server", flag=job["flag"],
            **{**dict(cls=["server-abort"], phase=job["phase"], owed=job["owed"], status=job.get("up_status")),
               **job.get("up", {})})
        world.truth.link(down, up, cause="up" if job.get("down") else None)


TRUNCATED = dict(cls=["server-abort"], severity="problem", phase="mid-response", closer="server", flag="FIN")


@scenario(
    "server-abort", "The application closes while it owes an answer, or the rest of one",
    """Against a scripted application: the request read and dropped (FIN), dropped with a RST, closed with the request
    unread (RST from its kernel), a response shorter than its Content-Length (then FIN, then RST), a chunked response
    without its last chunk. nginx turns the first three into 502 and passes the truncated ones on.""",
    """`tcp.port == 8000 && (tcp.flags.fin == 1 || tcp.flags.reset == 1)`: the application's close comes first in each
    stream, while the request is unanswered or Content-Length not reached. `http.response.code == 502` finds the
    client's side.""", seconds=12)
def server_abort(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_http_version 1.1;"}, app="scripted")
    world.capture("nginx")
    waiting = dict(phase="awaiting-response", owed="response")
    cut = dict(phase="mid-response", owed="rest-of-response", status=200, up_status=200, down=TRUNCATED,
               down_owed="rest-of-response")
    failing(world, nginx, app, [
        dict(path="/drop", status=502, flag="FIN", **waiting),
        dict(path="/abort", status=502, flag="RST", **waiting),
        dict(path="/unread", status=502, flag="RST", **waiting),
        dict(path="/short/9000/3100", flag="FIN", **cut),
        dict(path="/part/9000/4200/rst", flag="RST", **cut),
        dict(path="/chunked/3", flag="FIN", **cut),
        dict(path="/drop", status=502, flag="FIN", more={"method": "POST", "body": b"y" * 3000}, **waiting)])


@scenario(
    "server-killed", "kill -9: a plain FIN, or a RST when unread bytes were waiting",
    """uvicorn is killed (SIGKILL) while three requests sleep in it: its kernel closes the sockets with FIN, because
    nothing was unread. A second application (scripted) is frozen with SIGSTOP; a request reaches a pooled connection of
    it that has been idle for 1.1 s, two more come on new connections it never accepts; then it is killed and its kernel
    resets all three. nginx answers 502 to all six.""",
    """`tcp.port == 8000`: three FINs within a millisecond, each while a response is owed. `tcp.port == 8002`: three RSTs
    within a millisecond, each after the request had been acknowledged. `http.response.code == 502` on the client legs.""",
    seconds=12)
def server_killed(world):
    nginx, app = three_tier(
        world, {"/": f"proxy_pass http://{APP};", "/pooled/": f"proxy_pass http://frozen/; {POOLED}",
                "/frozen/": f"proxy_pass http://10.77.2.3:8002/; {PINNED}"},
        upstreams=upstream("frozen", ["10.77.2.3:8002"], keepalive=2))
    frozen = world.serve("scripted", "app", "nginx", 8002)
    world.capture("nginx")

    def ask(path, method="GET", headers=()):
        client = world.connect("client", nginx.address)
        client.request(path, method, headers=headers)
        return client

    waiting = []
    for _ in range(3):
        waiting.append(ask("/sleep/30"))
        time.sleep(0.7)
    time.sleep(1.1)
    app.kill()
    warm = ask("/pooled/hello", "POST")
    warm.response()
    time.sleep(1.1)
    frozen.process.send_signal(signal.SIGSTOP)
    warm.request("/pooled/hello", "POST")
    unread = [ask("/frozen/hello", headers=[f"X-Port: {41500 + n}"]) for n in range(2)]
    time.sleep(0.9)
    frozen.kill()
    for client in [*waiting, warm, *unread]:
        client.response()
        time.sleep(0.1)
        client.close()
    for client in waiting:
        killed_pair(world, client, app.request(client.ids[0]), "FIN")
    killed_pair(world, warm, frozen.request(warm.ids[0]), "RST", ids=list(warm.ids), exchanges=2)
    for number, client in enumerate(unread):
        line = {"peer": f"10.77.2.2:{41500 + number}", "local": "10.77.2.3:8002", "t": client.start,
                "id": client.ids[0]}
        killed_pair(world, client, line, "RST")


def killed_pair(world, client, line, flag, **fields):
    assert client.status == 502, client.status
    down = world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client", flag="FIN")
    world.truth.link(down, world.truth.upstream_leg(
        line, ("nginx", "app"), cls=["server-abort"], severity="problem", phase="awaiting-response", owed="response",
        closer="server", flag=flag, **fields))


@scenario(
    "truncated-unnoticed", "Responses without a length: when the server dies, nobody can tell",
    """Two responses have neither Content-Length nor chunks (they end when the connection ends, as nginx's default HTTP/1.0
    to upstreams invites): the application is killed while it sends them. Its kernel sends a FIN, nginx takes it for the
    end and closes the client's chunked body properly. Two more are an empty `200 OK` and a close: complete, by the same
    rule.""",
    """`tcp.port == 8000`: a FIN by the application. Nothing in the packets says that more was to come.""", seconds=10)
def unnoticed(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, app="scripted")
    world.capture("nginx")
    clients = []
    for number in range(4):
        client = world.connect("client", nginx.address)
        client.request("/empty" if number < 2 else "/endless/300/0.2")
        if number < 2:
            assert client.response() == 200
            client.close()
        clients.append(client)
        time.sleep(0.4)
    time.sleep(1.5)
    app.kill()
    for number, client in enumerate(clients):
        if number > 1:
            assert client.response() == 200
            time.sleep(0.1)
            client.close()
        down = world.truth.client_leg(client, ("client", "nginx"), cls=["clean"], owed="nothing", closer="client",
                                      flag="FIN")
        up = world.truth.upstream_leg(
            app.request(client.ids[0]), ("nginx", "app"), cls=["clean", "server-abort"] if number > 1 else ["clean"],
            severity=None if number > 1 else "ok", closer="server", flag="FIN", status=200)
        world.truth.link(down, up)
