"""More ends of the client leg at nginx: a reader that stops, counted requests, early errors."""
import os
import time

from labkit.configs import site
from labkit.registry import scenario

from .basics import behind, three_tier
from .nginx_client_timers import two_sites
from .client_aborts import upload

APP = "10.77.2.3:8000"
LEG = ("client", "nginx")


@scenario(
    "nginx-send-timeout", "Clients that stop reading: zero window until nginx's send timeout",
    """Clients ask for a large file, read 3 kB and then nothing more; their windows close. `send_timeout` is 60 s by
    default (port 80) and 12.7 s on the other ports. Without `reset_timedout_connection` nginx gives up in silence: its
    FIN waits behind unsent data and the kernel goes on probing the closed window for minutes. With it (port 8082) there
    is a RST.""",
    """`tcp.analysis.zero_window_probe || tcp.analysis.zero_window` shows the probes, at doubling intervals, that go on
    after the timer; `tcp.flags.reset == 1 && tcp.srcport == 8082` the resets 12.7 s after the last byte that went
    out.""", seconds=75)
def send_timeout(world):
    os.makedirs(f"{world.scratch}/files")
    with open(f"{world.scratch}/files/large", "wb") as file:
        file.write(b"0123456789abcde\n" * 400000)
    files = {"/": f"root {world.scratch}/files;"}
    world.chain("client", "nginx", delays=(0.0043,))
    text = site(files) + site(files, listen="8081", more="send_timeout 12700ms;") + \
        site(files, listen="8082", more="send_timeout 12700ms; reset_timedout_connection on;")
    nginx = world.serve("nginx", "nginx", "client", 80, text)
    world.http_ports |= {8081, 8082}
    world.setting("nginx", "send_timeout", 60, default=True)
    world.setting("nginx", "send_timeout (ports 8081, 8082)", 12.7)
    world.capture("nginx")

    def stop_reading(number):
        time.sleep(0.4 * number)
        port = (80, 8081, 8081, 8082, 8082, 8082)[number]
        client = world.connect("client", (nginx.address[0], port), receive_buffer=4096, mss=600)
        client.request("/large")
        while len(client.buffer) < 3000:
            client.receive(1500)
        return client

    clients = world.parallel(stop_reading, range(6))
    time.sleep(66)
    for number, client in enumerate(clients):
        common = dict(phase="peer-not-reading", owed="rest-of-response", severity="problem", status=200)
        if number < 3:
            world.truth.client_leg(client, LEG, cls=["half-open-zombie"], variant="not-reading", closer="none",
                                   wire={"test": zero_window}, **common)
        else:
            world.truth.client_leg(client, LEG, cls=["idle-timeout"], closer="server", flag="RST",
                                   timer=("nginx.send_timeout", 12.7), wire={"test": zero_window}, **common)


def zero_window(flow):
    if not any(p.zero_window for p in flow.by("client")):
        return "the window never closed"
    return None


@scenario(
    "server-closes-after-response", "Orderly ends by the server: request count, age, Connection: close, HTTP/1.0",
    """nginx closes after the fifth request of a connection (`keepalive_requests 5`), after a request with
    `Connection: close`, after an HTTP/1.0 request, and with the first response after `keepalive_time` (2.6 s here): an age,
    not a silence. Each response is complete; the FIN follows at once. Not a timer
    and not an abort.""",
    """`http.connection == "close"` marks the last responses; nginx's FIN is in the same segment or right behind.""",
    seconds=10)
def after_response(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, app="scripted",
                            more="keepalive_requests 5; keepalive_time 2600ms;")
    world.setting("nginx", "keepalive_requests (a count, not seconds)", 5)
    world.capture("client")
    world.setting("nginx", "keepalive_time", 2.6)
    for number in range(7):
        client = world.connect("client", nginx.address)
        if number == 6:
            for pause in (1.1, 0.9, 1.2, 0.0):
                assert client.get("/hello") == 200
                time.sleep(pause)
        elif number < 2:
            for _ in range(5):
                assert client.get("/hello") == 200
                time.sleep(0.15)
        elif number < 4:
            client.get("/hello", headers=["Connection: close"])
        else:
            client.send(client.head("/hello").replace(b"HTTP/1.1", b"HTTP/1.0"))
            client.response()
        client.wait_close()
        client.close()
        behind(world, app, world.truth.client_leg(client, LEG, cls=["clean"], owed="nothing", closer="server", flag="FIN"),
               client)


@scenario(
    "nginx-lingering", "413 before the body has arrived: nginx answers early and lingers",
    """`client_max_body_size` is 1k. Clients announce 12 000 bytes and begin to send; nginx answers 413 at once and goes on
    reading what comes. Two clients send everything and then close. Three stop sending when they see the 413 and wait:
    nginx closes 5 s later (`lingering_timeout`). Two more, on port 8081, go on sending a little every second for ever:
    there nginx has enough after `lingering_time` (6.4 s; it counts in whole seconds of its clock, so 5 to 6) and
    resets.""",
    """`http.response.code == 413` comes while the client is still sending; then either the rest of the body and the
    two FINs, nginx's first; or 5 s of silence and nginx's FIN.""", seconds=15)
def lingering(world):
    nginx, app, endless = two_sites(world, "client_max_body_size 1k; lingering_time 6400ms;",
                                    common="client_max_body_size 1k;")
    world.setting("nginx", "lingering_timeout", 5, default=True)
    world.setting("nginx", "lingering_time (port 8081)", 6.4)
    world.capture("nginx")

    def upload(number):
        time.sleep(0.3 * number)
        client = world.connect("client", nginx.address if number < 5 else endless)
        client.send(client.head("/hello", "POST", length=12000 if number < 5 else 900000) + b"x" * 1000)
        if number > 4:
            return drip(client)
        sent = 1000
        while sent < (12000 if number < 2 else 4000):
            time.sleep(0.02)
            client.send(b"x" * 1000)
            sent += 1000
        client.response()
        if number < 2:
            time.sleep(0.2)
        else:
            client.wait_close()
        client.close()
        return client

    clients = world.parallel(upload, range(7))
    time.sleep(0.3)
    for number, client in enumerate(clients):
        assert client.status == 413
        if number > 4:
            world.truth.client_leg(
                client, LEG, cls=["server-abort", "idle-timeout", "clean"], severity=None,
                phase=["mid-request", "closing", "between-requests"], owed=None, closer="server",
                wire={"since": "start", "gap": (4.8, 8.0)})
        elif number < 2:
            world.truth.client_leg(client, LEG, cls=["clean"], owed="nothing", wire={"closes": False})
        else:
            world.truth.client_leg(
                client, LEG, cls=["idle-timeout", "clean", "server-abort"], severity=None,
                phase=["mid-request", "closing", "between-requests"], owed=None, closer="server", flag="FIN",
                timer=None, wire={"since": "payload", "gap": (4.6, 5.2)})


def drip(client):
    """Goes on sending for ever, a little every second, until the connection breaks."""
    client.response()
    for _ in range(20):
        time.sleep(0.9)
        try:
            client.send(b"x" * 100)
        except OSError:
            break
    client.close()
    return client
