"""The whole chain: client — HAProxy — nginx — uvicorn (which itself calls an API with httpx) — API."""
import time

from labkit.configs import POOLED, haproxy, site, upstream
from labkit.registry import scenario

FRONT, MIDDLE, BACK, LAST = ("client", "lb"), ("lb", "nginx"), ("nginx", "app"), ("app", "api")
API = "10.77.4.3:9000"


class Chain:
    """Five hosts. Every hop forwards X-Request-Id; every server notes it."""

    def __init__(self, world, timeouts, nginx_more="", app_options=(), delays=(0.0091, 0.0008, 0.0023, 0.0046),
                 api="scripted", pool_more=""):
        self.world = world
        world.chain("client", "lb", "nginx", "app", "api", delays=delays)
        self.api = world.serve(api, "api", "app", 9000)
        self.app = world.serve("uvicorn", "app", "nginx", 8000, *app_options, api=API)
        self.nginx = world.serve("nginx", "nginx", "lb", 80, site(
            {"/": f"proxy_pass http://app; {POOLED}"}, more=nginx_more,
            upstreams=upstream("app", ["10.77.3.3:8000"], keepalive=32, more=pool_more)))
        self.lb = world.serve("haproxy", "lb", "client", 8080, haproxy(
            "10.77.1.3:8080", "10.77.2.3:80", {"connect": "3s", "client": "60s", "server": "50s", **timeouts},
            more_backend="http-reuse never"))

    def logs(self):
        time.sleep(0.6)
        by_id = lambda lines: {line["id"]: line for line in lines if line.get("id") not in (None, "", "-")}  # noqa: E731
        self.lb_log, self.nginx_log = by_id(self.lb.access()), by_id(self.nginx.access())
        return self

    def front(self, client, **fields):
        return self.world.truth.client_leg(client, FRONT, **fields)

    def middle(self, request_id, **fields):
        """HAProxy → nginx, from HAProxy's log (%bi:%bp)."""
        line = self.lb_log[request_id]
        start = line["t"] + max(0, line["tr"]) / 1000
        return self.world.truth.add(**{**dict(client=line["up_client"], server="10.77.2.3:80", leg="lb→nginx",
                                              hosts=MIDDLE, start=start, ids=[request_id], exchanges=1,
                                              status=line["status"]), **fields})

    def back(self, request_id, **fields):
        return self.world.truth.upstream_leg(self.app.request(request_id), BACK, **fields)

    def last(self, request_id, **fields):
        return self.world.truth.upstream_leg(self.api.request(request_id), LAST, **fields)


@scenario(
    "chain-api-timeout", "A slow API at the end of a chain of five: httpx in the application gives up after 5 s",
    """client — HAProxy — nginx — uvicorn — API. The application asks the API with httpx and its default timeout of 5 s; the
    API never answers. The application closes its leg, answers 504 itself, and that 504 travels back through nginx and HAProxy
    to the client: every other leg is healthy. Three such calls and three good ones, a few seconds apart. Taken at the
    application (both its legs), at the API and at nginx.""",
    """`tcp.port == 9000 && tcp.flags.fin == 1`: the application's FINs 5.0 s after a request with no answer. The 504 on
    port 8000 is an ordinary response.""", seconds=40)
def api_timeout(world):
    chain = Chain(world, {}, pool_more="keepalive_timeout 4100ms;")
    world.setting("httpx", "timeout", 5, default=True)
    world.setting("nginx", "upstream keepalive_timeout", 4.1)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.capture("app")
    world.capture("api", view="at-api")
    world.capture("nginx", view="at-nginx")
    clients = []
    for number in range(6):
        client = world.connect("client", chain.lb.address)
        client.get("/call/deaf" if number % 2 else "/call/hello")
        time.sleep(0.4)
        client.close()
        clients.append(client)
        time.sleep(1.3)
    time.sleep(7)
    world.stop_captures()
    chain.logs()
    api_truth(world, chain, clients)


def api_truth(world, chain, clients):
    """nginx's pool gives each request the one idle connection (closed after 4.1 s idle by nginx itself)."""
    backs, lasts = {}, {}
    for client in clients:
        request_id = client.ids[0]
        timed_out = client.status == 504
        called = chain.app.request(request_id, "called")
        assert (called["said"] == "ReadTimeout") == timed_out
        front = chain.front(client, cls=["clean"], owed="nothing", closer="client", flag="FIN")
        # HAProxy ends a server connection it does not keep with a RST, after its client has left: its habit.
        middle = chain.middle(request_id, cls=["clean"], owed="nothing", closer="client", flag="RST")
        world.truth.link(front, middle)
        line = chain.app.request(request_id)
        if line["peer"] not in backs:
            backs[line["peer"]] = chain.back(
                request_id, cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing",
                closer="client", flag="FIN", timer=("nginx.upstream.keepalive_timeout", 4.1), status=client.status)
        else:
            extend(backs[line["peer"]], request_id, client.status)
        world.truth.link(middle, backs[line["peer"]])
        line = chain.api.request(request_id)
        if timed_out:
            fields = dict(cls=["idle-timeout"], severity="problem", phase="awaiting-response", owed="response",
                          closer="client", flag="FIN", timer=("httpx.timeout", 5.0), status=None)
        else:
            fields = dict(cls=["open"], closer="none", status=200)
        if line["peer"] in lasts:
            extend(lasts[line["peer"]], request_id, None)
            for name, value in fields.items():
                setattr(lasts[line["peer"]], name, value)
        else:
            lasts[line["peer"]] = chain.last(request_id, **fields)
        world.truth.link(backs[chain.app.request(request_id)["peer"]], lasts[line["peer"]])


def extend(leg, request_id, status):
    """One more exchange on a connection that is already in the list."""
    leg.ids.append(request_id)
    leg.exchanges += 1
    leg.status = status


@scenario(
    "chain-lb-first", "Timeouts in the wrong order: HAProxy gives up before nginx does",
    """The application needs 20 s, nginx would wait 41.6 s (`proxy_read_timeout`), HAProxy waits only 8.7 s
    (`timeout server`). HAProxy answers 504 and resets its leg to nginx; nginx takes that for a client that leaves (499) and
    closes its leg to the application. Three times, and two clients that leave by themselves after 3.1 s (HAProxy without
    abortonclose does not tell nginx, which goes on until HAProxy's timer).""",
    """At nginx: RSTs from HAProxy 8.7 s after each request, nginx's FIN to the application 0.1 ms later. The whole story is
    only visible where both legs of HAProxy are: `chain-lb-first-at-lb`.""", seconds=35)
def lb_first(world):
    chain = Chain(world, {"server": "8700ms"}, nginx_more="proxy_read_timeout 41600ms;")
    world.setting("haproxy", "timeout server", 8.7)
    world.setting("nginx", "proxy_read_timeout", 41.6)
    world.capture("nginx")
    world.capture("lb", view="at-lb")
    world.capture("app", view="at-app", interface="to-nginx")

    def ask(number):
        time.sleep(0.7 * number)
        client = world.connect("client", chain.lb.address)
        client.request("/sleep/20")
        if number > 2:
            time.sleep(3.1)
        else:
            client.response()
            time.sleep(0.3)
        client.close()
        return client

    clients = world.parallel(ask, range(5))
    time.sleep(7)
    chain.logs()
    waiting = dict(severity="problem", phase="awaiting-response", owed="response", closer="client")
    for number, client in enumerate(clients):
        request_id = client.ids[0]
        if number > 2:
            front = chain.front(client, cls=["client-abort"], flag="FIN", instance=request_id, **waiting)
        else:
            assert client.status == 504
            front = chain.front(client, cls=["clean"], owed="nothing", closer="client", flag="FIN", instance=request_id)
        middle = chain.middle(request_id, cls=["idle-timeout"], flag="RST", timer=("haproxy.timeout_server", 8.7),
                              status=None, instance=request_id, **waiting)
        assert chain.nginx_log[request_id]["status"] == 499
        back = chain.back(request_id, cls=["client-abort"], variant="propagated", flag="FIN", instance=request_id,
                          **waiting)
        # At nginx HAProxy is only a client that left after 8.7 s; at the application so is nginx.
        middle.views[None] = {"cls": ["idle-timeout", "client-abort"]}
        back.views["at-app"] = {"cls": ["client-abort", "idle-timeout"]}
        world.truth.link(front, middle)
        world.truth.link(middle, back, cause="down")
