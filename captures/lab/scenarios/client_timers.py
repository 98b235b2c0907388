"""Clients' own timers: curl and httpx."""
import time

from labkit.registry import scenario

from .basics import three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")


@scenario(
    "curl-max-time", "curl gives up by its own timer: client abort, with the timer's name",
    """Three `curl --max-time` (12.7 s; 6.1 s; 12.7 s) ask for an answer that takes 30 s; one more has enough time for its
    answer. curl closes, nginx logs 499 and closes the upstream leg.""",
    """The client's FIN 12.7 s after its start; the upstream leg follows within a millisecond.""", seconds=25)
def curl_max_time(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"})
    for seconds in (12.7, 6.1):
        world.setting("curl", "max-time", seconds)
    world.capture("nginx")
    runs = []
    for number, (limit, sleep) in enumerate(((12.7, 30), (6.1, 30), (12.7, 30), (12.7, 4))):
        start, port = time.time(), 42000 + number
        process = world.run_in("client", "curl", "-s", "-o", "/dev/null", "--max-time", str(limit), "--local-port",
                               str(port), "-H", f"X-Request-Id: curl-{number}", f"http://10.77.1.3/sleep/{sleep}")
        runs.append((process, start, port, limit, sleep))
        time.sleep(0.9)
    codes = [run[0].wait() for run in runs]
    time.sleep(1)
    for number, ((_, start, port, limit, sleep), code) in enumerate(zip(runs, codes)):
        base = dict(client=f"10.77.1.2:{port}", server="10.77.1.3:80", leg="client→nginx", hosts=DOWN, start=start,
                    ids=[f"curl-{number}"], exchanges=1, instance=number)
        line = app.request(f"curl-{number}")
        if sleep < limit:
            assert code == 0
            down = world.truth.add(cls=["clean"], owed="nothing", closer="client", flag="FIN", status=200, **base)
            up = world.truth.upstream_leg(line, UP, cls=["clean"], owed="nothing", status=200, instance=number)
            world.truth.link(down, up)
            continue
        assert code == 28, f"curl exited with {code}, 28 is its timeout"
        left = dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response",
                    closer="client", flag="FIN")
        down = world.truth.add(timer=("curl.max-time", limit), **left, **base, wire={"gap": (limit - 0.2, limit + 0.1)})
        up = world.truth.upstream_leg(line, UP, variant="propagated", instance=number, **left)
        world.truth.link(down, up, cause="down")


HTTPX = """
import httpx, sys, time
url, marker, mode = sys.argv[1:4]
headers = {"X-Request-Id": marker}
if mode == "timeout":
    try:
        httpx.get(url, headers=headers)
    except httpx.ReadTimeout:
        print("ReadTimeout")
else:
    with httpx.Client() as client:
        print(client.get(url, headers=headers).status_code)
        time.sleep(8.3)
        print(client.get(url, headers={"X-Request-Id": marker + "-2"}).status_code)
"""


@scenario(
    "httpx-timers", "httpx: its default timeout of 5 s, and a pool that drops expired connections only when it is used",
    """Three httpx calls with default settings ask for an answer that takes 20 s: ReadTimeout after 5 s. Two more use a
    client with a pool: a request, 8.3 s of doing something else, a request. httpx drops idle connections after 5 s
    (`keepalive_expiry`), but notices only when it needs one: its FIN goes out 8.3 s after the response, together with
    the new connection's SYN.""",
    """`tcp.flags.fin == 1 && ip.src == 10.77.1.2`: 5.0 s after the request in the first three; in the others right before
    or after the SYN of the next connection.""", seconds=20)
def httpx_timers(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"})
    world.setting("httpx", "timeout", 5, default=True)
    world.setting("httpx", "keepalive_expiry", 5, default=True)
    world.capture("nginx")
    runs = []
    for number in range(5):
        mode, path = ("timeout", "sleep/20") if number < 3 else ("pool", "hello")
        runs.append(world.run_in("client", "/usr/bin/python3", "-c", HTTPX, f"http://10.77.1.3/{path}",
                                 f"httpx-{number}", mode))
        time.sleep(0.7)
    outputs = [run.communicate()[0].split() for run in runs]
    time.sleep(1)
    by_id = {line["id"]: line for line in nginx.access()}
    for number, output in enumerate(outputs):
        assert output == (["ReadTimeout"] if number < 3 else ["200", "200"]), output
        if number < 3:
            httpx_timeout(world, app, by_id[f"httpx-{number}"])
        else:
            httpx_pool(world, app, by_id[f"httpx-{number}"], by_id[f"httpx-{number}-2"])


def from_access(world, line, **fields):
    """A client leg whose addresses come from nginx's access log."""
    return world.truth.add(client=line["client"], server=line["server"], leg="client→nginx", hosts=DOWN,
                           start=line["t"] - line["request_time"], ids=[line["id"]], exchanges=1, **fields)


def httpx_timeout(world, app, line):
    assert line["status"] == 499
    left = dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response", closer="client",
                flag="FIN", instance=line["id"])
    down = from_access(world, line, timer=("httpx.timeout", 5.0), **left)
    up = world.truth.upstream_leg(app.request(line["id"]), UP, variant="propagated", **left)
    world.truth.link(down, up, cause="down")


def httpx_pool(world, app, first, second):
    for line in (first, second):
        pooled = line is first
        down = from_access(
            world, line, cls=["idle-timeout"] if pooled else ["clean"], severity="ok", owed="nothing", closer="client",
            flag="FIN", status=200, phase="between-requests" if pooled else None,
            timer=("httpx.keepalive_expiry", 5.0) if pooled else None,
            wire={"gap": (8.1, 8.5)} if pooled else {}, instance=first["id"])
        up = world.truth.upstream_leg(app.request(line["id"]), UP, cls=["clean"], owed="nothing", status=200,
                                      instance=first["id"])
        world.truth.link(down, up)


@scenario(
    "curl-connect-timeout", "curl gives up connecting: SYNs and silence",
    """nginx's host does not answer. Two `curl --connect-timeout 5.3` and one with 9.6 s give up; closing a half-made
    connection leaves no packet.""",
    """Only SYNs in these streams, repeated after 1, 2, 3, 4, 5, 7.1 s.""", seconds=20)
def curl_connect(world):
    world.chain("client", "nginx", delays=(0.0061,))
    world.path.blackhole("client-nginx", "all")
    world.setting("curl", "connect-timeout", 5.3)
    world.setting("curl", "connect-timeout", 9.6)
    world.capture("client")
    runs = []
    for number, limit in enumerate((5.3, 5.3, 9.6)):
        start, port = time.time(), 42100 + number
        runs.append((world.run_in("client", "curl", "-s", "--connect-timeout", str(limit), "--local-port", str(port),
                                  "http://10.77.1.3/"), start, port, limit))
        time.sleep(0.8)
    for process, start, port, limit in runs:
        assert process.wait() == 28
        world.truth.add(client=f"10.77.1.2:{port}", server="10.77.1.3:80", leg="client→nginx", hosts=DOWN, start=start,
                        cls=["connect-timeout"], severity="problem", phase="connecting", closer="none",
                        timer=("curl.connect-timeout", limit))
    time.sleep(4)
