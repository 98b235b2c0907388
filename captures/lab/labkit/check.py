"""The referee: did the wire do what the driver intended? Every sentence here is about tshark's output.

A connection's `wire` dict may hold
  gap      (low, high)   seconds from `since` to the first close (default: timer.seconds -0.3 .. +0.2)
  since    what the gap runs from: "payload" (default), "client", "server", "start", "request"
  closes   False: do not compare who closed first (a toss-up, or closes that cross)
  http     False: tshark cannot read the messages (TLS, snaplen, scripted bytes)
  test     a function Flow -> None or a sentence about what is wrong
"""
import dataclasses


def find(flows, connection, since=None, until=None, whole=None):
    """The one stream with that 4-tuple and start (±1.5 s; captures that began late only have the 4-tuple).

    In a capture that began at `since`, a stream that begins with its SYN is a later user of the same port; in one that ended
    at `until`, what began later is not there. `whole`: the connection in the whole capture of the same host; the stream of
    a late one lies within its time, or it is another user of the port.
    """
    same = flows.between(connection.client, connection.server)
    if since is not None and connection.start < since - 1.5:
        same = [flow for flow in same if not flow.packets[0].syn]
    if since is not None and whole is not None:
        first, last = whole.packets[0].t - 0.05, whole.packets[-1].t + 0.05
        same = [flow for flow in same if flow.packets[0].t < last and flow.packets[-1].t > first]
    if until is not None and connection.start > until:
        return None
    if len(same) > 1:
        near = [f for f in same if abs(f.packets[0].t - connection.start) < 1.5]
        same = sorted(near, key=lambda flow: abs(flow.packets[0].t - connection.start))[:1]
    if len(same) != 1:
        return None
    if not same[0].packets[0].syn:      # began late: which end is the client is the truth's business
        same[0].client, same[0].server = connection.client, connection.server
    return same[0]


def problem(connection, flow, over, loose=False):
    """None, or why this connection is not what the driver meant it to be (`over`: what is otherwise at this capture)."""
    if over:
        connection = dataclasses.replace(connection, **over)
    if flow is None:
        return f"{connection.client} is not in the capture"
    for check in (roles,) if loose else (roles, closing, timing, messages):
        wrong = check(connection, flow)
        if wrong:
            return f"{connection.client} (stream {flow.stream}): {wrong}"
    test = None if loose else connection.wire.get("test")
    wrong = test(flow) if test else None
    return f"{connection.client} (stream {flow.stream}): {wrong}" if wrong else None


def roles(connection, flow):
    if flow.client != connection.client:
        return f"the wire says {flow.client} opened it"
    return None


def closing(connection, flow):
    if connection.wire.get("closes") is False or connection.closer == "middlebox":
        return None
    first = flow.first_close()
    if connection.closer == "none":
        return f"frame {first.frame} closes it" if first else None
    if connection.closer is None:
        return None
    if first is None:
        return "nobody closed it"
    if flow.side(first) != connection.closer:
        return f"frame {first.frame}: the {flow.side(first)} closed first"
    flag = "RST" if first.rst else "FIN"
    if connection.flag and flag != connection.flag:
        return f"frame {first.frame}: closed by {flag}"
    return None


def timing(connection, flow):
    limits = connection.wire.get("gap")
    if limits is None and connection.timer and connection.wire.get("gap", True):
        seconds = connection.timer[1]
        limits = (seconds - 0.3, seconds + 0.2)
    first = flow.first_close()
    if not limits or first is None:
        return None
    began = beginning(connection.wire.get("since", "payload"), flow, first)
    gap = first.t - began
    if not limits[0] <= gap <= limits[1]:
        return f"closed after {gap:.3f} s, not within {limits[0]:.2f} .. {limits[1]:.2f}"
    return None


def beginning(since, flow, first):
    if since == "start":
        return flow.packets[0].t
    if since == "request":
        return flow.requests()[-1].t
    side = None if since == "payload" else since
    # A goodbye (408, TLS alert) sent with the close does not end the silence.
    payload = [p for p in flow.payload(side, before=first) if first.t - p.t > 0.05]
    return payload[-1].t if payload else flow.packets[0].t


def messages(connection, flow):
    if connection.wire.get("http") is False:
        return None
    count = len(flow.requests())
    if count != connection.exchanges:
        return f"{count} requests on the wire, {connection.exchanges} meant"
    codes = flow.codes()
    last = codes[-1] if codes else None
    if connection.status is not None and last != connection.status:
        return f"last status on the wire is {last}, the client says {connection.status}"
    return None
