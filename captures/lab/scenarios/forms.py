"""Ways to take a capture: several interfaces, nanoseconds, offload, a container host, late, early, cut short."""
import time

from labkit.configs import POOLED, site, upstream
from labkit.registry import scenario

from .basics import behind, three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")
CLEAN = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
LEFT = dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response", closer="client")


def both_legs(world, app, client, down, up=None, cause=None, **more):
    """Labels of a client leg and of the leg behind it, which is clean unless something else is said."""
    leg = world.truth.client_leg(client, DOWN, **{**down, **more})
    line = app.request(client.ids[-1])
    fields = {**dict(cls=["clean"], owed="nothing", status=200), **(up or {})}
    world.truth.link(leg, world.truth.upstream_leg(line, UP, **fields), cause=cause)
    return leg


@scenario(
    "forms-everything", "One run, taken in nine ways at the same time",
    """A short mixed run: three good sessions, two 504s (`proxy_read_timeout` 8.3 s), two clients that leave, two pooled
    connections closed by uvicorn after 5 s. Taken at nginx as pcapng with two interfaces, with nanoseconds, with a
    snaplen of 96, in the older cooked format (LINUX_SLL), with one direction only, and with every 11th ordinary packet missing
    (taken out afterwards with editcap, as a busy machine would have lost it); at the client; at the application; and with
    `-i any`.""",
    """The same streams in all of them, as far as the place can see them. The pcapng has two interface blocks
    (`frame.interface_name`).""", seconds=20)
def everything(world):
    nginx, app = three_tier(
        world, {"/": f"proxy_pass http://{APP}; proxy_read_timeout 8300ms;", "/pooled/": f"proxy_pass http://pool/; {POOLED}"},
        upstreams=upstream("pool", [APP], keepalive=4))
    world.setting("nginx", "proxy_read_timeout", 8.3)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.capture("nginx")
    world.capture("nginx", view="two-interfaces", interface=("to-client", "to-app"), ext="pcapng")
    world.capture("nginx", view="nanoseconds", interface="to-app", options=("--time-stamp-precision=nano",))
    world.capture("nginx", view="snaplen-96", options=("-s", "96"))
    world.capture("nginx", view="sll1", options=("-y", "LINUX_SLL"))
    holes = world.capture("nginx", view="holes")
    holes.thin, holes.blur = 11, "holes"
    world.capture("nginx", view="one-direction", interface="to-client", expression="dst host 10.77.1.3").blur = True
    world.capture("client", view="at-client", interface="to-nginx")
    world.capture("app", view="at-app", options=("-s", "128"))

    def job(number):
        time.sleep(0.25 * number)
        client = world.connect("client", nginx.address)
        path = ("/hello", "/bytes/5000", "/sleep/0.8", "/sleep/11", "/sleep/11", "/sleep/9", "/sleep/9",
                "/pooled/sleep/2.5", "/pooled/sleep/2.5")[number]
        client.request(path)
        if number in (5, 6):
            time.sleep(2.7)
        else:
            client.response()
        client.flag = "RST" if number == 6 else "FIN"
        client.abort() if number == 6 else client.close()
        return client

    clients = world.parallel(job, range(9))
    time.sleep(6)
    for number, client in enumerate(clients):
        waiting = dict(severity="problem", phase="awaiting-response", owed="response", closer="client", flag="FIN")
        if number < 3:
            both_legs(world, app, client, CLEAN)
        elif number < 5:
            both_legs(world, app, client, CLEAN,
                      dict(cls=["idle-timeout"], timer=("nginx.proxy_read_timeout", 8.3), **{**waiting, "status": None}))
        elif number < 7:
            both_legs(world, app, client, {**LEFT, "flag": client.flag},
                      dict(LEFT, flag="FIN", variant="propagated", status=None), cause="down")
        else:
            both_legs(world, app, client, CLEAN, dict(
                cls=["idle-timeout"], severity="latent", phase="between-requests", closer="server", flag="FIN",
                timer=("uvicorn.timeout_keep_alive", 5.0)))


@scenario(
    "offload", "Offload left on: super-segments larger than any packet, and checksums nobody has computed",
    """Client and nginx are joined by a cable without the relay, with segmentation offload as on a real host. Three
    downloads of 24 kB, complete, then closed by the client; one client leaves in the middle.""",
    """`tcp.len > 1460` shows segments of several packets' size; outgoing checksums are partial. Neither means anything.""",
    seconds=10)
def offload(world):
    world.cable("client", "nginx")
    world.cable("nginx", "app", 91)
    app = world.serve("scripted", "app", "nginx", 8000)
    nginx = world.serve("nginx", "nginx", "client", 80, site({"/": "proxy_pass http://10.77.91.3:8000;"}))
    world.capture("nginx", interface="to-client")
    for number in range(4):
        client = world.connect("client", nginx.address)
        if number < 3:
            assert client.get("/slow/24000/12000/0.1") == 200
            client.close()
            behind(world, app, world.truth.client_leg(client, DOWN, **CLEAN), client)
        else:
            client.request("/slow/36000/12000/0.9")
            time.sleep(1.3)
            while len(client.buffer) < 12000:
                client.receive()
            client.close()
            left = dict(severity="problem", phase="mid-response", owed="rest-of-response", closer="client", status=200)
            behind(world, app, world.truth.client_leg(client, DOWN, cls=["client-abort"], **left), client, cause="down",
                   **dict(left, cls=["client-abort"], variant="propagated"))
        time.sleep(0.3)
