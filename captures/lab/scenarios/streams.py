"""Long-lived responses: server-sent events and WebSockets."""
import time

from labkit.configs import site
from labkit.registry import scenario

from .basics import three_tier
from .haproxy_legs import tunnel

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "sse", "Server-sent events: with heartbeats they live, without them nginx cuts them after 60 s",
    """Two streams send an event every 15 s, seven events, and end in good order after 105 s; one of the same kind with 9 s
    is still running when the capture ends. Three streams send two events and then have nothing to say for 90 s:
    `proxy_read_timeout` (60 s) cuts both legs.""",
    """Upstream streams of the silent ones: 60.0 s after the last `data:` chunk nginx sends FIN to the application and 0.1
    ms later to the client; the last chunk (size 0) is missing. The heartbeat streams are as silent in between, but never
    for 60 s.""", seconds=120)
def sse(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_http_version 1.1; proxy_set_header Connection '';"})
    world.setting("nginx", "proxy_read_timeout", 60, default=True)
    world.capture("nginx")

    def listen(number):
        time.sleep(0.6 * number)
        path = ("/events/7/15", "/events/7/15", "/events/2/90", "/events/2/90", "/events/2/90", "/events/40/9")[number]
        client = world.connect("client", nginx.address, timeout=None)
        client.request(path, headers=["Accept: text/event-stream"])
        if number == 5:
            return client
        client.whole = client.response()
        client.close()
        return client

    clients = world.parallel(listen, range(6))
    time.sleep(2)
    world.stop_captures()
    for number, client in enumerate(clients):
        line = app.request(client.ids[0])
        if number == 5:
            down = world.truth.client_leg(client, DOWN, cls=["open"], closer="none", status=200)
            up = world.truth.upstream_leg(line, UP, cls=["open"], closer="none", status=200)
        elif number < 2:
            assert client.whole == 200
            down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
            up = world.truth.upstream_leg(line, UP, cls=["clean"], owed="nothing", status=200)
            # uvicorn leaves the finished connection to its keep-alive timer unless nginx closes it.
        else:
            cut = dict(severity="problem", phase="mid-response", owed="rest-of-response", flag="FIN", status=200,
                       timer=("nginx.proxy_read_timeout.body", 60.0), instance=client.ids[0])
            down = world.truth.client_leg(client, DOWN, cls=["idle-timeout", "server-abort"], closer="server", **cut)
            up = world.truth.upstream_leg(line, UP, cls=["idle-timeout"], closer="client", **cut)
        world.truth.link(down, up, cause="up" if 2 <= number < 5 else None)
    clients[5].close()


@scenario(
    "websocket-idle", "An idle WebSocket is cut by nginx's proxy_read_timeout",
    """Three clients upgrade to a WebSocket through nginx and exchange a few frames; then they are silent.
    `proxy_read_timeout` (41.6 s here) runs in the tunnel too: nginx closes both legs without a WebSocket close frame. A
    fourth one sends a ping every 11 s and closes properly after 50 s.""",
    """`http.response.code == 101`, then `websocket` frames; in the idle streams nginx's FIN to the application 41.6 s
    after the last frame from there, and to the client at once after it.""", seconds=65)
def websocket(world):
    locations = {"/": f"proxy_pass http://{APP}; proxy_http_version 1.1; proxy_read_timeout 41600ms; "
                      "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"}
    nginx, app = three_tier(world, locations, app="node")
    world.setting("nginx", "proxy_read_timeout", 41.6)
    world.capture("nginx")

    def tunnel(number):
        time.sleep(0.5 * number)
        client = world.connect("client", nginx.address)
        client.request("/ws", headers=["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                                       "Sec-WebSocket-Key: bGFiLW9mLXBjYXAtd2h5IQ=="])
        assert client.response() == 101
        for turn in range(5 if number == 3 else 2):
            client.send(bytes([0x81, 0x84, 1, 2, 3, 4]) + bytes(a ^ b for a, b in zip(b"ping", (1, 2, 3, 4))))
            client.receive()
            time.sleep(11 if number == 3 else 0.8)
        if number < 3:
            client.wait_close()
        client.close()
        return client

    clients = world.parallel(tunnel, range(4))
    time.sleep(0.5)
    for number, client in enumerate(clients):
        line = app.request(client.ids[0])
        if number == 3:
            down = world.truth.client_leg(client, DOWN, cls=["clean"], closer="client", flag="FIN", status=101)
            up = world.truth.upstream_leg(line, UP, cls=["clean"], closer="client", flag="FIN", status=101)
        else:
            cut = dict(cls=["idle-timeout"], severity="problem", phase="tunnel", flag="FIN", status=101,
                       timer=("nginx.proxy_read_timeout", 41.6))
            down = world.truth.client_leg(client, DOWN, closer="server", **cut)
            up = world.truth.upstream_leg(line, UP, closer="client", **cut)
        world.truth.link(down, up)


UPGRADE = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: bGFiLW9mLXBjYXAtd2h5IQ=="]


def frame(opcode, payload):
    """A client's WebSocket frame, masked as it has to be."""
    mask = (1, 2, 3, 4)
    body = bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))
    return bytes([0x80 | opcode, 0x80 | len(payload), *mask]) + body


def answer_pings(client, seconds, answers=True):
    """Reads for so long, or until the other side closes (True); every ping gets its pong unless the client is stuck."""
    end, unread = time.time() + seconds, client.buffer
    while time.time() < end:
        client.socket.settimeout(max(0.05, end - time.time()))
        try:
            data = client.socket.recv(4096)
        except TimeoutError:
            break
        if not data:
            return True
        unread += data
        while len(unread) >= 2 and len(unread) >= 2 + (unread[1] & 127):
            opcode, payload, unread = unread[0] & 15, unread[2:2 + (unread[1] & 127)], unread[2 + (unread[1] & 127):]
            if opcode == 9 and answers:
                client.send(frame(10, payload))
    return False


@scenario(
    "websocket-ping", "uvicorn pings its WebSockets: quiet ones live, a stuck client is closed",
    """uvicorn with `--ws-ping-interval 9 --ws-ping-timeout 6.5` behind nginx with `proxy_read_timeout` 20.3 s. Three clients say
    one word and are then silent for 40 s, but their WebSocket library answers pings, so that nginx always sees something;
    they close properly. Three more are stuck and answer no ping: 15.5 s after the tunnel began uvicorn sends a close frame
    (1011) and closes, and nginx closes the client leg behind it.""",
    """`websocket.opcode == 9` and `== 10` every 9 s in the living ones. In the others a ping without a pong, 6.5 s later
    `websocket.opcode == 8` and uvicorn's FIN.""", seconds=55)
def websocket_ping(world):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    app = world.serve("uvicorn", "app", "nginx", 8000, "--ws", "websockets", "--ws-ping-interval", "9",
                      "--ws-ping-timeout", "6.5")
    nginx = world.serve("nginx", "nginx", "client", 80, site({
        "/": f"proxy_pass http://{APP}; proxy_http_version 1.1; proxy_read_timeout 20300ms; "
             "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"}))
    world.setting("uvicorn", "ws_ping_interval", 9)
    world.setting("uvicorn", "ws_ping_timeout", 6.5)
    world.setting("nginx", "proxy_read_timeout", 20.3)
    world.capture("nginx")

    def tunnel(number):
        time.sleep(0.5 * number)
        client = world.connect("client", nginx.address)
        client.request("/ws", headers=UPGRADE)
        assert client.response() == 101
        if number < 3:
            client.send(frame(1, b"hello"))
            client.lost = answer_pings(client, 40)
            client.send(frame(8, b"\x03\xe8"))
            client.wait_close()
        else:
            client.lost = answer_pings(client, 40, answers=False)
        client.close()
        return client

    clients = world.parallel(tunnel, range(6))
    time.sleep(0.5)
    for number, client in enumerate(clients):
        assert client.lost == (number > 2)
        line = app.request(client.ids[0])
        if number < 3:
            fields = dict(cls=["clean"], status=101, closer="server", flag="FIN")
            down = world.truth.client_leg(client, DOWN, **fields)
            up = world.truth.upstream_leg(line, UP, **fields)
        else:
            # Whether a stuck peer was told by timer or by close frame: both names are honest, the tunnel did end by a timer.
            cut = dict(cls=["idle-timeout", "server-abort", "clean"], severity=None, phase=["tunnel", "closing"],
                       closer="server", flag="FIN", status=101, wire={"since": "start", "gap": (15.2, 16.2)})
            down = world.truth.client_leg(client, DOWN, **cut)
            up = world.truth.upstream_leg(line, UP, **cut)
        world.truth.link(down, up)
