"""Requests that a proxy sends for itself: nginx's auth_request."""
import time

from labkit.configs import site
from labkit.registry import scenario

APP, AUTH = "10.77.2.3:8000", "10.77.3.3:8010"
DOWN, UP, ASK = ("client", "nginx"), ("nginx", "app"), ("nginx", "auth")
ASKS = "internal; proxy_pass_request_body off; proxy_set_header Content-Length ''; proxy_set_header X-Request-Id '';"
NAMES = "proxy_set_header X-Original-URI $request_uri;"
CLEAN = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
WAITING = dict(severity="problem", phase="awaiting-response", owed="response", closer="client", flag="FIN")


def guarded(about, answer, more="", names=NAMES):
    """A location and the one that asks about it; `answer` is the path the authorisation server is asked for."""
    return {f"/{about}/": f"auth_request /_{about}; proxy_pass http://{APP}; proxy_set_header X-Request-Id '';",
            f"= /_{about}": f"{ASKS} {names} {more} proxy_pass http://{AUTH}{answer};"}


def hosts(world):
    """client — nginx, and behind nginx the application and, on another host, the authorisation server."""
    world.link("client", "nginx", 0.0043)
    world.link("nginx", "app", 0.0021)
    world.link("nginx", "auth", 0.0013)
    world.start_relay()
    app = world.serve("uvicorn", "app", "nginx", 8000)
    auth = world.serve("uvicorn", "auth", "nginx", 8010)
    locations = {**guarded("pass", "/hello"), **guarded("large", "/bytes/30000"), **guarded("denied", "/status/401"),
                 **guarded("slow", "/sleep/20", "proxy_read_timeout 3700ms;"), **guarded("leave", "/sleep/9"),
                 **guarded("unnamed", "/hello", names=""), **guarded("sleep", "/hello")}
    return world.serve("nginx", "nginx", "client", 80, site(locations)), app, auth


@scenario(
    "nginx-auth-request", "nginx asks another server whether each request may pass: auth_request",
    """Every request makes nginx ask an authorisation server first (`auth_request`; the question names the request in
    `X-Original-URI`, no leg behind nginx carries a request id). Five pass; three of those get a large body with their
    yes, of which nginx reads nothing: it closes when it has the head. Two are denied (401). For two the authorisation
    server is too slow: nginx gives up after `proxy_read_timeout` 3.7 s and answers 500. Two clients leave while nginx
    still asks, two while the application works (their question had its answer). Two questions do not name their
    request.""",
    """`tcp.port == 8010`: the questions; `http.response.code == 500` 3.7 s after its request, and never a 504: an
    authorisation server that is too slow is not the client's upstream. `tcp.port == 8000` has no stream for a request
    that was denied, or whose client left before it was allowed.""", seconds=25)
def auth_request(world):
    nginx, app, auth = hosts(world)
    world.setting("nginx", "proxy_read_timeout (questions about /slow/)", 3.7)
    world.capture("nginx")
    kinds = "pass pass large large large denied denied slow slow leave leave sleep sleep unnamed unnamed".split()

    def ask(number):
        time.sleep(0.37 * number)
        client = world.connect("client", nginx.address)
        client.kind = kinds[number]
        client.path = f"/sleep/8/{number}" if client.kind == "sleep" else f"/{client.kind}/{number}"
        client.request(client.path)
        if client.kind in ("leave", "sleep"):
            time.sleep(2.3 + 0.4 * (number % 2))
        else:
            client.response()
            time.sleep(0.2)
        client.close()
        return client

    clients = world.parallel(ask, range(len(kinds)))
    time.sleep(9)
    asked = [line for line in auth.lines() if line["event"] == "request"]
    served = {line["path"]: line for line in app.lines() if line["event"] == "request"}
    nameless = iter(line for line in asked if line["about"] is None)
    for client in clients:
        question = next((line for line in asked if line["about"] == client.path), None) or next(nameless)
        label(world, client, question, served.get(client.path))


STATUS = {"pass": 200, "large": 200, "denied": 401, "slow": 500, "unnamed": 200, "leave": None, "sleep": None}


def label(world, client, question, line):
    kind = client.kind
    assert client.status == STATUS[kind], f"{client.path}: {client.status}"
    assert (line is None) == (kind in ("denied", "slow", "leave")), client.path
    left = kind in ("leave", "sleep")
    down = world.truth.client_leg(client, DOWN, **(
        dict(cls=["client-abort"], **WAITING) if left else {**CLEAN, "closer": "server" if kind == "slow" else "client"}))
    known = dict(ids=list(client.ids), exchanges=1)
    about = dict(cls=["clean"], status={"denied": 401}.get(kind, 200), **known)
    if kind == "slow":
        about = dict(cls=["idle-timeout"], timer=("nginx.proxy_read_timeout", 3.7), **WAITING, **known)
    elif kind == "leave":
        about = dict(cls=["client-abort"], variant="propagated", **WAITING, **known)
    elif kind == "large":
        # Whether the body has come in whole when nginx closes is a matter of microseconds; nobody wanted it.
        about.update(closer="client", severity="ok")
    elif kind == "unnamed":
        # Nothing on the wire says which request the question is about.
        about.update(severity=None, cls=["clean", "client-abort"])
    asked = world.truth.upstream_leg(question, ASK, **about)
    if kind != "unnamed":
        world.truth.link(down, asked, cause="down" if kind == "leave" else None)
    if line is not None:
        behind = dict(cls=["client-abort"], variant="propagated", **WAITING) if left else dict(cls=["clean"], owed="nothing",
                                                                                               status=200)
        world.truth.link(down, world.truth.upstream_leg(line, UP, **known, **behind), cause="down" if left else None)
