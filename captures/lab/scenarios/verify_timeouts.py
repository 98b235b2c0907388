"""Before and after: a read timeout, raised enough, not enough, somewhere else, or not tried out."""
import random
import time

from labkit.configs import site
from labkit.pair import Pair, finding, labelled, taken
from labkit.registry import scenario

APP = "10.77.2.3:8000"
MOVED = "10.77.2.4:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")
READ = "nginx.proxy_read_timeout"
CLEAN = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
WAITING = dict(severity="problem", phase="awaiting-response", owed="response", closer="client")
SLOWER = "requests whose answer takes longer than 5.3 s"


def world_of(world, app="uvicorn", more="", **options):
    world.chain("client", "nginx", "app", delays=(0.0043, 0.0021))
    application = world.serve(app, "app", "nginx", 8000, **options)
    return world.serve("nginx", "nginx", "client", 80, site({"/": f"proxy_pass http://{APP}; {more}"})), application


def plan(seed, seconds, slow, quick, low=6.2, high=9.1):
    """(moment, path, seconds the application needs), spread at random."""
    chance = random.Random(seed)
    needs = [round(chance.uniform(low, high), 2) for _ in range(slow)] + \
        [round(chance.uniform(0.05, 1.2), 2) for _ in range(quick)]
    return [(chance.uniform(0, seconds), f"/sleep/{need}", need) for need in needs]


def drive(world, address, jobs):
    """One client per job, each with one request."""
    zero = time.time() + 0.3

    def one(job):
        time.sleep(max(0.0, zero + job[0] - time.time()))
        client = world.connect("client", address)
        client.get(job[1])
        time.sleep(0.35)
        client.close()
        client.need = job[2]
        return client

    return world.parallel(one, jobs)


def tell(world, side, clients, app, limit, old=5.3):
    """Answered, or 504 after `limit`, as the application's time for each says."""
    with labelled(world, side):
        for client in clients:
            more = {"wire": {"exposed": int(client.need > old)}, "instance": client.ids[0]}
            line = app.request(client.ids[0])
            down = world.truth.client_leg(client, DOWN, **CLEAN, instance=client.ids[0])
            if client.need > limit:
                assert client.status == 504, f"{client.need} s of {limit} s: {client.status}"
                up = world.truth.upstream_leg(line, UP, cls=["idle-timeout"], flag="FIN", timer=(READ, limit), **WAITING,
                                              **more)
            else:
                assert client.status == 200, f"{client.need} s of {limit} s: {client.status}"
                up = world.truth.upstream_leg(line, UP, cls=["clean"], owed="nothing", status=200, **more)
            world.truth.link(down, up)


def raised(world, limit, jobs, target=APP):
    """5.3 s, then `limit`; returns nothing: both sides are labelled."""
    nginx, app = world_of(world, more="proxy_read_timeout 5300ms;")
    world.setting("nginx", "proxy_read_timeout (before)", 5.3)
    world.setting("nginx", "proxy_read_timeout (after)", limit)
    again = app
    with taken(world, "before"):
        first = drive(world, nginx.address, plan(1, 14, 16, 24))
    if target != APP:
        world.add_address(world.hosts["app"], "nginx", MOVED.split(":")[0])
        again = world.serve("uvicorn", "app", "nginx", 8000, address=MOVED.split(":")[0])
    nginx.reconfigure(site({"/": f"proxy_pass http://{target}; proxy_read_timeout {round(limit * 1000)}ms;"}))
    with taken(world, "after"):
        second = drive(world, nginx.address, jobs)
    tell(world, "before", first, app, 5.3)
    tell(world, "after", second, again, limit)


def cut(seconds):
    return finding("idle-timeout", "nginx→app", "awaiting-response", timer=(READ, seconds))


LOOK = """`http.response.code == 504` finds what nginx gave up on; `http.time > 5.3` the answers that took longer than the old
    limit."""


def change(after, component="nginx", setting="proxy_read_timeout", before=5.3):
    return {"component": component, "setting": setting, "before": before, "after": after}


@scenario(
    "verify-read-timeout-raised", "Fixed: nginx's proxy_read_timeout raised from 5.3 s to 15 s",
    """Before: 40 requests in 14 s, 16 of which need 6 to 9 s; nginx gives up on those after 5.3 s (504). Then
    `proxy_read_timeout` is raised to 15 s and nginx reloaded. After: 100 requests, 64 of which need 6 to 9 s, all answered.""",
    LOOK, seconds=75)
def read_timeout_raised(world):
    raised(world, 15.0, plan(2, 26, 64, 36))
    Pair(world, "nginx `proxy_read_timeout` 5.3 s → 15 s, `nginx -s reload`", "fixed",
         "64 answers took longer than the old limit and none was cut.", SLOWER, change(15.0), cut(5.3), None)


@scenario(
    "verify-read-timeout-raised-moved", "Fixed, and the application has another address now",
    """As `read-timeout-raised`, but the application moved to another address in the same maintenance window: roles and
    ports are the same, addresses are not.""", LOOK, seconds=75)
def read_timeout_moved(world):
    raised(world, 15.0, plan(3, 26, 64, 36), target=MOVED)
    Pair(world, f"nginx `proxy_read_timeout` 5.3 s → 15 s, application moved from {APP} to {MOVED}", "fixed",
         "64 answers took longer than the old limit and none was cut; the hosts are matched by role and port.", SLOWER,
         change(15.0), cut(5.3), None)


@scenario(
    "verify-read-timeout-not-enough", "Moved, not fixed: proxy_read_timeout raised from 5.3 s to 7.1 s, answers take 9 s",
    """Before: as in `read-timeout-raised`, with answers that need 8.6 to 9.4 s. Then `proxy_read_timeout` is raised to 7.1 s.
    After: 24 of 60 requests need as long as before, and get their 504 1.8 s later.""", LOOK, seconds=60)
def read_timeout_not_enough(world):
    raised(world, 7.1, plan(4, 20, 24, 36, 8.6, 9.4))
    Pair(world, "nginx `proxy_read_timeout` 5.3 s → 7.1 s, `nginx -s reload`", "moved",
         "The same failure with another timer: nginx gives up at 7.1 s, was 5.3 s.", SLOWER, change(7.1), cut(5.3),
         cut(7.1))


@scenario(
    "verify-read-timeout-quiet", "Inconclusive: the timeout was raised, but nothing slow was asked since",
    """As `read-timeout-raised`, but all 70 requests after the change are quick ones (under 1.3 s): nothing in the second
    capture could have shown the failure.""", LOOK, seconds=50)
def read_timeout_quiet(world):
    raised(world, 15.0, plan(5, 15, 0, 70))
    Pair(world, "nginx `proxy_read_timeout` 5.3 s → 15 s, `nginx -s reload`", "inconclusive",
         "No request after the change waited longer than the old limit: absence proves nothing.", SLOWER, change(15.0),
         cut(5.3), None)
