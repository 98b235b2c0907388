"""Before and after: a timeout raised at a proxy that was not the one that gave up."""
import time

from labkit.configs import POOLED, site, upstream
from labkit.pair import Pair, finding, labelled, taken
from labkit.registry import scenario

from .chain import FRONT, MIDDLE, Chain
from .verify_timeouts import change, drive, plan

TIMER = ("haproxy.timeout_server", 6.2)


def nginx_site(seconds):
    """What Chain gives nginx, with another read timeout."""
    return site({"/": f"proxy_pass http://app; {POOLED}"}, more=f"proxy_read_timeout {seconds}s;",
                upstreams=upstream("app", ["10.77.3.3:8000"], keepalive=32))


def tell(world, chain, side, clients):
    """HAProxy gives up after 6.2 s and resets its leg to nginx; what was quicker is answered."""
    with labelled(world, side):
        for client in clients:
            request_id = client.ids[0]
            slow = client.need > TIMER[1]
            assert client.status == (504 if slow else 200), f"{client.need} s: {client.status}"
            front = world.truth.client_leg(client, FRONT, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                           instance=request_id)
            more = dict(instance=request_id, wire={"exposed": int(slow)}, closer="client", flag="RST")
            if slow:
                middle = chain.middle(request_id, cls=["idle-timeout"], severity="problem", phase="awaiting-response",
                                      owed="response", timer=TIMER, status=None, **more)
            else:
                middle = chain.middle(request_id, cls=["clean"], owed="nothing", **more)
            world.truth.link(front, middle)


@scenario(
    "verify-read-timeout-wrong-leg", "Not fixed: nginx's proxy_read_timeout raised, but HAProxy in front gives up first",
    """client — HAProxy — nginx — application. HAProxy's `timeout server` is 6.2 s, nginx would wait 60 s. Before: 30 requests,
    10 of which need 8 to 9 s: HAProxy answers 504. Then nginx's `proxy_read_timeout` is raised to 120 s. After: the same.""",
    """`http.response.code == 504`, and HAProxy's RST to nginx 6.2 s after the request, on both sides of the change.""",
    seconds=60)
def wrong_leg(world):
    chain = Chain(world, {"server": "6200ms"}, nginx_more="proxy_read_timeout 60s;")
    world.setting("haproxy", "timeout server", 6.2)
    world.setting("nginx", "proxy_read_timeout (before)", 60)
    world.setting("nginx", "proxy_read_timeout (after)", 120)
    with taken(world, "before", host="lb"):
        first = drive(world, chain.lb.address, plan(41, 10, 10, 20, 8.0, 9.0))
    time.sleep(3)
    chain.nginx.reconfigure(nginx_site(120))
    with taken(world, "after", host="lb"):
        second = drive(world, chain.lb.address, plan(42, 14, 16, 24, 8.0, 9.0))
    chain.logs()
    tell(world, chain, "before", first)
    tell(world, chain, "after", second)
    Pair(world, "nginx `proxy_read_timeout` 60 s → 120 s, `nginx -s reload`; HAProxy's `timeout server` stays 6.2 s",
         "not-fixed", "HAProxy gives up first, after 6.2 s, on the leg in front of the one that was changed.",
         "requests whose answer takes longer than 6.2 s", change(120.0, before=60.0),
         finding("idle-timeout", "→".join(MIDDLE), "awaiting-response", timer=TIMER),
         finding("idle-timeout", "→".join(MIDDLE), "awaiting-response", timer=TIMER))
