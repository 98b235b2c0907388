"""Requests behind a response that announced the close: no race, a server acts on none of them."""
import time

from labkit.configs import site
from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "announced-close", "Requests behind a response that says Connection: close get no answer",
    """nginx closes after the second request of a connection (`keepalive_requests 2`) and says so. Three clients send three
    requests at once (pipelining): two are answered, the third never. Two clients send one request after the other and
    do not look at the header: their third request goes out when the second response has come in. Near misses: a client
    pipelines two requests, both are answered; a client believes the header and opens a new connection for its third; a
    client pipelines three to a site without the limit, all are answered.""",
    """`http.connection == "close"` finds the announcements (of nginx's answers, port 80); a request after it in the same
    stream, or behind the other two in one segment, has no answer.""", seconds=12)
def announced_close(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, more="keepalive_requests 2;")
    wide = world.serve("nginx", "nginx", "client", 8081, site({"/": f"proxy_pass http://{APP};"}, listen="8081"))
    world.setting("nginx", "keepalive_requests (port 80; a count)", 2)
    world.capture("nginx")
    world.capture("client", view="at-client")
    kinds = ("pipeline", "pipeline", "pipeline", "late", "late", "two", "polite", "wide")

    def job(number):
        time.sleep(0.41 * number)
        client = world.connect("client", wide.address if kinds[number] == "wide" else nginx.address)
        client.kind = kinds[number]
        client.answers = ask(client)
        time.sleep(0.4)
        client.close()
        if client.kind != "polite":
            return [client]
        again = world.connect("client", nginx.address)
        again.kind = "again"
        again.answers = [again.get("/hello")]
        again.close()
        return [client, again]

    clients = [client for made in world.parallel(job, range(len(kinds))) for client in made]
    time.sleep(0.5)
    for client in clients:
        label(world, app, client)


def ask(client):
    """The statuses of its answers."""
    if client.kind in ("pipeline", "wide", "two"):
        count = 2 if client.kind == "two" else 3
        client.send(b"".join(client.head("/hello") for _ in range(count)))
        return [client.response() for _ in range(count)]
    answers = [client.get("/hello"), client.get("/hello")]
    return [*answers, client.get("/hello")] if client.kind == "late" else answers


def label(world, app, client):
    lost = client.kind in ("pipeline", "late")
    served = [app.request(request_id) for request_id in client.ids]
    assert client.answers[:2] == [200, 200][:len(client.answers)], client.answers
    assert (client.answers[-1] is None and served[-1] is None) == lost, f"{client.kind}: {client.answers}"
    common = dict(instance=client.name, status=200, wire={"http": False} if client.kind in ("pipeline", "wide", "two") else {})
    if lost:
        down = world.truth.client_leg(client, DOWN, cls=["keepalive-race"], severity="problem",
                                      closer="server", flag="FIN", **{**common, "wire": {"http": False}},
                                      # Sent behind the announcement, and under way when the FIN came: both are true.
                                      variant="announced-close" if client.kind == "pipeline" else
                                      ["announced-close", "fin-crossing"])
    else:
        closer = "server" if client.kind in ("two", "polite") else "client"
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer=closer, flag="FIN", **common)
    for line in filter(None, served):
        world.truth.link(down, world.truth.upstream_leg(line, UP, cls=["clean"], owed="nothing", status=200,
                                                        instance=client.name))
