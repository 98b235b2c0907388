"""Many clients at once, for the mixed incident captures: each has a role, and each role knows its truth."""
import random
import threading
import time

DOWN, UP = ("client", "nginx"), ("nginx", "app")
CLEAN = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
ANSWERED = dict(cls=["clean"], owed="nothing", status=200)
WAITING = dict(severity="problem", phase="awaiting-response", owed="response")


class Crowd:
    """Runs jobs at given moments, each in a thread of its own, and keeps what they return."""

    def __init__(self, world, server, sources, seed):
        self.world, self.server, self.sources = world, server, sources
        self.random, self.done, self.lock = random.Random(seed), [], threading.Lock()
        self.threads, self.failed = [], []

    def client(self, number):
        return self.world.connect("client", self.server, source=(self.sources[number % len(self.sources)], 0))

    def at(self, begin, job, *arguments):
        """Plans job(crowd, *arguments) for `begin` seconds from the start."""
        def body():
            time.sleep(max(0.0, self.zero + begin - time.time()))
            try:
                result = job(self, *arguments)
            except Exception as error:  # one broken client must not end the incident; it is reported
                with self.lock:
                    self.failed.append(f"{job.__name__}: {error!r}")
                return
            with self.lock:
                self.done.append(result)
        self.threads.append(threading.Thread(target=body, daemon=True))

    def run(self):
        self.zero = time.time() + 0.5
        threading.stack_size(256 * 1024)
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()
        if self.failed:
            self.world.notes.append(f"{len(self.failed)} clients failed in the driver and are not labelled.")
            self.world.log("\n".join(sorted(set(self.failed))[:10]))
        return self.done


def ordinary(crowd, number, paths, think):
    """One good session: some requests, then a close in good order."""
    client = crowd.client(number)
    for path, pause in zip(paths, think):
        assert client.get(path) == 200, f"{path}: {client.status}"
        time.sleep(pause)
    client.close()
    client.down, client.up, client.cause = CLEAN, ANSWERED, None
    return client


def leaver(crowd, number, path, patience, reset):
    """Leaves while it waits."""
    client = crowd.client(number)
    client.request(path)
    time.sleep(patience)
    client.abort() if reset else client.close()
    left = dict(cls=["client-abort"], closer="client", **WAITING)
    client.down = {**left, "flag": "RST" if reset else "FIN"}
    client.up, client.cause = {**left, "flag": "FIN", "variant": "propagated"}, "down"
    return client


def too_slow(crowd, number, path, setting, seconds):
    """Asks for something nginx gives up on: 504."""
    client = crowd.client(number)
    assert client.get(path) == 504, client.status
    time.sleep(0.4)
    client.close()
    client.down, client.cause = CLEAN, None
    client.up = dict(cls=["idle-timeout"], closer="client", flag="FIN", timer=(setting, seconds), **WAITING)
    return client


def half_head(crowd, number, seconds):
    """Sends half a request head and waits until nginx has had enough."""
    client = crowd.client(number)
    time.sleep(0.2)
    client.send(b"POST /orders HTTP/1.1\r\nHost: lab.test\r\nContent-Le")
    client.wait_close()
    client.close()
    client.down = dict(cls=["idle-timeout"], severity="problem", phase="mid-request", owed="rest-of-request",
                       closer="server", flag="FIN", timer=("nginx.client_header_timeout", seconds), exchanges=0,
                       wire={"since": "start", "http": False})
    client.up, client.cause = None, None
    return client


def vanisher(crowd, number, path):
    """Its host disappears in the middle of a download."""
    client = crowd.client(number)
    client.request(path)
    while len(client.buffer) < 2000:
        client.receive()
    crowd.world.path.blackhole("client-nginx", client.name, port=client.local[1])
    client.down = dict(cls=["half-open-zombie"], variant="vanished", severity="problem", phase="mid-response",
                       owed="rest-of-response", closer="none", status=200)
    client.up, client.cause = ANSWERED, None
    return client


def tenant(crowd, number, period, turns, method, spread=0.022):
    """A poller with its own upstream pool (location /tN/), one request every `period` seconds or so."""
    client = crowd.client(number)
    client.statuses = []
    for _ in range(turns):
        client.request(f"/t{number}/hello", method, b"tick" if method == "POST" else b"")
        client.statuses.append(client.response())
        last = len(client.statuses) == turns
        time.sleep(0.3 if last else period + crowd.random.uniform(-spread, spread))
    client.close()
    client.down, client.up, client.cause = CLEAN, None, None
    return client


def ledger(app, client, logged):
    """A tenant's pool holds one connection, so the history of its upstream connections follows from two logs: who served
    which request (application), and which requests failed on the connection used before (nginx: upstream_status)."""
    legs, current = [], None
    for request_id in client.ids:
        if logged[request_id]["upstream_status"].startswith("502") and current:
            current["ids"].append(request_id)
            current["failed"], current = True, None
        served = app.request(request_id)
        if served is None:
            continue
        if current is None or current["line"]["peer"] != served["peer"]:
            current = {"line": served, "ids": [], "failed": False}
            legs.append(current)
        current["ids"].append(request_id)
    return legs


def pooled_leg(world, down, leg, fields):
    """One connection of a ledger, linked to its tenant but standing or falling alone."""
    made = world.truth.upstream_leg(leg["line"], UP, ids=leg["ids"], exchanges=len(leg["ids"]),
                                    instance=f"{leg['line']['peer']} {leg['ids'][0]}", **fields)
    world.truth.mention(down, made)
    return made


def label(world, clients, app):
    """Both legs of each client, from its role and the application's log."""
    served = {}
    for line in app.lines():
        if line.get("event") == "request" and line.get("id"):
            served.setdefault(line["id"], []).append(line)
    for client in clients:
        leg = world.truth.client_leg(client, DOWN, **client.down)
        if client.up:
            for request_id in client.ids:
                for line in served.get(request_id, []):
                    world.truth.link(leg, world.truth.upstream_leg(line, UP, **client.up), cause=client.cause)
