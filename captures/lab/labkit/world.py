"""One scenario's private network: hosts in a row, the relay between them, servers, captures, truth."""
import concurrent.futures
import json
import os
import socket
import subprocess
import time

from . import client, machine, netns, path, servers, vantage, ways
from .capture import Capture
from .truth import Truth

RELAY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "relay.py")


class Host:
    carries = None      # a machine: the host that runs on it as a container (machine.py)

    def __init__(self, name, ns):
        self.name, self.ns, self.addresses = name, ns, {}

    def address(self, towards):
        """Its address on the link to that neighbour."""
        return self.addresses[towards]


class World:
    def __init__(self, name, scratch, number, log=print):
        self.name, self.scratch, self.log = name, scratch, log
        self.prefix = f"{netns.PREFIX}{os.getpid()}-{number}-"
        self.hosts, self.links, self.servers, self.captures, self.spawned = {}, [], [], [], []
        self.truth, self.settings, self.notes, self.ipv6 = Truth(), [], [], False
        self.http_ports, self.path, self.everywhere, self.pair = set(), None, False, None
        self.machine, self.timers, self.seconds = None, [], 20
        self.clients = []  # kept: a socket that is garbage-collected would close on the wire
        os.makedirs(scratch, exist_ok=True)

    # hosts and links -------------------------------------------------------------------------

    def host(self, name):
        if name not in self.hosts:
            self.hosts[name] = Host(name, self.prefix + name)
            netns.create(self.hosts[name].ns, self.ipv6)
        return self.hosts[name]

    def chain(self, *names, delays, ipv6=False):
        """Hosts in a row; link N has 10.77.N.2 on its left and 10.77.N.3 on its right."""
        self.ipv6 = ipv6
        if self.everywhere:
            machine.under(self, self.host(names[-1]))
        for left, right, delay in zip(names, names[1:], delays):
            self.link(left, right, delay)
        self.start_relay()
        return [self.hosts[name] for name in names]

    def link(self, left, right, delay):
        number = len(self.links) + 1
        left, right, relay = self.host(left), self.host(right), self.host("relay")
        for end, host, other, last in (("l", left, right, 2), ("r", right, left, 3)):
            if self.machine and self.machine.carries is host:
                machine.connect(self.machine, f"to-{other.name}", relay.ns, f"{end}{number}", number)
            else:
                netns.veth(host.ns, f"to-{other.name}", relay.ns, f"{end}{number}")
            address = f"fd77::{number}:{last}" if self.ipv6 else f"10.77.{number}.{last}"
            self.add_address(host, other.name, address)
            host.addresses.setdefault(other.name, address)
        self.links.append({"name": f"{left.name}-{right.name}", "left": f"l{number}", "right": f"r{number}",
                           "delay": delay})

    def cable(self, left, right, network=90):
        """Two hosts joined without the relay, offload left on: super-segments as on a real machine."""
        left, right = self.host(left), self.host(right)
        netns.veth(left.ns, f"to-{right.name}", right.ns, f"to-{left.name}", offload=True)
        for host, other, last in ((left, right, 2), (right, left, 3)):
            host.addresses[other.name] = self.add_address(host, other.name, f"10.77.{network}.{last}")

    def add_address(self, host, towards, address):
        """Hosts can have many addresses: a crowd of clients, two application servers."""
        more = ["nodad"] if ":" in address else []
        length = "112" if ":" in address else "24"
        netns.sh("ip", "-n", host.ns, "addr", "add", f"{address}/{length}", "dev", f"to-{towards}", *more)
        return address

    def start_relay(self, seed=7):
        control = os.path.join(self.scratch, "relay.sock")
        config = servers.write(self.scratch, "relay.json", json.dumps({"links": self.links, "seed": seed}))
        errors = open(os.path.join(self.scratch, "relay.log"), "w")
        self.spawned.append(subprocess.Popen(
            # A path that waits for the processor would not have the delay it is said to have.
            ["nice", "-n", "-15", "ip", "netns", "exec", self.hosts["relay"].ns, servers.PYTHON, RELAY, config, control],
            start_new_session=True, stderr=errors))
        while not os.path.exists(control):
            time.sleep(0.02)
        self.path = path.Path(control, self.scratch)

    # servers ---------------------------------------------------------------------------------

    def _directory(self, name):
        directory = os.path.join(self.scratch, f"{name}-{len(self.servers)}")
        os.makedirs(directory)
        return directory

    def serve(self, kind, host, towards, port, *more, address=None, **options):
        """Starts nginx, haproxy, uvicorn, gunicorn, node or scripted on a host and waits until it listens."""
        host = self.hosts[host]
        address = address or host.address(towards)
        make = getattr(servers, kind)
        directory = self._directory(kind)
        if kind in ("nginx", "haproxy", "squid", "tinyproxy"):
            server = make(host, directory, *more, **options)
        else:
            server = make(host, directory, address, port, *more, **options)
        self.servers.append(server)
        self.http_ports.add(port)
        server.address = (address, port)
        return server.wait_for(address, port)

    def run_in(self, host, *argv, **options):
        """Any program inside a host: curl, a small script."""
        process = subprocess.Popen(["ip", "netns", "exec", self.hosts[host].ns, *argv], start_new_session=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        self.spawned.append(process)
        return process

    # clients, captures, time -----------------------------------------------------------------

    def connect(self, host, server, **options):
        made = client.Client(self.hosts[host], server, label=options.pop("label", self.name), **options)
        self.clients.append(made)
        return made

    def parallel(self, function, items):
        items = list(items)
        with concurrent.futures.ThreadPoolExecutor(max(1, len(items))) as pool:
            return list(pool.map(function, items))

    def capture(self, host, view=None, interface="any", options=(), expression="", sees=None, place=None, ext="pcap",
                bulk=False):
        """A tcpdump on a host. The first one is the scenario's own; the others become folders of their own."""
        if self.everywhere:
            self.everywhere = False
            taken = self.parallel(lambda point: self.point(*point, bulk), vantage.points(self))
            vantage.pair_up(taken)
            whole = next(one for one in taken if one.host is ways.middle(self) and one.interface == "any")
            ways.start(self, whole, self.seconds, bulk)
        return self.take(self.hosts[host], view, interface, options, expression, sees, place, ext, bulk)

    def take(self, host, view=None, interface="any", options=(), expression="", sees=None, place=None, ext="pcap",
             bulk=False):
        file = os.path.join(self.scratch, f"{view or 'capture'}.{ext}")
        capture = Capture(view, host, file, sees, interface, options, expression, place, bulk)
        capture.began = time.time()
        self.captures.append(capture)
        return capture

    def point(self, view, host, interface, bulk):
        """One of the places where every run can be taken; see vantage.py."""
        capture = self.take(host, view=view, interface=interface, bulk=bulk)
        capture.point = True
        return capture

    def stop_captures(self):
        """The last thing on every link is a datagram to a port nobody listens on: a file tells its end only by packets."""
        self.stop_timers()
        for host in {capture.host for capture in self.captures if capture.lost is None}:
            self.say_end(host)
        self.parallel(lambda capture: capture.stop(), self.captures)

    def stop_timers(self):
        """A capture that would begin or end later does so no more."""
        for timer in self.timers:
            timer.cancel()
            timer.join(5)

    def say_end(self, host):
        with netns.entered(host.ns):
            line = socket.socket(socket.AF_INET6 if self.ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
        for other in host.addresses:
            if other in self.hosts and host.name in self.hosts[other].addresses:
                line.sendto(b"the end", (self.hosts[other].addresses[host.name], 9))
        line.close()

    def setting(self, component, setting, seconds, default=False):
        self.settings.append({"component": component, "setting": setting, "seconds": seconds, "default": default})

    def close(self):
        self.stop_timers()
        for capture in self.captures:
            capture.stop()
        for server in self.servers:
            server.kill()
        for process in self.spawned:
            if process.poll() is None:
                process.kill()
        for host in [*self.hosts.values(), *([self.machine] if self.machine else [])]:
            netns.delete(host.ns)
