"""One run, taken in every way at the same time: cut packets, several interfaces in one pcapng, nanoseconds, late, early.

All of them are further tcpdumps (or dumpcaps) at one host, the one with most neighbours, besides the whole capture taken
there (`vantage.points`). That capture is the referee's: an instance that came out there came out in every form of it. A
label in a late or early capture says no more than such a capture can show.
"""
import threading

from .vantage import ELSEWHERE

MARGIN = 0.3      # seconds: packets that close to the first or last moment may be on either side of it
CLOSE_WAIT = 2.0  # seconds after a FIN from which on it is honest to say that the other side stays in CLOSE_WAIT
NOTHING_BEFORE = ["unclassified"]


def middle(world):
    """The host with most neighbours; nginx when several have as many."""
    hosts = [host for host in world.hosts.values() if host.name != "relay"]
    return max(hosts, key=lambda host: (len(neighbours(world, host)), host.name == "nginx"))


def neighbours(world, host):
    return [name for name in host.addresses if name in world.hosts]


def start(world, whole, seconds, bulk):
    """Every form at the host of `whole`, a capture of everything there. Late and early ones follow their own clock."""
    host = whole.host
    links = tuple(f"to-{name}" for name in neighbours(world, host)) or ("any",)
    pair = links if len(links) > 1 else (*links, "lo")
    forms = [("snaplen-96", dict(options=("-s", "96"))),
             ("nanoseconds", dict(options=("--time-stamp-precision=nano",))),
             ("pcapng", dict(interface=pair, ext="pcapng")),
             ("early", {})]
    made = dict(world.parallel(lambda form: (form[0], begin(world, whole, *form, bulk)), forms))
    stop = lambda: finish(made["early"])  # noqa: E731
    late = lambda: begin(world, whole, "late", {}, bulk)  # noqa: E731
    for moment, job in ((0.25 * seconds, late), (0.45 * seconds, stop)):
        timer = threading.Timer(max(1.5, moment), job)
        timer.daemon = True
        timer.start()
        world.timers.append(timer)


def begin(world, whole, form, more, bulk):
    capture = world.take(whole.host, f"form-{form}", bulk=bulk, **more)
    capture.point, capture.whole = True, whole
    if form == "snaplen-96":
        capture.blur = "short"
    if form == "late":
        capture.since = capture.began
    return capture


def finish(capture):
    capture.stop()
    capture.until = capture.ended


def limits(connection, labels, capture, flow, here):
    """The labels that remain honest when the capture began after this connection or ended before it; None: all is said.

    `flow` is the connection in the whole capture of the same host: when it was closed there. `here`: in this capture.
    """
    if capture.since is not None and connection.start < capture.since + MARGIN:
        half = here is not None and not closed(here)      # the other side's FIN came before the capture, or never
        return more(labels, NOTHING_BEFORE + (["open"] if half or labels[0] in ELSEWHERE else []))
    if capture.until is None:
        return None
    close = flow.first_close() if flow else None
    if close is None:
        return more(labels, ["open"])
    # A race needs the request that crossed the close, or came after it, in the picture.
    idle = ["idle-timeout"] if labels[0] == "keepalive-race" and flow.payload()[-1].t > capture.until - MARGIN else []
    if close.t > capture.until - (2.0 if capture.bulk else MARGIN):
        return more(["open"], labels + idle)
    if labels[0] in ELSEWHERE:      # what makes it one is the silence that came after
        return more(labels, ["open", "idle-timeout", "clean"])
    if here is not None and closed(flow) and not closed(here) and capture.until - close.t > CLOSE_WAIT:
        return more(labels, ["half-open-zombie", "open"])
    return more(labels, idle) if idle else None


def closed(flow):
    """A RST, or a FIN of each side."""
    return any(p.rst for p in flow.packets) or len({p.src for p in flow.packets if p.fin}) == 2


def more(labels, others):
    return labels + [label for label in others if label not in labels]
