"""HAProxy and its server: connecting, tunnels, and what it does when its client leaves."""
import time

from labkit import netns
from labkit.registry import scenario

from .haproxy_timers import behind_haproxy, secondary

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "lb"), ("lb", "app")


@scenario(
    "haproxy-connect-timeout", "The server does not answer SYNs: HAProxy tries four times, then 503",
    """`timeout connect` is 2.3 s and HAProxy retries three times (its default): four connection attempts from four ports,
    each abandoned without a packet, and a 503 for the client after 9.2 s. The ports were read from the kernel's socket
    table (`ss`) while the attempts were under way.""",
    """`tcp.flags.syn == 1 && tcp.dstport == 8000`: per request four streams, each with a few SYNs and nothing else.""",
    seconds=20)
def connect(world):
    lb, app = behind_haproxy(world, {"connect": "2300ms"})
    world.setting("haproxy", "timeout connect", 2.3)
    world.path.blackhole("lb-app", "all")
    world.capture("lb")
    for _ in range(2):
        client = world.connect("client", lb.address)
        client.request("/hello")
        attempts, began = {}, time.time()
        while time.time() - began < 9.8:
            for line in netns.sh("ip", "netns", "exec", world.hosts["lb"].ns, "ss", "-Htn", "state", "syn-sent").splitlines():
                attempts.setdefault(line.split()[2], time.time())
            time.sleep(0.1)
        assert client.response() == 503
        client.close()
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
        for name, seen in attempts.items():
            up = world.truth.add(
                client=name, server=APP, leg="lb→app", hosts=UP, start=seen, cls=["connect-timeout"],
                severity="problem", phase="connecting", closer="none", timer=("haproxy.timeout_connect", 2.3),
                ids=list(client.ids))
            world.truth.link(down, up)
    time.sleep(4)


@scenario(
    "haproxy-tunnel", "An idle WebSocket through HAProxy is cut by timeout tunnel",
    """Three clients upgrade through HAProxy (`timeout tunnel` 15.3 s) to a Node server, exchange two frames and fall
    silent. HAProxy closes both sides: FIN to the client, RST to the server.""",
    """`http.response.code == 101`, two frames each way, 15.3 s of silence, then HAProxy's FIN to the client and, 0.1 ms
    later, its RST to the server.""",
    seconds=25)
def tunnel(world):
    lb, app = behind_haproxy(world, {"tunnel": "15300ms"}, app="node")
    world.setting("haproxy", "timeout tunnel", 15.3)
    world.capture("lb")

    def talk(number):
        time.sleep(0.5 * number)
        client = world.connect("client", lb.address)
        client.request("/ws", headers=["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                                       "Sec-WebSocket-Key: bGFiLW9mLXBjYXAtd2h5IQ=="])
        assert client.response() == 101
        for _ in range(2):
            client.send(bytes([0x81, 0x84, 0, 0, 0, 0]) + b"ping")
            client.receive()
            time.sleep(0.4)
        client.wait_close()
        client.close()
        return client

    clients = world.parallel(talk, range(3))
    time.sleep(0.5)
    for client in clients:
        cut = dict(cls=["idle-timeout"], severity="problem", phase="tunnel", status=101, instance=client.ids[0],
                   timer=("haproxy.timeout_tunnel", 15.3))
        down = world.truth.client_leg(client, DOWN, closer="server", **cut)
        up = world.truth.upstream_leg(app.request(client.ids[0]), UP, closer="client", **cut)
        world.truth.link(down, up)


@scenario(
    "haproxy-client-abort", "A client leaves while HAProxy waits: with and without option abortonclose",
    """Clients leave after 2.9 s while the application needs 20 s. Without `option abortonclose` HAProxy acknowledges the
    client's FIN and does nothing: the server leg lives on until `timeout server` (8.3 s), and the 504 meets a closed
    socket. With the option (port 8081) HAProxy closes the server leg at once.""",
    """Compare the streams to port 8000: one kind ends 8.3 s after its request with HAProxy's RST, long after the client's
    FIN; the other kind ends within a millisecond of it.""", seconds=30)
def abort(world):
    lb, app = behind_haproxy(world, {"server": "8300ms"}, app="uvicorn")
    second = secondary(world, "frontend second\n  bind 10.77.1.3:8081\n  timeout client 50s\n"
                              "  default_backend back", defaults="option abortonclose")
    world.setting("haproxy", "timeout server", 8.3)
    world.capture("lb")

    def leave(number):
        time.sleep(0.7 * number)
        client = world.connect("client", second.address if number % 2 else lb.address)
        client.request("/sleep/20")
        time.sleep(2.9)
        client.left = client.close()
        return client

    clients = world.parallel(leave, range(6))
    time.sleep(9)
    for number, client in enumerate(clients):
        down = world.truth.client_leg(
            client, DOWN, cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response",
            closer="client", flag="FIN", instance=client.ids[0], wire={"since": "client", "gap": (2.85, 2.98)})
        line = app.request(client.ids[0])
        if number % 2:
            up = world.truth.upstream_leg(
                line, UP, cls=["client-abort"], variant="propagated", severity="problem", phase="awaiting-response",
                owed="response", closer="client", instance=client.ids[0])
            world.truth.link(down, up, cause="down")
        else:
            up = world.truth.upstream_leg(
                line, UP, cls=["idle-timeout"], severity="problem", phase="awaiting-response", owed="response",
                closer="client", flag="RST", timer=("haproxy.timeout_server", 8.3), instance=client.ids[0])
            world.truth.link(down, up)
