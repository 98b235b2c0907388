"""Before and after: a service that was not running, and a firewall rule that rejected it."""
import time

from labkit.configs import site
from labkit.pair import Pair, finding, labelled, taken
from labkit.registry import scenario

from . import unreachable

DOWN, UP = ("client", "nginx"), ("nginx", "gateway")
PORT = 8001
SERVER = f"{unreachable.APP}:{PORT}"


def drive(world, nginx, count, first):
    """Requests one after the other; nginx's port is chosen by the driver."""
    clients = []
    for number in range(count):
        client = world.connect("client", nginx.address)
        client.port = first + number
        client.get("/hello", headers=[f"X-Port: {client.port}"])
        time.sleep(0.11 + 0.05 * (number % 3))
        client.close()
        clients.append(client)
    return clients


def tell(world, side, clients, want, **fields):
    with labelled(world, side):
        for client in clients:
            assert client.status == want, client.status
            down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                          instance=client.ids[0])
            world.truth.link(down, world.truth.add(
                client=f"10.77.2.2:{client.port}", server=SERVER, leg="nginx→app", hosts=UP, start=client.sent[0],
                ids=list(client.ids), instance=client.ids[0], **fields, wire={"exposed": 1, "closes": False}))


@scenario(
    "verify-port-opened", "Fixed: the firewall rejects the application's port no longer",
    """Before: a router between nginx and the application rejects its port ("port unreachable"): all of 16 requests end in
    502. Then the rule is deleted. After: all of 40 requests are answered.""",
    """`icmp.type == 3` in the first capture, none in the second.""", seconds=30)
def port_opened(world):
    unreachable.routed(world)
    world.serve("scripted", "app", "gateway", PORT)
    nginx = world.serve("nginx", "nginx", "client", 80, site(
        {"/": f"proxy_pass http://{SERVER}; proxy_bind 10.77.2.2:$http_x_port;"}))
    with taken(world, "before"):
        first = drive(world, nginx, 16, 40800)
    unreachable.reject(world, PORT, unreachable.REJECTED[PORT], "-D")
    with taken(world, "after"):
        second = drive(world, nginx, 40, 40900)
    tell(world, "before", first, 502, cls=["refused"], variant="unreachable", severity="problem", phase="connecting",
         closer="middlebox")
    tell(world, "after", second, 200, cls=["clean"], owed="nothing", status=200, exchanges=1)
    Pair(world, f"the router's rule that rejected port {PORT} deleted", "fixed",
         "All of 16 connections were rejected, none of 40 since.", "connections that nginx opens to the application",
         {"component": "iptables", "setting": f"REJECT of port {PORT}", "before": 1, "after": 0},
         finding("refused", "nginx→app", "connecting", "unreachable"), None)
