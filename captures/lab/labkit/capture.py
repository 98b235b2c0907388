"""tcpdump at the points where an engineer would have put it."""
import os
import signal
import subprocess
import threading
import time

from . import wire

TCPDUMP = "/usr/bin/tcpdump"


class Capture:
    """One running tcpdump. `sees` names the legs that can show up in it, where the hosts alone do not tell.

    bulk: for much traffic. In immediate mode each packet takes a slot of 256 KB in the kernel's ring, which overflows; in
    bulk mode the ring is used well, but what came last is handed over a second late.
    thin: every that many ordinary packets (no SYN, FIN, RST) one is taken out afterwards. blur: the capture shows too
    little to insist on more than the class ("holes"), or even on that (True: `unclassified` is honest too); "cut" (a
    snaplen that cuts messages) leaves phase and owed open; "short" (a snaplen of 96, of every run) leaves open as well
    whether a response was whole and which legs belong together.
    """
    thin = blur = lost = None
    point = False       # taken because every host was asked for, not because the scenario wants it
    whole = None        # a point that saw the same packets and more: the referee asks that one
    since = until = None    # a form that began after the others, or ended before them (ways.py)
    bad = settled = flows = None    # the referee's word; the flows of the capture and of what is published (judge.py)

    def __init__(self, view, host, path, sees, interface="any", options=(), expression="", place=None,
                 bulk=False):
        self.view, self.path, self.sees, self.host, self.interface = view, path, sees, host, interface
        self.bulk, self.stopping, self.began, self.ended = bulk, threading.Lock(), time.time(), None
        snaplen = [] if any(option.startswith("-s") for option in options) else ["-s", "0"]
        self.command = ["tcpdump", "-i", interface, *snaplen, *options, "-w", "capture" + os.path.splitext(path)[1]]
        if expression:
            self.command.append(expression)
        if isinstance(interface, tuple):
            return self.multiple(interface)
        mode = [] if bulk else ["--immediate-mode"]
        argv = ["ip", "netns", "exec", host.ns, TCPDUMP, "-Z", "root", "-U", *mode, "-B", "16384",
                *self.command[1:-1 - bool(expression)], path, *([expression] if expression else [])]
        self.start(argv, place or f"{host.name}, -i {interface}", "listening on")

    def multiple(self, interfaces):
        """pcapng with one interface block each, as dumpcap writes it."""
        words = [word for name in interfaces for word in ("-i", name)]
        self.command = ["dumpcap", *words, "-w", "capture.pcapng"]
        self.start(["ip", "netns", "exec", self.host.ns, "/usr/bin/dumpcap", "-q", *words, "-w", self.path],
                   f"{self.host.name}, {' '.join(words)}", "File:")

    def start(self, argv, vantage, ready):
        self.process = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.vantage = vantage
        line = self.process.stderr.readline()
        while line and ready not in line:
            line = self.process.stderr.readline()
        if not line:
            raise RuntimeError(f"tcpdump at {self.vantage} did not start")
        time.sleep(0.05)

    def stop(self):
        """What tcpdump says about kernel drops matters: a capture with drops is not a good label."""
        with self.stopping:
            return self if self.lost is not None else self.finish()

    def finish(self):
        self.ended = time.time()    # what comes from now on may be in the file or not
        time.sleep(1.4 if self.bulk or isinstance(self.interface, tuple) else 0.1)     # dumpcap hands over late, too
        os.killpg(self.process.pid, signal.SIGINT)
        words = self.process.stderr.read()
        self.process.wait(10)
        self.lost = any("dropped by kernel" in line and not line.startswith("0 ") for line in words.splitlines())
        self.blur = self.blur or ("cut" if any(f"-s {n} " in " ".join(self.command) for n in (96, 128, 200)) else None)
        if self.thin:
            wire.thin(self.path, self.thin)
            self.thin, self.vantage = None, f"{self.vantage}, every {self.thin}th ordinary packet lost"
        return self
