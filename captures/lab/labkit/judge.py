"""Truth and captures together: keep what came out as intended, drop and count the rest."""
import os

from . import check, vantage, ways, wire


def visible(connection, capture):
    """Can this capture show that leg? A host sees its own legs; an interface those towards its neighbour."""
    if capture.view in connection.views and connection.views[capture.view] is None:
        return False
    if capture.sees is not None:
        return connection.leg in capture.sees
    if capture.host.name not in connection.hosts:
        return False
    other = connection.hosts[1 - connection.hosts.index(capture.host.name)]
    names = capture.interface if isinstance(capture.interface, tuple) else (capture.interface,)
    return "any" in names or f"to-{other}" in names


def form(capture):
    if capture.path.endswith("ng"):
        return "pcapng"
    return "nsecpcap" if any("nano" in word for word in capture.command) else "pcap"


def instances(world):
    """Connections that stand or fall together: linked legs, and those a scenario put under one name."""
    group = {c: number for number, c in enumerate(world.truth.connections)}
    pairs = [(c, other) for c in group for other, _ in c.links
             if frozenset((c, other)) not in world.truth.loose]
    named = {}
    for c in group:
        if c.instance is not None:
            pairs.append((c, named.setdefault(c.instance, c)))
    for one, other in pairs:
        keep, gone = sorted((group[one], group[other]))
        for c in group:
            if group[c] == gone:
                group[c] = keep
    return group


def told(world, connection, capture):
    return vantage.told(connection, capture, world.captures, lambda own: visible(connection, own))


def settle(world, capture):
    """(connections to publish, problems, all and dropped instances, path of the capture, unlabelled streams)."""
    flows = capture.settled = capture.flows = seen(world, capture)
    connections = world.truth.connections
    found = {c: stream(flows, c, capture) for c in connections}
    shown = [c for c in connections if (found[c] if capture.point else visible(c, capture))]
    group = instances(world)
    problems, capture.bad = judged(world, capture, shown, found, group)
    bad = {group[c] for c in shown} & capture.bad
    kept = [c for c in shown if group[c] not in bad]
    path = capture.path
    if bad:
        streams = {found[c].stream for c in shown if group[c] in bad and found[c]}
        path = os.path.join(os.path.dirname(path), "kept-" + os.path.basename(path))
        if streams:
            wire.without(capture.path, streams, path, form(capture))
            capture.flows = None
        else:
            path = capture.path
    labelled = {found[c].stream for c in kept if found[c]}
    dropped_streams = {found[c].stream for c in shown if c not in kept and found[c]}
    unlabelled = [f for f in flows if f.stream not in labelled and f.stream not in dropped_streams and not waited_for(f)]
    for flow in unlabelled if capture.whole is None else ():
        first = flow.packets[0]
        problems.append(f"unlabelled stream {flow.stream}: {flow.client} → {flow.server}, {len(flow.packets)} packets "
                        f"from frame {first.frame}")
    if capture.lost:
        problems.append("tcpdump lost packets")
    return kept, problems, len({group[c] for c in shown}), len(bad), path, len(unlabelled)


def stream(flows, connection, capture):
    """The connection in these flows of the capture; a form is held against the whole capture of the same host."""
    whole = check.find(capture.whole.settled, connection) if capture.since is not None else None
    return check.find(flows, connection, capture.since, capture.until, whole)


def waited_for(flow):
    """The lab's own question whether a server listens yet, from that host to itself."""
    return flow.client.rsplit(":", 1)[0] == flow.server.rsplit(":", 1)[0]


def seen(world, capture):
    """The flows of a capture. A form that has all packets of another one, of which all came out, need not be read again."""
    whole = capture.whole
    if whole and not whole.bad and capture.since is None and capture.until is None:
        return whole.settled
    return wire.read(capture.path, world.http_ports)


def judged(world, capture, shown, found, group):
    """(sentences, groups that did not come out). A form of a whole capture has that one's word, settled before it."""
    if capture.whole is not None:
        return [], capture.whole.bad
    problems, bad = [], set()
    for connection in shown:
        over, loose = told(world, connection, capture)
        wrong = check.problem(connection, found[connection], over, loose=loose or capture.blur in ("holes", True))
        if wrong:
            problems.append(wrong)
            bad.add(group[connection])
    return problems, bad


def remaining(world, connection, labels, capture):
    """What a late or early capture leaves of a label; None: all of it."""
    if capture.since is None and capture.until is None:
        return None
    few = labels[0] == "shutdown" and lone(world, connection, capture)
    if few:
        labels = ways.more(labels, ["idle-timeout", "clean"])
    here = stream(capture.settled, connection, capture)
    limited = ways.limits(connection, labels, capture, check.find(capture.whole.settled, connection), here)
    return labels if few and limited is None else limited


def lone(world, connection, capture):
    """Whether a late capture knows the silence of fewer than three connections of that shutdown: they make it one."""
    known = [c for c in world.truth.connections if c.server == connection.server and c.cls[0] == "shutdown"
             and (capture.since is None or c.start > capture.since + ways.MARGIN)]
    return len(known) < 3
