"""An answer that comes before the upload is over, where nobody can read it."""
import time

from labkit.configs import site
from labkit.registry import scenario

from .tls import VERSIONS, certificate


@scenario(
    "tls-early-response", "413 over TLS while the upload goes on",
    """Directly at nginx (`client_max_body_size 1k`), over TLS 1.2 and 1.3. Each client has a first answer on its connection
    and then uploads 30 000 bytes, 1000 every 30 ms. nginx answers 413 as soon as it has read the head and closes; what
    still comes it reads and throws away (`lingering_close`), with `lingering_close off` the kernel answers it with RSTs.
    Clients go on for 0.5 s, as programs do that write a whole body before they read.""",
    """Inside TLS nothing says 413: `tls.record.length` of nginx's last records, its FIN in the same instant, and client
    records that go on after it. They are the rest of a request that is already answered, not a new one.""", seconds=15)
def tls_early_response(world):
    world.chain("client", "nginx", delays=(0.0061,))
    key, cert = certificate(world)
    locations = {"/": "client_max_body_size 1k; return 200 hello;", "/up": "client_max_body_size 1k; root /nowhere;",
                 "/off": "client_max_body_size 1k; lingering_close off; root /nowhere;"}
    nginx = world.serve("nginx", "nginx", "client", 443, site(
        locations, listen="443 ssl", more=f"ssl_certificate {cert}; ssl_certificate_key {key}; "
                                          "ssl_protocols TLSv1.2 TLSv1.3;"))
    world.http_ports.discard(443)
    world.capture("nginx")
    for number in range(8):
        client = world.connect("client", nginx.address).tls(VERSIONS[("12", "13")[number % 2]])
        client.get("/hello")
        time.sleep(0.4)
        client.send(client.head(("/up", "/off")[number // 4], "POST", length=30000) + b"x" * 1000)
        for _ in range(16):
            time.sleep(0.03)
            try:
                client.send(b"x" * 1000)
            except OSError:
                break
        # nginx's own log says what it answered; the client may have lost it to a RST.
        answers = [line["status"] for line in nginx.access() if line["id"] == client.ids[-1]]
        client.close()
        assert answers in ([], [413]), answers
        world.truth.client_leg(client, ("client", "nginx"), cls=["server-abort", "clean"], severity=None,
                               phase=None, owed=None, closer="server", status=None, wire={"http": False})
        time.sleep(0.3)
