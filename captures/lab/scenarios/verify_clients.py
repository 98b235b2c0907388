"""Before and after: a client's own timeout, nginx's header timeout."""
import json
import random
import socket
import time

from labkit.configs import site
from labkit.pair import Pair, finding, labelled, taken
from labkit.registry import scenario

from .client_timers import from_access
from .verify_timeouts import APP, CLEAN, DOWN, UP, WAITING, change, plan, world_of

HTTPX = """
import asyncio, httpx, json, sys
url, limit, jobs = sys.argv[1], float(sys.argv[2]), json.loads(sys.argv[3])

async def one(number, begin, path, marker):
    await asyncio.sleep(begin)
    async with httpx.AsyncClient(timeout=limit) as client:
        try:
            return (await client.get(url + path, headers={"X-Request-Id": marker})).status_code
        except httpx.ReadTimeout:
            return "ReadTimeout"

async def main():
    print(json.dumps(await asyncio.gather(*[one(n, *job) for n, job in enumerate(jobs)])))

asyncio.run(main())
"""


def ask_with_httpx(world, limit, jobs, label):
    """[(request id, seconds needed, what httpx said)]"""
    named = [(begin, path, f"{label}-{number}") for number, (begin, path, _) in enumerate(jobs)]
    process = world.run_in("client", "/usr/bin/python3", "-c", HTTPX, "http://10.77.1.3", str(limit), json.dumps(named))
    said = json.loads(process.communicate()[0])
    return [(marker, need, word) for (_, _, marker), (_, _, need), word in zip(named, jobs, said)]


def tell_httpx(world, side, results, nginx, app, limit, old):
    logged = {line["id"]: line for line in nginx.access()}
    with labelled(world, side):
        for marker, need, said in results:
            assert said == ("ReadTimeout" if need > limit else 200), f"{need} s: {said}"
            more = {"wire": {"exposed": int(need > old)}, "instance": marker}
            if need > limit:
                left = dict(cls=["client-abort"], flag="FIN", **WAITING)
                down = from_access(world, logged[marker], timer=("httpx.timeout", limit), **left, **more)
                up = world.truth.upstream_leg(app.request(marker), UP, variant="propagated", instance=marker, **left)
                world.truth.link(down, up, cause="down")
            else:
                down = from_access(world, logged[marker], status=200, **CLEAN, **more)
                world.truth.link(down, world.truth.upstream_leg(app.request(marker), UP, cls=["clean"], owed="nothing",
                                                                status=200, instance=marker))


@scenario(
    "verify-client-timeout-raised", "Fixed: httpx's timeout raised from 4.2 s to 12 s",
    """Before: 36 httpx calls, 16 of which need 5 to 7.5 s; httpx gives up on those after 4.2 s, nginx logs 499. Then the
    client's `timeout` is raised to 12 s. After: 84 calls, 60 of which need 5 to 7.5 s, all answered.""",
    """`tcp.flags.fin == 1 && ip.src == 10.77.1.2`: before, FINs 4.2 s after a request without an answer; after, none before
    `http.response`.""", seconds=65)
def client_timeout_raised(world):
    nginx, app = world_of(world)
    world.setting("httpx", "timeout (before)", 4.2)
    world.setting("httpx", "timeout (after)", 12)
    with taken(world, "before"):
        first = ask_with_httpx(world, 4.2, plan(11, 14, 16, 20, 5.0, 7.5), "first")
    time.sleep(4)
    with taken(world, "after"):
        second = ask_with_httpx(world, 12.0, plan(12, 24, 60, 24, 5.0, 7.5), "second")
    tell_httpx(world, "before", first, nginx, app, 4.2, 4.2)
    tell_httpx(world, "after", second, nginx, app, 12.0, 4.2)
    Pair(world, "httpx `timeout` 4.2 s → 12 s in the client", "fixed",
         "60 answers took longer than the old limit and no client left.", "requests in flight for longer than 4.2 s",
         change(12.0, "httpx", "timeout", 4.2),
         finding("client-abort", "client→nginx", "awaiting-response", timer=("httpx.timeout", 4.2)), None)


def drip(world, address, begin, lines, zero):
    """A request head in so many lines, one every 0.8 s, unless the server closes."""
    time.sleep(max(0.0, zero + begin - time.time()))
    client = world.connect("client", address)
    head = client.head("/hello").rstrip(b"\r\n").split(b"\r\n") + [b"X-Slow: %d" % n for n in range(lines)]
    client.slow, client.cut = lines * 0.8, False
    for number, line in enumerate(head):
        client.send(line + b"\r\n")
        if number >= 3:
            client.socket.settimeout(0.8)
            try:
                client.cut = client.socket.recv(1) == b""
            except (socket.timeout, TimeoutError):
                continue
            if client.cut:
                break
    client.socket.settimeout(30)
    if not client.cut:
        client.send(b"\r\n")
        client.response()
        time.sleep(0.3)
    client.close()
    return client


def tell_heads(world, side, clients, app, limit, old):
    with labelled(world, side):
        for client in clients:
            more = {"exposed": int(client.slow > old)}
            if client.slow > limit:
                assert client.cut
                world.truth.client_leg(
                    client, DOWN, cls=["idle-timeout"], severity="problem", phase="mid-request", owed="rest-of-request",
                    closer="server", flag="FIN", timer=("nginx.client_header_timeout", limit), exchanges=0, ids=[],
                    wire={"since": "start", "gap": (limit - 0.35, limit + 0.2), "http": False, **more})
                continue
            assert client.status == 200
            down = world.truth.client_leg(client, DOWN, **CLEAN, wire=more)
            world.truth.link(down, world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["clean"], owed="nothing",
                                                            status=200))


@scenario(
    "verify-header-timeout-raised", "Fixed: nginx's client_header_timeout raised from 3.4 s to 20 s",
    """Slow clients send their request head line by line, one every 0.8 s. Before: 32 clients, 14 of which need 4.8 to 7.2 s;
    nginx closes those 3.4 s after the handshake, without a word. Then `client_header_timeout` is raised to 20 s and nginx
    reloaded. After: 80 clients, 60 of which need as long, all answered.""",
    """`tcp.flags.fin == 1 && ip.src == 10.77.1.3`: before, bare FINs 3.4 s after the SYN in the middle of a head.""",
    seconds=65)
def header_timeout_raised(world):
    body = {"/": f"proxy_pass http://{APP};"}
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    app = world.serve("uvicorn", "app", "nginx", 8000)
    nginx = world.serve("nginx", "nginx", "client", 80, site(body, more="client_header_timeout 3400ms;"))
    world.setting("nginx", "client_header_timeout (before)", 3.4)
    world.setting("nginx", "client_header_timeout (after)", 20)

    def crowd(seed, seconds, slow, quick):
        chance, zero = random.Random(seed), time.time() + 0.3
        jobs = [(chance.uniform(0, seconds), chance.choice((6, 7, 8, 9))) for _ in range(slow)] + \
            [(chance.uniform(0, seconds), chance.choice((0, 1, 2))) for _ in range(quick)]
        return world.parallel(lambda job: drip(world, nginx.address, *job, zero), jobs)

    with taken(world, "before"):
        first = crowd(21, 14, 14, 18)
    nginx.reconfigure(site(body, more="client_header_timeout 20s;"))
    with taken(world, "after"):
        second = crowd(22, 24, 60, 20)
    tell_heads(world, "before", first, app, 3.4, 3.4)
    tell_heads(world, "after", second, app, 20.0, 3.4)
    Pair(world, "nginx `client_header_timeout` 3.4 s → 20 s, `nginx -s reload`", "fixed",
         "60 request heads took longer than the old limit and all were answered.",
         "request heads that take longer than 3.4 s", change(20.0, setting="client_header_timeout", before=3.4),
         finding("idle-timeout", "client→nginx", "mid-request", timer=("nginx.client_header_timeout", 3.4)), None)
