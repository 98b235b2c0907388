"""One run, taken at every host at the same time; and what a label may still claim at a place its scenario did not think of.

`captures/lab/run --everywhere` adds these points to the captures a scenario takes by itself. A point shows the connections
that pass there. Where the scenario has a capture at that host, its truth for that host holds. Elsewhere a class that lives
from what the path did on the way (packets swallowed, resets forged) looks different: what was done stays the first label,
what the other end can see in good faith is accepted beside it, and nothing else is insisted on.
"""

# Labels that are honest at the end of a path which did not see what the path did.
ELSEWHERE = {
    "half-open-zombie": ["open", "shutdown"],     # there the kill that the path swallowed is to be seen
    "connect-timeout": ["open"],
    "middlebox-reset": ["half-open-zombie", "client-abort", "server-abort", "open", "unclassified"],
}
UNSAID = dict(variant=None, severity=None, phase=None, owed=None, closer=None, flag=None, timer=None, status=None,
              exchanges=None)


def points(world):
    """(view, host, interface): -i any at every host, and each interface of a host that has several.

    The machine that carries the last host as a container is taken twice: with its copies, and on the container's cable.
    """
    for name, host in world.hosts.items():
        if name == "relay":
            continue
        yield f"point-{name}", host, "any"
        towards = [other for other in host.addresses if other in world.hosts]
        if len(towards) > 1:
            for other in towards:
                yield f"point-{name}-to-{other}", host, f"to-{other}"
    if world.machine and world.machine.addresses:
        yield "point-machine", world.machine, "any"
        yield "point-container-cable", world.machine, next(iter(world.machine.addresses))


def pair_up(taken):
    """On the machine every packet is a copy of one that the container's own capture has: that one is the referee's."""
    for one in taken:
        if one.host.carries:
            one.whole = next(other for other in taken if other.host is one.host.carries and other.interface == "any")


def own(capture, captures, sees):
    """The scenario's own capture at that host which shows the leg: its words count there."""
    for one in captures:
        if not one.point and one.host in (capture.host, capture.host.carries) and sees(one):
            return one
    return None


def told(connection, capture, captures, sees):
    """(fields that are otherwise at this capture, whether the referee may only check who is who)."""
    if not capture.point:
        return connection.views.get(capture.view) or {}, False
    near = own(capture, captures, sees)
    if near is not None:
        return connection.views.get(near.view) or {}, False
    labels = connection.cls
    if labels[0] not in ELSEWHERE:
        return {}, False
    more = [label for label in ELSEWHERE[labels[0]] if label not in labels]
    return {**UNSAID, "cls": labels + more}, True


def alone(connection, labels, severity, variant, shown, readable):
    """What a leg may claim when the leg that would prove it is not in the picture (verdicts.md, section 4, rule 4).

    A proxy's read timeout and a client that left look alike from behind: both names are accepted, the one that was done
    first. That idle pooled connections will hurt (`latent`) needs a client that shows itself as a proxy: by its other
    legs, or by headers that can be read (`X-Forwarded-For`).
    """
    behind = [other for other, relation in connection.links if relation == "downstream"]
    fields = connection.closer == "client", connection.phase in ("awaiting-response", "mid-response")
    if behind and not all(other in shown for other in behind):
        if all(fields) and labels[0] in ("idle-timeout", "client-abort"):
            labels = labels + [x for x in ("idle-timeout", "client-abort") if x not in labels]
        variant = None if variant == "propagated" else variant
    if connection.cause is not None and connection.cause not in shown and connection.closer == "server" \
            and labels[0] == "idle-timeout":
        labels = labels + [x for x in ("server-abort",) if x not in labels]
    if severity == "latent" and not readable and not any(other in shown for other in behind):
        severity = None
    return labels, severity, variant
