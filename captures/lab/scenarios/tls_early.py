"""An answer that comes before the upload is over, where nobody can read it."""
import os
import time

from labkit import servers
from labkit.configs import site
from labkit.registry import scenario

from .tls import VERSIONS, certificate


@scenario(
    "tls-early-response", "401 and 413 over TLS while the upload goes on",
    """Each client has a first answer on its connection and then uploads 40 000 bytes, 1000 every 60 ms, over TLS 1.2 or 1.3.
    Node answers 401 (`Connection: close`) as soon as it has the head, and closes at once. nginx (`client_max_body_size
    1k`) answers 413 at once, reads on and throws away what comes, and closes after `lingering_time` (1 s here). The
    clients go on until they are told, as programs do that write a whole body before they read.""",
    """Inside TLS nothing says 401 or 413. Client records that go on after the server's record and its FIN are the rest of
    a request that is already answered, not a new one; bare RSTs answer them.""", seconds=20)
def tls_early_response(world):
    world.chain("client", "server", delays=(0.0061,))
    key, cert = certificate(world)
    at = world.hosts["server"].address("client")
    nginx = world.serve("nginx", "server", "client", 443, site(
        {"/": "client_max_body_size 1k; lingering_time 1s; return 200 hello;",
         "/up": "client_max_body_size 1k; lingering_time 1s; root /nowhere;"}, listen="443 ssl",
        more=f"ssl_certificate {cert}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3;"))
    directory = os.path.join(world.scratch, "node")
    os.makedirs(directory)
    script = os.path.join(servers.APPS, "node_tls_early.mjs")
    node = servers.Server("node", world.hosts["server"], ["/usr/bin/node", script, at, "8443", key, cert], directory)
    world.servers.append(node)
    node.wait_for(at, 8443)
    node.address = (at, 8443)
    world.http_ports.discard(443)
    world.setting("nginx", "lingering_time", 1)
    world.capture("server")

    def upload(number):
        time.sleep(0.4 * number)
        server = (node, nginx)[number % 2]
        client = world.connect("client", server.address).tls(VERSIONS[("12", "13")[number // 2 % 2]])
        client.kind = "node" if server is node else "nginx"
        client.get("/hello")
        time.sleep(0.4)
        client.send(client.head("/up", "POST", length=40000) + b"x" * 1000)
        for _ in range(39):
            time.sleep(0.06)
            try:
                client.send(b"x" * 1000)
            except OSError:
                break
        else:
            raise AssertionError("the whole body went out")
        client.close()
        return client

    clients = world.parallel(upload, range(10))
    for client in clients:
        log = node.lines() if client.kind == "node" else nginx.access()
        assert [line["status"] for line in log if line["id"] == client.ids[-1]] == [401 if client.kind == "node" else 413]
        lasting = ["idle-timeout"] if client.kind == "nginx" else []
        world.truth.client_leg(client, ("client", "server"), cls=["server-abort", "clean", *lasting], severity=None,
                               phase=None, owed=None, closer="server", status=None, wire={"http": False},
                               exchanges=None)    # from turns alone the rest of the upload looks like a third request
