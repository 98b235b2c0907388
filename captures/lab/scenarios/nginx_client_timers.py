"""nginx's timers on the client leg: header, body, send, keep-alive, lingering, and its request count."""
import time

from labkit.configs import site
from labkit.registry import scenario

from .quiet import silent
from .tls import idle

APP = "10.77.2.3:8000"
LEG = ("client", "nginx")


def two_sites(world, more, locations=None, app="scripted", common="", **options):
    """nginx with its defaults on port 80 and the same site with `more` on port 8081."""
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    application = world.serve(app, "app", "nginx", 8000)
    locations = locations or {"/": f"proxy_pass http://{APP};"}
    text = site(locations, more=common) + site(locations, listen="8081", more=more)
    nginx = world.serve("nginx", "nginx", "client", 80, text, **options)
    world.http_ports.add(8081)
    return nginx, application, (nginx.address[0], 8081)


def wait_all(world, clients):
    world.parallel(lambda client: (client.wait_close(), client.close()), clients)


@scenario(
    "nginx-client-header-timeout", "Clients that send no request, or only part of its head: nginx's header timeout",
    """With nginx's default `client_header_timeout` (60 s): two clients connect and say nothing (browsers pre-connect like
    this), two send half a request head and stop, one drips a header line every 0.7 s. Three more stop in mid-head on a
    port with 12.7 s. nginx closes with a bare FIN; its log says 408 but nothing is sent.""",
    """`tcp.flags.fin == 1 && ip.src == 10.77.1.3`: FINs 60.0 s after the handshake, whatever was sent in between (for the
    dripping client the silence before the FIN is under a second), 12.7 s on port 8081. No HTTP response in any of
    these streams.""", seconds=75)
def client_header(world):
    nginx, app, quick = two_sites(world, "client_header_timeout 12700ms;")
    world.setting("nginx", "client_header_timeout", 60, default=True)
    world.setting("nginx", "client_header_timeout (port 8081)", 12.7)
    world.capture("nginx")

    def silent(number):
        time.sleep(0.9 * number)
        return world.connect("client", nginx.address)

    def partial(number, server=nginx.address):
        time.sleep(0.6 * number)
        client = world.connect("client", server)
        time.sleep(0.4 + 1.1 * number)
        client.send(b"GET /hello HTTP/1.1\r\nHost: lab.test\r\nX-Tr")
        return client

    def drip(_):
        client = world.connect("client", nginx.address)
        client.send(b"GET /hello HTTP/1.1\r\n")
        while time.time() - client.start < 62:
            time.sleep(0.7)
            try:
                client.send(b"X-Slow: 1\r\n")
            except OSError:
                break
        return client

    jobs = [(silent, 0), (silent, 1), (partial, 0), (partial, 1), (drip, 0)] + \
        [(lambda n: partial(n, quick), n) for n in range(3)]
    clients = world.parallel(lambda job: follow(*job), jobs)
    time.sleep(0.5)
    for number, client in enumerate(clients):
        nothing_said = number < 2
        seconds = 60.0 if number < 5 else 12.7
        world.truth.client_leg(
            client, LEG, cls=["idle-timeout"], severity=None if nothing_said else "problem",
            phase="awaiting-request" if nothing_said else "mid-request",
            owed="nothing" if nothing_said else "rest-of-request", closer="server", flag="FIN",
            timer=("nginx.client_header_timeout", seconds), exchanges=0,
            wire={"since": "start", "gap": (seconds - 0.35, seconds + 0.2), "http": False})


def follow(job, number):
    client = job(number)
    client.wait_close()
    client.close()
    return client


@scenario(
    "nginx-client-body-timeout", "Uploads that stall: nginx's body timeout closes with a bare FIN",
    """Two clients announce 5000 bytes and stop after 2100 (default `client_body_timeout`, 60 s, measured between two
    reads); three more do it on a port with 7.3 s, two of them on a location with `proxy_request_buffering off`, where
    the application already has the beginning of the request: there nginx closes the upstream leg first and the client
    leg some 0.1 ms later, although the client leg's timer fired.""",
    """`tcp.flags.fin == 1 && ip.src == 10.77.1.3`: bare FINs 60 s (or 7.3 s) after the last body byte, up to 0.3 s early
    (nginx does not re-arm a read timer that was set less than 0.3 s ago).""", seconds=70)
def client_body(world):
    nginx, app, quick = two_sites(world, "client_body_timeout 7300ms;", {
        "/": f"proxy_pass http://{APP};",
        "/stream/": f"proxy_pass http://{APP}/; proxy_http_version 1.1; proxy_request_buffering off;"})
    world.setting("nginx", "client_body_timeout", 60, default=True)
    world.setting("nginx", "client_body_timeout (port 8081)", 7.3)
    world.capture("nginx")

    def stall(number):
        time.sleep(0.7 * number)
        client = world.connect("client", nginx.address if number < 2 else quick)
        path = "/stream/hello" if number > 2 else "/hello"
        client.send(client.head(path, "POST", length=5000) + b"x" * 900)
        for _ in range(3):
            time.sleep(0.25)
            client.send(b"x" * 400)
        client.wait_close()
        client.close()
        return client

    clients = world.parallel(stall, range(5))
    time.sleep(0.5)
    for number, client in enumerate(clients):
        seconds = 60.0 if number < 2 else 7.3
        stalled = dict(severity="problem", phase="mid-request", owed="rest-of-request", flag="FIN",
                       timer=("nginx.client_body_timeout", seconds), wire={"since": "client"})
        down = world.truth.client_leg(client, LEG, cls=["idle-timeout"], closer="server", **stalled)
        if number > 2:
            up = world.truth.upstream_leg(app.request(client.ids[0]), ("nginx", "app"),
                                          cls=["idle-timeout", "client-abort"], closer="client", **stalled)
            world.truth.link(down, up, cause="down")


@scenario(
    "nginx-keepalive-timeout", "nginx closes idle client connections after keepalive_timeout (75 s)",
    """Three clients with the default `keepalive_timeout` (75 s) and three on a port with 41.6 s send one or two requests
    and then keep the connection without using it. nginx closes it, in good order, nobody is harmed.""",
    """`tcp.flags.fin == 1 && ip.src == 10.77.1.3`: FINs 75.0 s (41.6 s on port 8081) after the last response byte, give or
    take 0.1 s.""", seconds=85)
def keepalive(world):
    nginx, app, quick = two_sites(world, "keepalive_timeout 41600ms;")
    world.setting("nginx", "keepalive_timeout", 75, default=True)
    world.setting("nginx", "keepalive_timeout (port 8081)", 41.6)
    world.capture("client")

    def idle(number):
        time.sleep(0.8 * number)
        client = world.connect("client", nginx.address if number < 3 else quick)
        client.get("/hello")
        if number % 2:
            time.sleep(1.9)
            client.get("/hello")
        client.wait_close()
        time.sleep(0.1)
        client.close()
        return client

    for number, client in enumerate(world.parallel(idle, range(6))):
        down = world.truth.client_leg(
            client, LEG, cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing",
            closer="server", flag="FIN", timer=("nginx.keepalive_timeout", 75.0 if number < 3 else 41.6))
        for request_id in client.ids:
            world.truth.link(down, world.truth.upstream_leg(app.request(request_id), ("nginx", "app"), cls=["clean"],
                                                            owed="nothing", status=200))
