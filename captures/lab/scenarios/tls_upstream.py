"""TLS between the proxy and its upstream: a read timeout, idle closes and the race, all unreadable."""
import time

from labkit.configs import POOLED, site, upstream
from labkit.registry import scenario

from .tls import APP, DOWN, UP, certificate, tls_chain


@scenario(
    "tls-upstream", "TLS between nginx and the application: read timeout and a latent race, unreadable",
    """nginx talks TLS to uvicorn. Two requests need longer than `proxy_read_timeout` (12.7 s): 504. Four pooled connections
    are left idle and ended by uvicorn after its 5 s, before nginx's pool would (60 s): it sends a close_notify and waits for
    the peer's, so that the first FIN on the wire is nginx's, a round trip later, though uvicorn's timer fired. Taken on the
    upstream interface only: no clear text anywhere.""",
    """`tcp.port == 8000`: after the handshake nothing but type-23 records. nginx's FIN 12.7 s after the last one in two
    streams; in the others a last record from uvicorn after 5.0 s and nginx's FIN as its echo.""", seconds=25)
def tls_upstream(world):
    nginx, app = tls_chain(
        world, {"/": "proxy_pass https://app; proxy_ssl_session_reuse off;",
                "/pooled/": f"proxy_pass https://app/; {POOLED} proxy_ssl_session_reuse off;"},
        upstream("app", [APP], keepalive=8), app_tls=True)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.capture("nginx", interface="to-app")

    def ask(number):
        time.sleep(0.3 * number)
        client = world.connect("client", nginx.address).tls()
        client.get("/sleep/20" if number < 2 else "/pooled/sleep/1.5")
        client.close()
        return client

    clients = world.parallel(ask, range(6))
    time.sleep(6)
    for number, client in enumerate(clients):
        line, wire = app.request(client.ids[0]), {"http": False}
        down = world.truth.client_leg(client, DOWN, cls=["clean"], closer="client", flag="FIN", wire=wire)
        if number < 2:
            assert client.status == 504
            # Without the client leg nobody can tell nginx's timer from a client that left.
            up = world.truth.upstream_leg(
                line, UP, cls=["idle-timeout", "client-abort"], severity="problem", phase="awaiting-response", owed="response",
                closer="client", flag="FIN", timer=("nginx.proxy_read_timeout", 12.7), wire=wire)
        else:
            up = world.truth.upstream_leg(
                line, UP, cls=["idle-timeout", "clean"], severity=None, phase="between-requests",
                status=200, closer=None, flag="FIN", timer=("uvicorn.timeout_keep_alive", 5.0), wire=wire)
        world.truth.link(down, up)


@scenario(
    "tls-race", "The keep-alive race where nobody can read the messages: TLS between two nginx",
    """The upstream is another nginx with TLS and `keepalive_timeout` 5.3 s; the front nginx pools its connections for 60 s.
    Six requests are timed to meet the back's close_notify and FIN on the way (one-way delay 14.7 ms). GETs are retried,
    POSTs end in 502. Taken on the upstream interface and, as a second view, with both legs of the front.""",
    """`tcp.port == 8443`: type-23 records from the front that the back's FIN does not acknowledge, then RSTs without
    ACK.""", seconds=25)
def tls_race(world):
    key, cert = certificate(world)
    world.chain("client", "nginx", "app", delays=(0.0031, 0.0147))
    back = world.serve("nginx", "app", "nginx", 8443, site(
        {"/": "return 200 'hello\\n';"}, listen="8443 ssl",
        more=f"ssl_certificate {cert}; ssl_certificate_key {key}; keepalive_timeout 5300ms;"))
    pools = "".join(upstream(f"pool{n}", ["10.77.2.3:8443"], keepalive=1) for n in range(6))
    front = world.serve("nginx", "nginx", "client", 80, site(
        {f"/{n}/": f"proxy_pass https://pool{n}/; {POOLED} proxy_ssl_session_reuse off;" for n in range(6)},
        upstreams=pools))
    world.http_ports.discard(8443)
    world.setting("nginx (upstream)", "keepalive_timeout", 5.3)
    world.setting("nginx", "upstream keepalive_timeout", 60, default=True)
    world.capture("nginx", interface="to-app")
    world.capture("nginx", view="both-legs")

    def race(number):
        time.sleep(0.37 * number)
        client = world.connect("client", front.address)
        client.get(f"/{number}/hello")
        heard, client.method = time.time(), "POST" if number % 2 else "GET"
        logged = [line["t"] for line in back.access() if line["id"] == client.ids[0]]
        left = logged[0] if logged else heard - (0.0031 + 0.0147)
        arrival = 5.301 + (-8, -5, -2, 1, 4, 7)[number] / 1000      # at the back, counted from when its answer left
        time.sleep(max(0.0, left + arrival - 0.0031 - time.time()))
        client.request(f"/{number}/hello", client.method, b"x=1" if number % 2 else b"")
        client.response()
        time.sleep(0.4)
        client.close()
        return client

    clients = world.parallel(race, range(6))
    time.sleep(6.5)
    world.stop_captures()
    served = {line["id"]: line for line in back.access() if line["id"]}
    for client in clients:
        tls_race_truth(world, client, served)


def tls_race_truth(world, client, served):
    line, wire = served[client.ids[0]], {"http": False, "closes": False, "gap": None, "test": crossed_unread}
    down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                  instance=client.ids[0])
    leg = dict(server="10.77.2.3:8443", leg="nginx→app", hosts=UP, phase="between-requests",
               closer="server", flag="FIN", timer=("nginx.keepalive_timeout", 5.3), instance=client.ids[0])
    raced = world.truth.add(
        client=line["client"], start=line["t"], ids=list(client.ids), exchanges=2, cls=["keepalive-race"],
        variant="fin-crossing", severity="problem", wire=wire, **leg)
    world.truth.link(down, raced)
    again = served.get(client.ids[1])
    if again:
        # The back's close_notify makes the front close as well: seen at the front its FIN may be the first.
        retry = world.truth.add(client=again["client"], start=again["t"], ids=client.ids[1:], exchanges=1, status=200,
                                cls=["idle-timeout", "clean"], severity=None, wire={"http": False, "closes": False},
                                **{**leg, "closer": None})
        world.truth.link(down, retry)


def crossed_unread(flow):
    """Client bytes that the server's FIN does not cover, sent before the client had acknowledged that FIN."""
    close = next((p for p in flow.by("server") if p.fin), None)
    if close is None:
        return "the server sent no FIN"
    crossing = [p for p in flow.payload("client") if p.seq >= close.ack and p.ack <= close.seq]
    return None if crossing else "nothing crossed the FIN"
