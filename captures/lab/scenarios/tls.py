"""The main cases over TLS 1.2 and 1.3, where nobody can read the messages."""
import contextlib
import ssl
import time

from labkit import netns
from labkit.configs import site
from labkit.registry import scenario

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")
SETTINGS = "client_header_timeout 9400ms; keepalive_timeout 7300ms; proxy_read_timeout 12700ms;"
VERSIONS = {"12": ssl.TLSVersion.TLSv1_2, "13": ssl.TLSVersion.TLSv1_3}


def certificate(world):
    """A throw-away certificate, made anew for each run."""
    key, cert = f"{world.scratch}/lab.key", f"{world.scratch}/lab.crt"
    netns.sh("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3",
             "-subj", "/CN=lab.test", "-keyout", key, "-out", cert)
    return key, cert


def tls_chain(world, locations, upstreams="", app_tls=False):
    key, cert = certificate(world)
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    options = ("--ssl-keyfile", key, "--ssl-certfile", cert) if app_tls else ()
    app = world.serve("uvicorn", "app", "nginx", 8000, *options)
    more = f"ssl_certificate {cert}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3; {SETTINGS}"
    nginx = world.serve("nginx", "nginx", "client", 443, site(locations, listen="443 ssl", upstreams=upstreams, more=more))
    world.http_ports.discard(443)
    if app_tls:
        world.http_ports.discard(8000)
    for name, seconds in (("client_header_timeout", 9.4), ("keepalive_timeout", 7.3), ("proxy_read_timeout", 12.7)):
        world.setting("nginx", name, seconds)
    return nginx, app


STORY = """Over TLS {word}: a session that the client ends with close_notify and one that it ends with a bare FIN; idle
    clients cut by `keepalive_timeout` (7.3 s); connections that shake hands and then send no request
    (`client_header_timeout` 9.4 s); a slow application (504 after `proxy_read_timeout` 12.7 s, inside TLS); clients that
    leave while they wait (2.9 s)."""
LOOK = """`tls.record.content_type` and `tcp.flags.fin == 1`. nginx's idle close is a close_notify and a FIN within 0.1 ms, often
    answered by the client's own close_notify, which meets a closed socket: a RST after an orderly end."""


def run(world, version):
    nginx, app = tls_chain(world, {"/": f"proxy_pass http://{APP};"})
    world.capture("nginx")
    world.capture("client", view="at-client")
    kinds = (clean_notify, clean_fin, idle, idle, idle, handshake_only, handshake_only, slow, slow, leaver, leaver)

    def job(number):
        time.sleep(0.23 * number)
        client = world.connect("client", nginx.address)
        client.kind = kinds[number]
        client.tls(VERSIONS[version])
        client.kind(client)
        return client

    clients = world.parallel(job, range(len(kinds)))
    time.sleep(1.5)
    for client in clients:
        label(world, app, client, version)


def clean_notify(client):
    client.get("/bytes/3000")
    client.get("/hello")
    # nginx 1.22 answers with a close_notify of its own, 1.26 with a bare FIN, which this ssl module calls a violation.
    with contextlib.suppress(ssl.SSLEOFError):
        client.socket.unwrap()
    client.close()


def clean_fin(client):
    client.get("/hello")
    client.get("/bytes/3000")
    client.close()


def idle(client):
    client.get("/hello")
    client.wait_close()
    time.sleep(0.1)         # close_notify comes before the FIN: closing at once would put our FIN first
    client.close()


def handshake_only(client):
    client.wait_close()
    time.sleep(0.1)
    client.close()


def slow(client):
    client.get("/sleep/20")
    time.sleep(0.4)
    client.close()


def leaver(client):
    client.request("/sleep/15")
    time.sleep(2.9)
    client.close()


def label(world, app, client, version):
    kind, wire = client.kind, {"http": False}
    common = dict(instance=client.name, wire=wire)      # owed: nobody can read it, turn-taking is all there is
    up = dict(cls=["clean"], owed="nothing", status=200)
    cause = None
    if kind is clean_notify:
        # nginx answers a close_notify with its own FIN at once: who is first on the wire says nothing.
        down = dict(cls=["clean"], owed="nothing", wire={**wire, "closes": False})
    elif kind is clean_fin:
        down = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
    elif kind is idle:
        down = dict(cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing", closer="server",
                    flag="FIN", timer=("nginx.keepalive_timeout", 7.3))
    elif kind is handshake_only:
        down = dict(cls=["idle-timeout"], severity=None, phase="awaiting-request", owed="nothing", closer="server",
                    flag="FIN", timer=("nginx.client_header_timeout", 9.4), wire={**wire, "since": "start"})
    elif kind is slow:
        assert client.status == 504
        down = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
        up = dict(cls=["idle-timeout"], severity="problem", phase="awaiting-response", owed="response", closer="client",
                  flag="FIN", timer=("nginx.proxy_read_timeout", 12.7))
    else:
        # TLS 1.3: nginx's session tickets lie unread in the client's socket, so its close() becomes a RST.
        left = dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response", closer="client")
        down, cause = {**left, "flag": "RST" if version == "13" else "FIN"}, "down"
        up = {**left, "flag": "FIN", "variant": "propagated"}
    leg = world.truth.client_leg(client, DOWN, **{**common, **down, "owed": None})
    for request_id in client.ids:
        line = app.request(request_id)
        world.truth.link(leg, world.truth.upstream_leg(line, UP, instance=client.name, **up), cause=cause)


@scenario("tls12", "The main cases over TLS 1.2 on the client leg", STORY.format(word="1.2"), LOOK, seconds=30)
def tls12(world):
    run(world, "12")


@scenario("tls13", "The main cases over TLS 1.3 on the client leg", STORY.format(word="1.3"), LOOK, seconds=30)
def tls13(world):
    run(world, "13")
