"""HTTP/2 in clear text (h2c): nginx as the server of it, and gRPC."""
import json
import os
import signal
import struct
import time

from labkit import servers
from labkit.configs import site
from labkit.registry import scenario

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM, END_HEADERS, ACK = 1, 4, 1
CANCEL = 8
CURL = "h2c-nginx-curl"


class H2:
    """HTTP/2 on a client of the lab, frame by frame."""

    def __init__(self, client):
        self.client, self.stream, self.buffer, self.status, self.goaway = client, -1, b"", {}, False
        client.send(PREFACE + frame(SETTINGS, 0, 0, b""))

    def get(self, path):
        self.stream += 2
        self.client.head(path)      # for its fresh id
        fields = [(b"\x04", path), (b"\x01", "lab.test")]
        block = b"\x82\x86" + b"".join(name + text(value) for name, value in fields)
        block += b"\x00" + text("x-request-id") + text(self.client.ids[-1])
        self.client.send(frame(HEADERS, END_STREAM | END_HEADERS, self.stream, block))
        return self.stream

    def cancel(self, stream):
        self.client.send(frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL)))

    def wait(self, stream=None, seconds=30):
        """Reads until that stream has ended; without one until the server closes. The stream's status, None without one."""
        self.client.socket.settimeout(seconds)
        while True:
            while len(self.buffer) >= 9 and len(self.buffer) >= 9 + int.from_bytes(self.buffer[:3], "big"):
                length, kind, flags = int.from_bytes(self.buffer[:3], "big"), self.buffer[3], self.buffer[4]
                number, body = int.from_bytes(self.buffer[5:9], "big"), self.buffer[9:9 + length]
                self.buffer = self.buffer[9 + length:]
                self.take(kind, flags, number, body)
                if number == stream and kind in (DATA, HEADERS) and flags & END_STREAM:
                    return self.status.get(stream)
            try:
                more = self.client.socket.recv(65536)
            except ConnectionResetError:
                more = b""
            if not more:
                return None
            self.buffer += more

    def take(self, kind, flags, number, body):
        if kind == SETTINGS and not flags & ACK:
            self.client.send(frame(SETTINGS, ACK, 0, b""))
        body = body.lstrip(b"\x20") if kind == HEADERS else body      # a new size of the header table
        if kind == HEADERS and body[:1] == b"\x88":
            self.status[number] = 200
        elif kind == HEADERS and body[:2] in (b"\x08\x03", b"\x48\x03"):
            self.status[number] = int(body[2:5])
        elif kind == GOAWAY:
            self.goaway = True


def frame(kind, flags, stream, body):
    return len(body).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + body


def text(value):
    return bytes((len(value),)) + value.encode()


@scenario(
    "h2c-nginx", "HTTP/2 in clear text at nginx: every way it ends",
    """nginx speaks HTTP/2 without TLS (`listen 80 http2`) and HTTP/1.0 to uvicorn. Clients with prior knowledge: two are
    idle after two answers until `keepalive_timeout` (6.2 s); two use up `keepalive_requests` (4) and get a GOAWAY; two leave
    with a FIN while a stream waits; two cancel a stream (RST_STREAM), get another answer on the same connection and close;
    two wait too long (504 after `proxy_read_timeout` 5.1 s) and close; curl (`--http2-prior-knowledge`) asks once and
    closes.""",
    """Decode port 80 as HTTP2: `http2.type == 7` is the GOAWAY, `http2.type == 3` the RST_STREAM, after which nginx closes
    its leg to the application while the client's connection lives on.""", seconds=20)
def h2c_nginx(world):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    app = world.serve("uvicorn", "app", "nginx", 8000)
    nginx = world.serve("nginx", "nginx", "client", 80, site(
        {"/": f"proxy_pass http://{APP}; proxy_read_timeout 5100ms;"}, listen="80 http2",
        more="keepalive_timeout 6200ms; keepalive_requests 4;"))
    world.http_ports.discard(80)
    for name, seconds in (("keepalive_timeout", 6.2), ("proxy_read_timeout", 5.1)):
        world.setting("nginx", name, seconds)
    world.capture("nginx")
    kinds = (idle, idle, used_up, used_up, leaver, leaver, canceller, canceller, slow, slow)

    def job(number):
        time.sleep(0.17 * number)
        client = world.connect("client", nginx.address)
        client.kind = kinds[number]
        client.kind(client, H2(client))
        return client

    curl = world.run_in("client", "curl", "-sS", "--http2-prior-knowledge", "--local-port", "33333", "-w", "%{http_version}\n",
                        "-H", f"X-Request-Id: {CURL}", "-o", "/dev/null", "http://10.77.1.3/bytes/3000")
    began = time.time()
    clients = world.parallel(job, range(len(kinds)))
    assert curl.communicate(timeout=20)[0].split() == ["2"]
    time.sleep(1)
    for client in clients:
        label(world, app, client)
    down = world.truth.client_leg(
        clients[0], DOWN, client="10.77.1.2:33333", start=began, ids=[CURL], exchanges=1, cls=["clean"], owed="nothing",
        closer="client", status=None, wire={"http": False})
    world.truth.link(down, world.truth.upstream_leg(app.request(CURL), UP, cls=["clean"], owed="nothing", status=200))


def idle(client, h2):
    assert h2.wait(h2.get("/hello")) == 200
    assert h2.wait(h2.get("/bytes/2000")) == 200
    client.status = 200
    h2.wait()
    client.close()


def used_up(client, h2):
    for _ in range(4):
        assert h2.wait(h2.get("/hello")) == 200
        time.sleep(0.1)
    client.status = 200
    h2.wait()
    assert h2.goaway
    client.close()


def leaver(client, h2):
    assert h2.wait(h2.get("/hello")) == 200
    h2.get("/sleep/9")
    time.sleep(2.3)
    client.close()


def canceller(client, h2):
    assert h2.wait(h2.get("/hello")) == 200
    stream = h2.get("/sleep/9")
    time.sleep(2.1)
    h2.cancel(stream)
    time.sleep(0.5)
    assert h2.wait(h2.get("/bytes/2000")) == 200
    client.status = 200
    client.close()


def slow(client, h2):
    client.status = h2.wait(h2.get("/sleep/9"))
    assert client.status == 504
    time.sleep(0.1)
    client.close()


def label(world, app, client):
    kind, wire = client.kind, {"http": False}
    down = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN", wire=wire)
    gone = None
    left = dict(severity="problem", phase="awaiting-response", owed="response")
    if kind is idle:
        down.update(cls=["idle-timeout"], severity="ok", phase="between-requests", closer="server",
                    timer=("nginx.keepalive_timeout", 6.2))
    elif kind is used_up:
        down.update(closer="server")
    elif kind is leaver:
        down.update(left, cls=["client-abort"], status=None)
        gone = dict(left, cls=["client-abort"], variant="propagated", closer="client")
    elif kind is canceller:
        gone = dict(left, cls=["client-abort"], variant="propagated", closer="client")
    else:
        gone = dict(left, cls=["idle-timeout"], closer="client", flag="FIN", timer=("nginx.proxy_read_timeout", 5.1))
    leg = world.truth.client_leg(client, DOWN, instance=client.name, **down)
    for request_id in client.ids:
        line = app.request(request_id)
        waited = line["path"] == "/sleep/9"
        up = gone if waited else dict(cls=["clean"], owed="nothing", status=200)
        cause = "down" if waited and kind in (leaver, canceller) else None
        world.truth.link(leg, world.truth.upstream_leg(line, UP, instance=client.name, **up), cause=cause)


@scenario(
    "grpc", "gRPC: calls, streams, deadlines, and a server killed with open streams",
    """A gRPC server and clients (Debian's python3-grpcio), one channel each, nothing between them. Two make three good calls
    and close; two give up by a deadline of 1.7 s (RST_STREAM), then make a good call; two cancel a stream of messages in
    the middle; two are left with an open stream and an unanswered call when the server is killed (SIGKILL).""",
    """Decode port 50051 as HTTP2. `http2.type == 3` are the cancelled streams: the connection itself stays in order. The
    killed server's end is a bare FIN or RST with streams open and without GOAWAY.""", seconds=15)
def grpc(world):
    world.chain("client", "app", delays=(0.0047,))
    app = world.hosts["app"]
    directory = os.path.join(world.scratch, "grpc")
    os.makedirs(directory)
    script = os.path.join(servers.APPS, "grpc_app.py")
    server = servers.Server("grpc", app, [servers.PYTHON, script, "serve", f"{app.address('client')}:50051"], directory)
    world.servers.append(server)
    server.wait_for(app.address("client"), 50051)
    world.capture("app")
    began, jobs = {}, []
    for number, kind in enumerate(("good", "good", "deadline", "deadline", "cancel", "cancel", "killed", "killed")):
        name = f"{kind}-{number}"
        began[name] = time.time()
        jobs.append(world.run_in("client", servers.PYTHON, script, kind, "10.77.1.3:50051", name,
                                 env={**os.environ, "GRPC_ENABLE_FORK_SUPPORT": "0"}))
        time.sleep(0.3)
    time.sleep(4)
    server.stop(signal.SIGKILL)
    said = [json.loads(job.communicate(timeout=20)[0].splitlines()[-1]) for job in jobs]
    for told in said:
        label_grpc(world, server, told, began[told["name"]])


def label_grpc(world, server, told, began):
    lines = [line for line in server.lines() if line["id"] in told["ids"]]
    kind = told["name"].split("-")[0]
    fields = dict(cls=["clean"], owed="nothing", closer="client")
    if kind == "good":
        assert told["codes"] == ["OK", "OK", "OK"], told
    elif kind == "deadline":
        assert told["codes"] == ["DEADLINE_EXCEEDED", "OK"], told
    elif kind == "cancel":
        assert told["codes"] == ["CANCELLED"], told
        fields = dict(cls=["clean", "client-abort"], severity=None, phase=None, owed=None, closer="client")
    else:
        assert told["codes"] == ["UNAVAILABLE", "UNAVAILABLE"], told
        fields = dict(cls=["server-abort"], severity="problem", phase=None, owed=None, closer="server")
    assert len({line["peer"] for line in lines}) == 1, lines
    world.truth.upstream_leg(lines[0], ("client", "app"), ids=told["ids"], exchanges=len(lines), status=None, start=began + 0.3,
                             wire={"http": False}, **fields)
