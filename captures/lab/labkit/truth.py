"""What was done to every connection. Nothing in here may come from the packets or from pcap-why."""
from dataclasses import dataclass, field

from . import vantage


@dataclass
class Connection:
    client: str
    server: str
    leg: str
    hosts: tuple                     # the two lab hosts at its ends: decides at which points it can be seen
    start: float
    cls: list
    variant: object = None
    severity: object = "ok"
    phase: object = None
    owed: object = None
    closer: object = None
    flag: object = None
    timer: object = None             # (setting id, seconds)
    status: object = None
    ids: list = field(default_factory=list)
    exchanges: int = 0
    cause: object = None             # Connection
    links: list = field(default_factory=list)   # (Connection, relation)
    instance: object = None          # connections of one instance are kept or dropped together
    wire: dict = field(default_factory=dict)    # what the referee must find, see check.py
    views: dict = field(default_factory=dict)   # per view: fields that are otherwise there; None = not visible

    def entry(self, shown, over, blur=False, remaining=None):
        """The JSON object for one capture: `over` is what is otherwise there; legs it cannot show are not mentioned."""
        get = lambda name: over.get(name, getattr(self, name))  # noqa: E731
        readable = blur in (None, "cut", "short") and self.wire.get("http") is not False
        labels, severity, variant = vantage.alone(self, get("cls"), get("severity"), get("variant"), shown, readable)
        limited = remaining(labels) if remaining else None
        if limited:
            return {**self.blurred(limited), "exchanges": None}
        if blur == "cut":
            over = {**over, "phase": None, "owed": None}
        elif blur == "short":
            return {**self.whole(labels, variant, severity, shown, get), **self.cut(labels, get("phase"), get("status"))}
        elif blur:
            return self.blurred([*labels, "unclassified"] if blur == "holes" else ["unclassified", *labels])
        return self.whole(labels, variant, severity, shown, get)

    def whole(self, labels, variant, severity, shown, get):
        cause, timer = get("cause"), get("timer")
        return {
            "client": self.client, "server": self.server, "leg": self.leg, "start": round(self.start, 3),
            "class": labels, "variant": variant, "severity": severity, "phase": get("phase"),
            "owed": get("owed"), "closer": get("closer"), "closeFlag": get("flag"),
            "timer": {"setting": timer[0], "seconds": timer[1]} if timer else None,
            "status": get("status"), "requestIds": get("ids"), "exchanges": get("exchanges"),
            "causeClient": cause.client if cause in shown else None,
            "links": [{"client": other.client, "relation": relation}
                      for other, relation in self.links if other in shown]}

    @staticmethod
    def cut(labels, phase, status):
        """What a snaplen takes away: whether a message was whole, and the ids that tie one leg to another."""
        phases = [phase] if isinstance(phase, str) else phase or []
        unsaid = {"phase": None, "owed": None, "exchanges": None, "causeClient": None, "links": []}
        owing = ["clean"] if "mid-response" in phases else []
        if status == 101:       # nobody can read that it became a tunnel, where each side may leave at any time
            unsaid["class"] = labels + [label for label in ["unclassified"] if label not in labels]
        elif labels[0] not in ("clean", "open"):
            unsaid["class"] = labels + [label for label in [*owing, "unclassified"] if label not in labels]
        if owing or "mid-request" in phases or "tunnel" in phases:
            unsaid |= {"severity": None, "timer": None}
        return unsaid

    def blurred(self, labels):
        """For captures that show too little: the class (or one of them), and nothing else is insisted on."""
        return {"client": self.client, "server": self.server, "leg": self.leg, "start": round(self.start, 3),
                "class": labels, "variant": None, "severity": None, "phase": None, "owed": None, "closer": None,
                "closeFlag": None, "timer": None, "status": None, "requestIds": self.ids,
                "exchanges": self.exchanges, "causeClient": None, "links": []}

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other


class Truth:
    def __init__(self):
        self.connections, self.loose = [], set()

    def add(self, **fields):
        connection = Connection(**fields)
        self.connections.append(connection)
        return connection

    def client_leg(self, driver, hosts, **fields):
        """The leg of a driver's client: address, start, ids and count are the client's own memory."""
        defaults = {"client": driver.name, "server": driver.server, "leg": "→".join(hosts), "hosts": tuple(hosts),
                    "start": driver.start, "ids": list(driver.ids), "exchanges": len(driver.ids),
                    "status": driver.status}
        return self.add(**{**defaults, **fields})

    def upstream_leg(self, line, hosts, **fields):
        """The leg behind a proxy: `line` is the application's own log line about a request on it."""
        defaults = {"client": line["peer"], "server": line["local"], "leg": "→".join(hosts), "hosts": tuple(hosts),
                    "start": line["t"], "ids": [line["id"]] if line.get("id") else [],
                    "exchanges": 1 if line.get("id") else 0}
        return self.add(**{**defaults, **fields})

    @staticmethod
    def link(downstream, upstream, cause=None):
        """Both legs served the same exchange. cause="down" or "up": that one's end led to the other's."""
        downstream.links.append((upstream, "upstream"))
        upstream.links.append((downstream, "downstream"))
        if cause == "down":
            upstream.cause = downstream
        elif cause == "up":
            downstream.cause = upstream

    def mention(self, downstream, upstream):
        """Linked, but the referee may drop one without the other."""
        self.link(downstream, upstream)
        self.loose.add(frozenset((downstream, upstream)))

    @staticmethod
    def twins(one, other):
        """The same connection under two names (NAT)."""
        one.links.append((other, "nat-twin"))
        other.links.append((one, "nat-twin"))
