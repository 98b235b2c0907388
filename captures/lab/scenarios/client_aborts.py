"""Clients that leave: in downloads, in uploads. And half-closes that are no abort at all."""
import time

from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "client-abort-download", "Clients leave in the middle of a download: FIN, RST, or RST because of unread bytes",
    """Six clients take a slow response (60 s long, unbuffered) and leave after about 2 s: two close with everything read
    (FIN), two reset (SO_LINGER 0), two close with bytes unread in their socket (the kernel makes a RST of it). What nginx
    still sends is answered with bare RSTs; nginx closes the upstream leg.""",
    """The client's FIN or RST comes while Content-Length (30 000) is far from reached. Behind a FIN, server data goes on
    for a round trip and is answered by `tcp.flags.reset == 1 && tcp.flags.ack == 0`.""", seconds=15)
def download(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_buffering off;"}, app="scripted")
    world.capture("nginx")
    world.capture("client", view="at-client")

    def leave(number):
        time.sleep(0.35 * number)
        client = world.connect("client", nginx.address)
        client.request("/slow/30000/50/0.1")
        until = time.time() + 1.9 + 0.13 * number
        while time.time() < until:
            client.receive()
        if number % 3 == 2:
            time.sleep(0.55)                      # bytes pile up unread; closing now makes a RST
        client.flag = ("FIN", "RST", "RST")[number % 3]
        client.abort() if number % 3 == 1 else client.close()
        return client

    clients = world.parallel(leave, range(6))
    time.sleep(1.5)
    world.stop_captures()
    for client in clients:
        common = dict(cls=["client-abort"], severity="problem", phase="mid-response", owed="rest-of-response",
                      status=200, instance=client.ids[0], closer="client")
        down = world.truth.client_leg(client, DOWN, flag=client.flag, **{**common, "ids": client.ids})
        up = world.truth.upstream_leg(app.request(client.ids[0]), UP, variant="propagated", **common)
        world.truth.link(down, up, cause="down")


@scenario(
    "client-abort-upload", "Clients leave in the middle of an upload",
    """Four clients announce 20 000 bytes, send 6000 and leave: two close (FIN), two reset. Two of them use a location with
    `proxy_request_buffering off`, so the application has already begun to read and its connection is closed too.""",
    """The request's Content-Length is not reached when the client's FIN or RST comes; no response.""", seconds=10)
def upload(world):
    nginx, app = three_tier(world, {
        "/": f"proxy_pass http://{APP};",
        "/stream/": f"proxy_pass http://{APP}/; proxy_http_version 1.1; proxy_request_buffering off;"}, app="scripted")
    world.capture("nginx")

    def leave(number):
        time.sleep(0.35 * number)
        client = world.connect("client", nginx.address)
        client.send(client.head("/stream/hello" if number > 1 else "/hello", "POST", length=20000) + b"x" * 2000)
        for _ in range(4):
            time.sleep(0.3)
            client.send(b"x" * 1000)
        time.sleep(0.43)
        client.flag = "RST" if number % 2 else "FIN"
        client.abort() if number % 2 else client.close()
        return client

    clients = world.parallel(leave, range(4))
    time.sleep(1)
    for number, client in enumerate(clients):
        common = dict(cls=["client-abort"], severity="problem", phase="mid-request", owed="rest-of-request",
                      closer="client", instance=client.ids[0])
        down = world.truth.client_leg(client, DOWN, flag=client.flag, **common)
        if number > 1:
            up = world.truth.upstream_leg(app.request(client.ids[0]), UP, variant="propagated", **common)
            world.truth.link(down, up, cause="down")


@scenario(
    "half-close-legitimate", "Clients that half-close after their request and still get everything: no abort",
    """Directly at the application: five clients send a request, shut down their sending side (FIN, as `nc -N` and some
    RPC libraries do) and read the whole response, up to 2.7 s later. The FIN comes first and means no harm.""",
    """The client's FIN comes right behind its request; the response crosses it or comes after it, whole in any case; the
    server's FIN is last.""",
    seconds=10)
def half_close(world):
    world.chain("client", "app", delays=(0.0061,))
    app = world.serve("scripted", "app", "client", 8000)
    world.capture("app")

    def ask(number):
        time.sleep(0.2 * number)
        client = world.connect("client", app.address)
        client.request(("/hello", "/slow/6000/1000/0.45")[number % 2])
        client.half_close()
        assert client.response() == 200
        client.wait_close()
        client.close()
        return client

    for client in world.parallel(ask, range(5)):
        world.truth.client_leg(client, ("client", "app"), cls=["clean"], owed=None, closer="client", flag="FIN")
