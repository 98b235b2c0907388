"""What is on the wire, as tshark prints it. The referee: it never supplies a label."""
import collections
import os
import subprocess

FIELDS = ("frame.number", "frame.time_epoch", "tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst",
          "tcp.dstport", "tcp.flags", "tcp.seq_raw", "tcp.ack_raw", "tcp.len", "tcp.window_size_value", "ip.ttl",
          "ip.id", "http.request.method", "http.response.code", "tcp.analysis.retransmission",
          "tcp.analysis.keep_alive", "tcp.analysis.zero_window", "tcp.analysis.keep_alive_ack")
Packet = collections.namedtuple(
    "Packet", "frame t stream src dst fin syn rst ack_flag seq ack len window ttl ip_id method code retransmission "
              "keep_alive zero_window")


class Flow:
    def __init__(self, stream, packets):
        self.stream, self.packets, first = stream, packets, packets[0]
        swap = first.syn and first.ack_flag
        self.client, self.server = (first.dst, first.src) if swap else (first.src, first.dst)

    def by(self, side):
        name = self.client if side == "client" else self.server
        return [p for p in self.packets if p.src == name]

    def side(self, packet):
        return "client" if packet.src == self.client else "server"

    def closes(self):
        return [p for p in self.packets if p.fin or p.rst]

    def first_close(self):
        return next(iter(self.closes()), None)

    def payload(self, side=None, before=None):
        """Segments with new data (no retransmissions, no keep-alive probes)."""
        return [p for p in self.packets if p.len and not p.retransmission and not p.keep_alive
                and (side is None or self.side(p) == side) and (before is None or p.t < before.t)]

    def requests(self):
        return [p for p in self.packets if p.method and not p.retransmission]

    def codes(self):
        return [int(c) for p in self.packets if p.code and not p.retransmission for c in p.code.split(",")]


class Flows(list):
    """All flows of a capture, in tshark's order."""
    by_ends = None

    def between(self, one, other):
        if self.by_ends is None:
            self.by_ends = collections.defaultdict(list)
            for flow in self:
                self.by_ends[frozenset((flow.client, flow.server))].append(flow)
        return self.by_ends.get(frozenset((one, other)), [])


def address(ip, ip6, port):
    return f"[{ip6}]:{port}" if ip6 else f"{ip}:{port}"


def read(path, http_ports=()):
    """All TCP flows of a capture, by tshark's stream number. Ports that Wireshark does not know as HTTP are named."""
    argv = ["/usr/bin/tshark", "-r", path, "-Y", "tcp && !icmp && !icmpv6", "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,",
            "-o", "http.desegment_body:FALSE"]
    for port in http_ports:
        argv += ["-d", f"tcp.port=={port},http"]
    for name in FIELDS:
        argv += ["-e", name]
    done = subprocess.run(argv, capture_output=True, text=True)
    flows = collections.OrderedDict()
    for line in done.stdout.splitlines():
        v = line.split("\t")
        v += [""] * (len(FIELDS) - len(v))
        flags = int(v[9], 16)
        flows.setdefault(int(v[2]), []).append(Packet(
            int(v[0]), float(v[1]), int(v[2]), address(v[3], v[4], v[5]), address(v[6], v[7], v[8]),
            bool(flags & 1), bool(flags & 2), bool(flags & 4), bool(flags & 16), int(v[10]), int(v[11] or 0),
            int(v[12]), int(v[13]), int(v[14] or 0), v[15], v[16], v[17], bool(v[18]), bool(v[19]), bool(v[20])))
    return Flows(Flow(stream, packets) for stream, packets in flows.items())


def without(path, streams, out, file_format="pcap"):
    """The capture without some streams (instances that did not come out as intended)."""
    unwanted = " ".join(map(str, sorted(streams)))
    subprocess.run(["/usr/bin/tshark", "-r", path, "-F", file_format, "-w", out,
                    "-Y", f"!(tcp.stream in {{{unwanted.replace(' ', ',')}}})"], check=True, capture_output=True)


def thin(path, every):
    """Loses packets as a busy capturing host does; the ends of connections stay."""
    done = subprocess.run(["/usr/bin/tshark", "-r", path, "-Y", "tcp && !(tcp.flags & 7)", "-T", "fields", "-e",
                           "frame.number"], capture_output=True, text=True, check=True)
    lost = done.stdout.split()[every - 1::every]
    subprocess.run(["/usr/bin/editcap", "-F", "pcap", path, path + ".thin", *lost], check=True, capture_output=True)
    os.replace(path + ".thin", path)
