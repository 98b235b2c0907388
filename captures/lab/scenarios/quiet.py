"""What only looks like trouble: long silences, a bad path."""
import time

from labkit.registry import scenario

from .basics import three_tier
from .client_aborts import download

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "silent-but-alive", "Nothing happens for a long time: open, not a zombie",
    """Connections at the end of the capture that are only quiet: two idle between requests, one waiting for an answer that
    takes longer than the capture, one that has just sent a request whose answer is still on its way.""",
    """No FIN and no RST in these streams, and no unanswered segment that was repeated.""", seconds=30)
def silent(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"})
    world.setting("nginx", "keepalive_timeout", 75, default=True)
    world.capture("nginx")
    clients = [world.connect("client", nginx.address) for _ in range(4)]
    clients[0].get("/hello")
    clients[1].get("/bytes/3000")
    clients[2].request("/sleep/58")
    time.sleep(23)
    clients[3].request("/sleep/5")
    time.sleep(0.2)
    world.stop_captures()
    for number, client in enumerate(clients):
        waiting = number > 1
        down = world.truth.client_leg(client, DOWN, cls=["open"], closer="none",
                                      owed="response" if waiting else "nothing")
        up = world.truth.upstream_leg(
            app.request(client.ids[0]), UP, owed="response" if waiting else "nothing",
            **(dict(cls=["open"], closer="none") if waiting else dict(cls=["clean"], status=200)))
        world.truth.link(down, up)


@scenario(
    "lossy-healthy", "A bad path (loss, duplicates, reordering) and nothing wrong with anybody",
    """Between clients and nginx 3 % of the packets are lost, 1 % doubled, 3 % reordered, with jitter. Eight clients do
    three to seven downloads each and leave in good order. Retransmissions everywhere, and every verdict is "clean".""",
    """`tcp.analysis.retransmission || tcp.analysis.duplicate_ack || tcp.analysis.out_of_order` is busy; each stream still
    ends with both FINs after a whole response.""", seconds=25)
def lossy(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, app="scripted")
    world.path.set("client-nginx", loss=0.03, duplicate=0.01, reorder=0.03, jitter=0.0015)
    world.capture("nginx", interface="to-client")

    def download(number):
        time.sleep(0.17 * number)
        client = world.connect("client", nginx.address)
        for _ in range(3 + number % 5):
            client.get("/slow/2600/1300/0.02")
        client.close()
        return client

    clients = world.parallel(download, range(8))
    time.sleep(4)
    for client in clients:
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                      wire={"http": False}, instance=client.name)
        for request_id in client.ids:
            world.truth.link(down, world.truth.upstream_leg(app.request(request_id), UP, cls=["clean"], owed="nothing",
                                                            status=200, instance=client.name))
