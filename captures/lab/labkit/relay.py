"""The path between two hosts: delay, loss, duplication, reordering, blackholes, forged resets.

Runs as its own process inside the relay namespace, one for all links of a world:
    relay.py CONFIG.json CONTROL_SOCKET
Every link has two ends ("left" and "right"). Commands are JSON datagrams; each is answered by one.
"""
import heapq
import json
import os
import random
import select
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from labkit import frames  # noqa: E402

ETH_P_ALL = 3
OUTGOING = 4
OTHER = {"left": "right", "right": "left"}


class Port:
    def __init__(self, link, end, interface):
        self.link, self.end = link, end
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind((interface, 0))
        self.socket.setblocking(False)
        # How frames that ENTER here are treated on their way to the other end.
        self.way = {"delay": 0.001, "jitter": 0.0, "loss": 0.0, "duplicate": 0.0, "reorder": 0.0}


class Relay:
    def __init__(self, config, control):
        self.random = random.Random(config.get("seed", 1))
        self.ports, self.rules, self.last = {}, {}, {}
        for link in config["links"]:
            for end in ("left", "right"):
                port = Port(link["name"], end, link[end])
                port.way["delay"] = link["delay"]
                self.ports[link["name"], end] = port
        self.control = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.control.bind(control)
        self.queue, self.order = [], 0

    def run(self):
        by_fd = {port.socket.fileno(): port for port in self.ports.values()}
        watched = list(by_fd) + [self.control.fileno()]
        while True:
            wait = max(0.0, self.queue[0][0] - time.monotonic()) if self.queue else None
            for fd in select.select(watched, [], [], wait)[0]:
                if fd in by_fd:
                    self.drain(by_fd[fd])
                else:
                    self.command()
            while self.queue and self.queue[0][0] <= time.monotonic():
                _, _, port, frame = heapq.heappop(self.queue)
                self.emit(port, frame)

    def drain(self, port):
        for _ in range(64):
            try:
                frame, address = port.socket.recvfrom(65535)
            except BlockingIOError:
                return
            if address[2] != OUTGOING:
                self.forward(port, frame)

    def forward(self, port, frame):
        way, now = port.way, time.monotonic()
        out = self.ports[port.link, OTHER[port.end]]
        segment = frames.parse(frame)
        if segment:
            self.last[port.link, segment.src, segment.sport, segment.dst, segment.dport] = segment
            if self.dropped(port, segment):
                return
        if way["loss"] and self.random.random() < way["loss"]:
            return
        due = now + way["delay"] + (self.random.random() * way["jitter"] if way["jitter"] else 0.0)
        if way["reorder"] and self.random.random() < way["reorder"]:
            due += 0.004
        self.push(due, out, frame)
        if way["duplicate"] and self.random.random() < way["duplicate"]:
            self.push(due + 0.0007, out, frame)

    def dropped(self, port, segment):
        """Blackholes, and boxes that reset a connection when they read a word they dislike."""
        for rule in list(self.rules.values()):
            if rule["link"] != port.link or rule.get("end", port.end) != port.end:
                continue
            if "port" in rule and rule["port"] not in (segment.sport, segment.dport):
                continue
            if "host" in rule and rule["host"] not in (segment.src, segment.dst):
                continue
            if "needle" not in rule:
                return True
            if rule["needle"].encode() in segment.payload:
                self.rules.pop(rule["name"])
                self.shoot(port, segment, rule)
        return False

    def shoot(self, port, segment, rule):
        """Reset both ends (or one) as a box on the path would: the request itself still passes."""
        end = segment.seq + len(segment.payload)
        ack = {"bare": None}.get(rule.get("form"), segment.ack)
        if rule["to"] in ("client", "both"):
            mirror = segment._replace(src=segment.dst, sport=segment.dport, dst=segment.src, dport=segment.sport,
                                      eth=segment.eth[6:12] + segment.eth[:6] + segment.eth[12:])
            self.emit(port, frames.forge_reset(mirror, segment.ack, None if ack is None else end, rule["ttl"]))
        if rule["to"] in ("server", "both"):
            forged = frames.forge_reset(segment, end, ack, rule["ttl"])
            self.push(time.monotonic() + port.way["delay"] + rule["lag"],
                      self.ports[port.link, OTHER[port.end]], forged)

    def forge(self, ask):
        """One reset, now, in the name of one end of a flow this relay has seen."""
        key = (ask["link"], *ask["sender"], *ask["receiver"])
        mine, back = self.last[key], self.last[(ask["link"], *ask["receiver"], *ask["sender"])]
        seq = mine.seq + len(mine.payload) + bool(mine.flags & (frames.SYN | frames.FIN)) + ask.get("seq_offset", 0)
        ack = back.seq + len(back.payload) + bool(back.flags & (frames.SYN | frames.FIN))
        ttl = mine.ttl if ask["ttl"] == "copy" else ask["ttl"]
        frame = frames.forge_reset(mine, seq, ack if ask.get("form") == "ack" else None, ttl, ask.get("window", 0))
        out = self.ports[ask["link"], ask["towards"]]
        # Behind what is already under way: a reset in front of its own data would only draw a challenge ACK.
        delay = self.ports[ask["link"], OTHER[ask["towards"]]].way["delay"]
        self.push(time.monotonic() + ask.get("after", delay), out, frame)

    def push(self, due, port, frame):
        self.order += 1
        heapq.heappush(self.queue, (due, self.order, port, frame))

    @staticmethod
    def emit(port, frame):
        try:
            port.socket.send(frame)
        except OSError:
            pass  # the far interface is already gone: the world is being taken down

    def command(self):
        data, sender = self.control.recvfrom(65536)
        ask = json.loads(data)
        answer = {"ok": True, "t": time.time()}
        try:
            if ask["op"] == "set":
                for end in ("left", "right") if ask.get("end") is None else (ask["end"],):
                    self.ports[ask["link"], end].way.update(ask["way"])
            elif ask["op"] == "rule":
                self.rules[ask["rule"]["name"]] = ask["rule"]
            elif ask["op"] == "unrule":
                self.rules.pop(ask["name"], None)
            elif ask["op"] == "forge":
                self.forge(ask)
        except KeyError as missing:
            answer = {"ok": False, "error": f"not seen: {missing}"}
        self.control.sendto(json.dumps(answer).encode(), sender)


if __name__ == "__main__":
    with open(sys.argv[1]) as config_file:
        Relay(json.load(config_file), sys.argv[2]).run()
