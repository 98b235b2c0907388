"""Clients with idle timers of their own (Node), and proxies that tidy up their pools (HAProxy)."""
import time

from labkit.configs import haproxy
from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")

FETCH = """
const get = (id) => fetch('http://10.77.1.3/hello', { headers: { 'x-request-id': id } }).then((r) => r.text());
await get(process.argv[1]);
await new Promise((done) => setTimeout(done, 700));
await get(process.argv[1] + '-2');
await new Promise((done) => setTimeout(done, 8000));
"""
AGENT = """
import http from 'node:http';
// The global agent keeps connections since Node 19; before, an agent of the same settings has to be asked for.
const agent = Number(process.versions.node.split('.')[0]) > 18 ? http.globalAgent
  : new http.Agent({ keepAlive: true, timeout: 5000 });
const get = (id) => new Promise((done) => http.get('http://10.77.1.3/hello', { agent, headers: { 'x-request-id': id } },
  (response) => response.resume().on('end', done)));
await get(process.argv[1]);
await new Promise((done) => setTimeout(done, 700));
await get(process.argv[1] + '-2');
await new Promise((done) => setTimeout(done, 8000));
"""


@scenario(
    "node-clients", "Node as a client: fetch drops idle connections after 4 s, http.globalAgent after 5 s",
    """Three programs use Node's `fetch` (undici), three its `http.globalAgent`: two requests each on one connection, then
    silence. The client closes: after 4 s with fetch, after 5 s with the agent. In good order; nginx would have waited
    75 s.""",
    """`tcp.flags.fin == 1 && ip.src == 10.77.1.2`: about 4.0 s and 5.0 s after the last response.""", seconds=20)
def node_clients(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"})
    world.setting("undici", "keepAliveTimeout", 4, default=True)
    world.setting("node", "http.globalAgent timeout", 5, default=True)
    world.capture("nginx")
    runs = []
    for number in range(6):
        runs.append(world.run_in("client", "/usr/bin/node", "--input-type=module", "-e", (FETCH, AGENT)[number % 2],
                                 f"node-{number}"))
        time.sleep(0.5)
    for run in runs:
        assert run.wait(30) == 0, run.stderr.read()
    by_id = {line["id"]: line for line in nginx.access()}
    for number in range(6):
        first, second = by_id[f"node-{number}"], by_id[f"node-{number}-2"]
        assert first["client"] == second["client"] and second["requests"] == 2
        timer = (("undici.keepAliveTimeout", 4.0), ("node.agent.timeout", 5.0))[number % 2]
        down = world.truth.add(
            client=first["client"], server=first["server"], leg="client→nginx", hosts=DOWN,
            start=first["t"] - first["request_time"], ids=[first["id"], second["id"]], exchanges=2, status=200,
            cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing", closer="client", flag="FIN",
            timer=timer, wire={"gap": (timer[1] - 1.1, timer[1] + 0.6)})
        for line in (first, second):
            world.truth.link(down, world.truth.upstream_leg(app.request(line["id"]), UP, cls=["clean"], owed="nothing",
                                                            status=200))


@scenario(
    "haproxy-pool-purge", "HAProxy tidies up its idle server connections with RSTs",
    """HAProxy keeps idle connections to the server (`http-reuse always`). Six clients came at the same time and left; what
    remains in the pool is purged every 5 s (`pool-purge-delay`), half of it at each tick, with RST and not FIN: the idle time
    is 13 or 18 s and belongs to nobody's setting. The server
    (Node, keep-alive 70 s) had nothing to do with it and nothing was lost.""",
    """`tcp.flags.reset == 1 && tcp.dstport == 8000`: RST+ACK by HAProxy on connections whose last response came seconds
    before; several at one tick.""", seconds=50)
def pool_purge(world):
    world.chain("client", "lb", "app", delays=(0.0052, 0.0017))
    app = world.serve("node", "app", "lb", 8000, options={"server": {"keepAliveTimeout": 70000}})
    lb = world.serve("haproxy", "lb", "client", 8080, haproxy(
        "10.77.1.3:8080", APP, {"connect": "3s", "client": "50s", "server": "50s"}, more_backend="http-reuse always"))
    world.setting("haproxy", "pool-purge-delay", 5, default=True)
    world.capture("lb")

    def use(number):
        client = world.connect("client", lb.address)
        client.get("/hello")
        client.get("/sleep/1.5")
        time.sleep(0.2 * number)
        client.close()
        return client

    clients = world.parallel(use, range(6))
    time.sleep(38)
    by_peer = {}
    for client in clients:
        for request_id in client.ids:
            line = app.request(request_id)
            by_peer.setdefault(line["peer"], []).append((line, client))
    downs = {client: world.truth.client_leg(client, ("client", "lb"), cls=["clean"], owed="nothing", closer="client",
                                            flag="FIN") for client in clients}
    for lines in by_peer.values():
        up = world.truth.upstream_leg(
            lines[0][0], ("lb", "app"), ids=[line["id"] for line, _ in lines], exchanges=len(lines), status=200,
            cls=["idle-timeout", "clean"], severity="ok", phase="between-requests", owed="nothing", closer="client",
            flag="RST", wire={"gap": (3.0, 38.0)})
        for client in {client for _, client in lines}:
            world.truth.mention(downs[client], up)
