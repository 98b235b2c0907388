"""TLS handshakes that one end breaks off, and some that only look like it."""
import ssl
import time

from labkit.configs import site
from labkit.registry import scenario

from .tls import certificate

LEG = ("client", "nginx")
TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
WIRE = {"http": False}


def context(low=TLS12, high=TLS13, verify=False, ciphers=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_REQUIRED if verify else ssl.CERT_NONE
    made.minimum_version, made.maximum_version = low, high
    if ciphers:
        made.set_ciphers(ciphers)
    return made


def shake(client, made, name="lab.test"):
    """The handshake; what the ssl module says when it fails, else None."""
    try:
        client.socket = made.wrap_socket(client.socket, server_hostname=name)
    except ssl.SSLError as error:
        return error.reason or str(error)
    except (ConnectionResetError, OSError) as error:
        return type(error).__name__
    return None


BROKEN = {
    # kind: (port, client's TLS, server name, which end breaks off)
    "untrusted-12": (443, dict(high=TLS12, verify=True), "lab.test", "client"),
    "untrusted-13": (443, dict(low=TLS13, verify=True), "lab.test", "client"),
    "version": (8443, dict(high=TLS12), "lab.test", "server"),
    "ciphers": (443, dict(high=TLS12, ciphers="AES128-SHA"), "lab.test", "server"),
    "name": (8444, dict(), "other.test", "server"),
}


@scenario(
    "tls-handshake", "TLS handshakes that one end breaks off with an alert, and four that only look like it",
    """Clients that do not trust nginx's certificate break off (the alert unknown_ca, which OpenSSL
    sends in the clear with TLS 1.2 and with 1.3). A client knows only TLS 1.2 where nginx wants 1.3 (protocol_version), one offers no cipher suite that nginx
    has a key for (handshake_failure), one asks for a name that nginx rejects (`ssl_reject_handshake`,
    unrecognized_name). Each twice. Near misses: a client that shakes hands and leaves without a request, one that leaves
    by a bare FIN after its hello, one that speaks plain HTTP to the TLS port (nginx: 400), and one that speaks TLS to a
    plain port (400 as well).""",
    """`tls.alert_message.level == 2` finds the alerts in the clear; of TLS 1.3's it shows only an application data record
    of 19 bytes by the client, right after the server's certificate.""", seconds=12)
def tls_handshake(world):
    key, cert = certificate(world)
    world.chain("client", "nginx", delays=(0.0043,))
    tls = f"ssl_certificate {cert}; ssl_certificate_key {key};"
    page = {"/": "return 200 hello;"}
    text = site(page, listen="443 ssl", more=f"{tls} ssl_protocols TLSv1.2 TLSv1.3;") + \
        site(page, listen="8443 ssl", more=f"{tls} ssl_protocols TLSv1.3;") + \
        site(page, listen="8444 ssl", more=f"{tls} server_name lab.test;") + \
        site(page, listen="8444 ssl default_server", more="ssl_reject_handshake on;") + site(page)
    nginx = world.serve("nginx", "nginx", "client", 80, text)
    world.capture("nginx")
    world.capture("client", view="at-client")
    kinds = [*BROKEN, *BROKEN, "only-handshake", "only-hello", "plain", "tls-to-plain"]

    def job(number):
        time.sleep(0.37 * number)
        kind = kinds[number]
        port, options, name, _ = BROKEN.get(kind, ({"tls-to-plain": 80}.get(kind, 443), {}, "lab.test", None))
        client = world.connect("client", (nginx.address[0], port))
        client.kind = kind
        if kind == "plain":
            assert client.get("/hello") == 400
        elif kind == "only-hello":
            client.send(hello(context()))
            time.sleep(0.002)
        else:
            client.failed = shake(client, context(**options), name)
            assert (client.failed is None) == (kind == "only-handshake"), f"{kind}: {client.failed}"
        time.sleep(0.0 if kind == "only-hello" else 0.15)
        client.close()
        return client

    for client in world.parallel(job, range(len(kinds))):
        label(world, client)


def hello(made):
    """A ClientHello's bytes."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        made.wrap_bio(incoming, outgoing, server_hostname="lab.test").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def label(world, client):
    if client.kind in BROKEN:
        by = BROKEN[client.kind][3]
        # Whose FIN comes first is a matter of which host hears of it sooner.
        world.truth.client_leg(client, LEG, cls=[f"{by}-abort"], variant="tls-handshake", severity="problem", wire={
            **WIRE, "closes": False}, closer=None)
    elif client.kind == "plain":
        world.truth.client_leg(client, LEG, cls=["clean"], owed="nothing", wire={**WIRE, "closes": False})
    elif client.kind == "tls-to-plain":
        world.truth.client_leg(client, LEG, cls=["clean", "server-abort", "unclassified"], severity=None,
                               wire={**WIRE, "closes": False})
    elif client.kind == "only-hello":
        world.truth.client_leg(client, LEG, cls=["client-abort", "clean", "unclassified"], severity=None, closer="client",
                               wire=WIRE)
    else:
        world.truth.client_leg(client, LEG, cls=["clean"], closer="client", wire=WIRE)
