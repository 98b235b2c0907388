"""Handshakes that do not get through: a full backlog, a path that works in one direction only."""
import signal
import time

from labkit.registry import scenario


@scenario(
    "backlog-full", "A frozen server: the first connections are accepted by its kernel, later SYNs fall into nothing",
    """The application is frozen (SIGSTOP) and its listen queue is short (2). The kernel still completes some handshakes; the
    clients of those send a request and give up after about 6 s (client abort, nothing was ever read). The others' SYNs are
    dropped because the queue is full; they give up after 7.4 s. Nothing refuses anybody.""",
    """`tcp.flags.syn == 1 && tcp.flags.ack == 0`: SYNs repeated without an answer in some streams; in the others a request
    that the kernel acknowledges and nobody answers.""", seconds=20)
def backlog_full(world):
    world.chain("client", "app", delays=(0.0061,))
    app = world.serve("scripted", "app", "client", 8000, 0, 2)
    world.capture("app")
    app.process.send_signal(signal.SIGSTOP)
    accepted, dropped = [], []
    for _ in range(7):
        client = world.connect("client", app.address, wait=False)
        time.sleep(0.35)
        try:
            client.socket.getpeername()
            client.socket.settimeout(30)
            client.request("/hello")
            accepted.append(client)
        except OSError:
            dropped.append(client)
    assert accepted and dropped, f"{len(accepted)} accepted, {len(dropped)} dropped"
    time.sleep(max(0, accepted[-1].start + 6.1 - time.time()))
    for client in accepted:
        client.left = client.close()
    time.sleep(max(0, dropped[-1].start + 7.4 - time.time()))
    for client in dropped:
        client.close()
    time.sleep(4)
    world.stop_captures()
    for client in accepted:
        waited = client.left - client.sent[0]
        world.truth.client_leg(client, ("client", "app"), cls=["client-abort"], severity="problem",
                               phase="awaiting-response", owed="response", closer="client", flag="FIN",
                               wire={"since": "client", "gap": (waited - 0.1, waited + 0.1)})
    for client in dropped:
        world.truth.client_leg(client, ("client", "app"), cls=["connect-timeout"], severity="problem", phase="connecting",
                               closer="none")
    app.process.send_signal(signal.SIGCONT)


@scenario(
    "one-way-path", "The way back is broken: SYN-ACKs are sent again and again and never arrive",
    """The path from nginx's host to the clients swallows everything; the other direction works. Three clients try to
    connect and give up after 8.2 s. Taken at the server, where the SYNs and the answers are both visible.""",
    """`tcp.flags.syn == 1`: SYN and SYN-ACK alternate, and no ACK ever completes the handshake. At the client
    (`one-way-path-at-client`) there are only SYNs.""", seconds=20)
def one_way(world):
    world.chain("client", "app", delays=(0.0061,))
    app = world.serve("scripted", "app", "client", 8000)
    world.path.blackhole("client-app", "back", end="right")
    world.capture("app")
    world.capture("client", view="at-client")
    clients = []
    for _ in range(3):
        clients.append(world.connect("client", app.address, wait=False))
        time.sleep(0.6)
    time.sleep(8.2)
    for client in clients:
        client.close()
    time.sleep(4)
    world.stop_captures()
    for client in clients:
        leg = world.truth.client_leg(client, ("client", "app"), cls=["connect-timeout", "half-open-zombie", "unclassified"],
                                     severity=None, phase="connecting", closer="none")
        leg.views["at-client"] = {"cls": ["connect-timeout"], "severity": "problem"}
