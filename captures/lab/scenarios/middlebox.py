"""Resets that nobody at either end sent: boxes on the path that forge them, carelessly or carefully."""
import time

from labkit.registry import scenario

from .basics import behind, three_tier

APP = "10.77.2.3:8000"
DOWN, UP = ("client", "nginx"), ("nginx", "app")
FORGED = dict(cls=["middlebox-reset"], severity="problem", closer="middlebox", flag="RST")


def has_reset(side, foreign=None):
    """A RST in that side's name is on the wire (and its TTL is, or is not, a stranger's)."""
    def test(flow):
        resets = [p for p in flow.by(side) if p.rst]
        if not resets:
            return f"no RST in the {side}'s name"
        others = {p.ttl for p in flow.by(side) if not p.rst}
        if foreign is not None and (resets[0].ttl in others) == foreign:
            return f"the RST's TTL is {resets[0].ttl}, the others' {others}"
        return None
    return test


@scenario(
    "forged-rst-both", "A filter on the path reads a word it dislikes and resets both ends",
    """A box between clients and nginx reads the requests. When one holds a certain word it lets the segment pass and sends
    a RST+ACK to each end in the other's name (TTL 57: it is some hops away; window 0, no options). Five requests meet it
    at the first or the second exchange; a sixth connection does not contain the word. nginx believes that the client has
    gone (499) and closes the upstream leg.""",
    """`tcp.flags.reset == 1 && ip.dst == 10.77.1.3`: the RST in the client's name has another TTL than the client's other
    packets, no timestamps and window 0, and comes right behind the request (0 to 11 ms).""", seconds=12)
def forged_both(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, delays=(0.0043, 0.0011))
    world.capture("nginx")
    world.capture("client", view="at-client")

    def ask(number):
        time.sleep(0.6 * number)
        client = world.connect("client", nginx.address)
        if number % 2:
            client.get("/hello")
            time.sleep(0.3)
        client.met = number < 5
        if client.met:
            world.path.reset_on("client-nginx", client.name, f"x-word: {number}", "both", ttl=57)
        client.status = None
        client.request("/sleep/0.9", headers=[f"x-word: {number}"])
        client.response()
        client.close()
        return client

    clients = world.parallel(ask, range(6))
    time.sleep(0.5)
    logged = {line["id"]: line["status"] for line in nginx.access()}
    for client in clients:
        line = app.request(client.ids[-1])
        if not client.met:
            down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN")
            for request_id in client.ids:
                world.truth.link(down, world.truth.upstream_leg(app.request(request_id), UP, cls=["clean"],
                                                                owed="nothing", status=200))
            continue
        assert logged.get(client.ids[-1]) in (499, None) and client.status is None
        down = world.truth.client_leg(client, DOWN, phase="awaiting-response", owed="response", instance=client.ids[0],
                                      wire={"test": has_reset("client", foreign=True)}, status=None, **FORGED)
        down.views["at-client"] = {"wire": {"test": has_reset("server", foreign=True)}}
        if line:      # else the reset threw the request out of nginx's socket before nginx had read it
            up = world.truth.upstream_leg(line, UP, cls=["client-abort", "middlebox-reset"], variant="propagated",
                                          severity="problem", phase="awaiting-response", owed="response",
                                          closer="client", flag="FIN", instance=client.ids[0])
            world.truth.link(down, up, cause="down")
        if len(client.ids) > 1:
            first = app.request(client.ids[0])
            world.truth.link(down, world.truth.upstream_leg(first, UP, cls=["clean"], owed="nothing", status=200,
                                                            instance=client.ids[0]))


@scenario(
    "forged-rst-download", "A forged reset to the client in the middle of a download; the server goes on sending",
    """In the middle of a slow download a RST in nginx's name reaches the client; nginx knows nothing of it and sends on,
    until the client's kernel answers with resets of its own. Two of the forgeries have a foreign TTL (57), two copy the
    TTL of nginx's packets but have neither timestamps nor a window, two are bare (no ACK flag).""",
    """At the client: a RST from nginx, then new data from nginx with higher sequence numbers; nobody who sends a RST goes
    on sending. Then the client's own bare RSTs.""", seconds=12)
def forged_download(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_buffering off;"}, app="scripted")
    world.capture("client")

    def download(number):
        time.sleep(0.5 * number)
        client = world.connect("client", nginx.address)
        client.request("/slow/9000/100/0.021")
        time.sleep(0.45)
        form, ttl = (("ack", 57), ("ack", "copy"), ("bare", 57))[number % 3]
        world.path.forge("client-nginx", client.peer, client.local, "left", ttl, form)
        client.wait_close()
        assert 500 < len(client.buffer) < 6000, "the reset did not end the download"
        time.sleep(0.3)
        client.status = 200
        client.close()
        return client

    for number, client in enumerate(world.parallel(download, range(6))):
        down = world.truth.client_leg(client, DOWN, phase="mid-response", owed="rest-of-response",
                                      wire={"test": goes_on}, **FORGED)
        # nginx learns of it from the resets of the client's own kernel, and leaves the application.
        behind(world, app, down, client, cause="down", cls=["client-abort", "middlebox-reset"], variant="propagated",
               severity="problem", phase="mid-response", owed="rest-of-response", closer="client")


def goes_on(flow):
    reset = next((p for p in flow.by("server") if p.rst), None)
    if reset is None:
        return "no RST reached the client"
    more = [p for p in flow.by("server") if p.t > reset.t and p.len and p.seq >= reset.seq]
    return None if more else "the server sent nothing after the RST"


@scenario(
    "forged-rst-idle", "A box ends idle connections with resets to both sides",
    """Between requests, with nothing owed, a box sends a RST+ACK to each end (a firewall whose operator flushed its table
    would do this). Four connections, two with a foreign TTL, two with the copied one. Nothing was lost, but the ends
    cannot know.""",
    """At nginx (`capture.pcap`) a RST in the client's name, without timestamps, window 0, and no RST of nginx's own; at
    the client (`forged-rst-idle-at-client`) the same in nginx's name.""", seconds=10)
def forged_idle(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"}, app="scripted")
    world.capture("nginx", interface="to-client")
    world.capture("client", view="at-client")

    def idle(number):
        time.sleep(0.3 * number)
        client = world.connect("client", nginx.address)
        client.get("/hello")
        time.sleep(1.3 + 0.57 * number)
        ttl = 57 if number % 2 else "copy"
        world.path.forge("client-nginx", client.peer, client.local, "left", ttl, "ack")
        world.path.forge("client-nginx", client.local, client.peer, "right", ttl, "ack")
        time.sleep(0.3)
        client.close()
        return client

    for number, client in enumerate(world.parallel(idle, range(4))):
        foreign = True if number % 2 else None
        down = world.truth.client_leg(client, DOWN, phase="between-requests", owed="nothing",
                                      wire={"test": has_reset("client", foreign)}, **{**FORGED, "severity": None})
        down.views["at-client"] = {"wire": {"test": has_reset("server", foreign)}}
        behind(world, app, down, client)


@scenario(
    "forged-rst-one-end", "A forged reset to nginx only: the client looks as if nginx had forgotten it",
    """A RST in the client's name reaches nginx while it waits for the application; the client is not told. nginx logs 499
    and closes the upstream leg. When the client's host later says something (it closes after 3 s), nginx's kernel knows
    no such connection and answers with a bare RST.""",
    """At nginx: a RST in the client's name with a foreign TTL, and 3 s later a FIN from the same client, which shows that
    it had not sent the RST.""", seconds=12)
def forged_one(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP};"})
    world.capture("nginx")

    def ask(number):
        time.sleep(0.4 * number)
        client = world.connect("client", nginx.address)
        client.request("/sleep/2")
        time.sleep(0.7 + 0.11 * number)
        world.path.forge("client-nginx", client.local, client.peer, "right", 57, "ack")
        time.sleep(3)
        client.close()
        return client

    clients = world.parallel(ask, range(4))
    time.sleep(0.5)
    for client in clients:
        down = world.truth.client_leg(client, DOWN, phase="awaiting-response", owed="response", instance=client.ids[0],
                                      wire={"test": has_reset("client", foreign=True)}, **FORGED)
        up = world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["client-abort", "middlebox-reset"],
                                      variant="propagated", severity="problem", phase="awaiting-response",
                                      owed="response", closer="client", flag="FIN", instance=client.ids[0])
        world.truth.link(down, up, cause="down")


@scenario(
    "forged-rst-ignored", "A clumsy forgery: the reset's sequence number is wrong and the connection lives on",
    """The same box, but its RST in nginx's name carries a sequence number 700 bytes ahead of what the client expects.
    RFC 5961: the client's kernel sends a challenge ACK and carries on; the download is complete and both ends close in
    good order.""",
    """`tcp.flags.reset == 1` in the middle of the download, an ACK from the client right after it, and then hundreds of
    packets more, to an orderly end.""", seconds=12)
def forged_ignored(world):
    nginx, app = three_tier(world, {"/": f"proxy_pass http://{APP}; proxy_buffering off;"}, app="scripted")
    world.capture("client")

    def download(number):
        time.sleep(0.3 * number)
        client = world.connect("client", nginx.address)
        client.request("/slow/6000/100/0.02")
        time.sleep(0.4)
        world.path.forge("client-nginx", client.peer, client.local, "left", 57, ("bare", "ack")[number % 2], seq_offset=700)
        assert client.response() == 200
        time.sleep(0.2)
        client.close()
        return client

    for client in world.parallel(download, range(4)):
        down = world.truth.client_leg(client, DOWN, cls=["middlebox-reset", "clean"], severity=None, owed=None,
                                      wire={"test": goes_on, "closes": False})
        behind(world, app, down, client)
