"""Tunnels through forward proxies: HTTP CONNECT with tinyproxy and Squid."""
import ssl
import time

from labkit.registry import scenario

from .tls import certificate

DOWN, UP = ("client", "proxy"), ("proxy", "app")
APP = "10.77.2.3"
TLS, PLAIN, CLOSED = 8443, 8000, 8009
LEFT = dict(cls=["client-abort", "clean"], severity=None, closer="client", flag="FIN")
TINY = """User root
Group root
Port 3128
Listen 10.77.1.3
Timeout 6
LogFile "@DIR@/proxy.log"
PidFile "@DIR@/proxy.pid"
MaxClients 60
"""
SQUID = """http_port 10.77.1.3:3128
acl all_ports port 1-65535
http_access allow all
visible_hostname proxy.lab.test
pid_filename none
coredump_dir @DIR@
cache deny all
cache_log @DIR@/cache.log
access_log none
shutdown_lifetime 1 second
pinger_enable off
read_timeout 6 seconds
"""


def tunnelled(world, kind, text):
    """client — forward proxy — application (TLS, plain HTTP, and a port where nothing listens)."""
    world.chain("client", "proxy", "app", delays=(0.0043, 0.0027))
    key, cert = certificate(world)
    tls = world.serve("uvicorn", "app", "proxy", TLS, "--ssl-keyfile", key, "--ssl-certfile", cert)
    plain = world.serve("uvicorn", "app", "proxy", PLAIN)
    proxy = world.serve(kind, "proxy", "client", 3128, text)
    world.http_ports -= {TLS, 3128}
    return proxy, {TLS: tls, PLAIN: plain}


def connect(world, proxy, port):
    """A client with a tunnel to that port, or without one: the status of the proxy's answer is kept."""
    client = world.connect("client", proxy.address, timeout=25)
    client.port = port
    client.send(f"CONNECT {APP}:{port} HTTP/1.1\r\nHost: {APP}:{port}\r\n\r\n".encode())
    while b"\r\n\r\n" not in client.buffer and client.receive():
        pass
    client.granted = int(client.buffer.split()[1])
    client.buffer = b""
    if client.granted == 200 and port == TLS:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
        client.socket = made.wrap_socket(client.socket, server_hostname="lab.test")
    return client


def served(client):
    assert client.get("/hello") == client.get("/bytes/3000") == 200
    client.close()


def leaver(client):
    assert client.get("/hello") == 200
    client.request("/sleep/15")
    time.sleep(2.6)
    client.close()


def idle(client):
    assert client.get("/hello") == 200
    client.request("/sleep/15")
    client.wait_close()
    time.sleep(0.1)
    client.close()


def server_ends(client):
    assert client.get("/hello", headers=["Connection: close"]) == 200
    client.wait_close()
    client.close()


def nothing(client):
    assert client.granted >= 500, client.granted
    client.close()


JOBS = ((served, TLS), (served, PLAIN), (leaver, TLS), (leaver, PLAIN), (idle, TLS), (idle, PLAIN), (idle, PLAIN),
        (server_ends, PLAIN), (server_ends, TLS), (nothing, CLOSED))


def run(world, proxy, apps, timer):
    world.capture("proxy")

    def job(number):
        time.sleep(0.45 * number)
        act, port = JOBS[number]
        client = connect(world, proxy, port)
        client.act = act
        act(client)
        return client

    clients = world.parallel(job, range(len(JOBS)))
    time.sleep(1)
    for client in clients:
        label(world, client, apps, timer)


def label(world, client, apps, timer):
    wire, common = {"http": False}, dict(instance=client.name)
    cut = dict(cls=["idle-timeout"], severity="problem", timer=timer, wire={**wire, "closes": False, "gap": False})
    if client.act is nothing:
        world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", status=client.granted, exchanges=None,
                               wire={**wire, "closes": False})
        # The proxy's port is not known to anybody but the kernel: the SYN and its refusal stay unlabelled.
        return
    down, up = {
        served: (dict(cls=["clean"], closer="client", wire=wire), dict(cls=["clean"], wire=wire)),
        leaver: ({**LEFT, "flag": None, "wire": wire},
                 dict(cls=["client-abort", "clean"], severity=None, closer="client", wire=wire)),
        idle: (dict(**cut), dict(**cut)),
        server_ends: (dict(cls=["clean"], wire={**wire, "closes": False}),
                      dict(cls=["clean"], wire={**wire, "closes": False})),
    }[client.act]
    # Nothing in the tunnel can be counted on its outer leg: one exchange, the CONNECT.
    leg = world.truth.client_leg(client, DOWN, **{**common, **down, "exchanges": None, "status": None})
    line = apps[client.port].request(client.ids[0])
    behind = world.truth.upstream_leg(line, UP, **{**common, **up, "ids": list(client.ids), "exchanges": None})
    world.truth.link(leg, behind, cause="down" if client.act is leaver else None)


STORY = """{name} as a forward proxy, tunnels by `CONNECT` to a server with TLS (8443) and one without (8000). Two clients have
    their answers and close. Two leave while they wait. Three wait for an answer that takes 15 s: {timer} ends both legs
    first. Two ask for `Connection: close`, and the server ends the connection. One asks for a port where nothing listens
    and gets {status}."""
LOOK = """`http.request.method == "CONNECT"` (decode port 3128 as HTTP) finds the outer legs; the leg to port 8443 or 8000 opens
    between each CONNECT and its 200."""


@scenario("tinyproxy-connect", "Tunnels by CONNECT through tinyproxy, and how they end",
          STORY.format(name="tinyproxy", timer="tinyproxy's `Timeout 6`", status="500"), LOOK, seconds=20)
def tinyproxy_connect(world):
    world.setting("tinyproxy", "Timeout", 6)
    run(world, *tunnelled(world, "tinyproxy", TINY), ("tinyproxy.Timeout", 6.0))


@scenario("squid-connect", "Tunnels by CONNECT through Squid, and how they end",
          STORY.format(name="Squid", timer="Squid's `read_timeout 6 seconds`", status="503"), LOOK, seconds=25)
def squid_connect(world):
    world.setting("squid", "read_timeout", 6)
    run(world, *tunnelled(world, "squid", SQUID), ("squid.read_timeout", 6.0))
