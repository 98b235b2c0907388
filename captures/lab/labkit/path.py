"""The driver's side of the relay: what scenarios say to the path."""
import json
import os
import socket
import threading


class Path:
    def __init__(self, control, scratch):
        self.control, self.scratch = control, scratch
        self.lock, self.count = threading.Lock(), 0

    def ask(self, **command):
        """One command, one answer. Each caller has its own return address."""
        with self.lock:
            self.count += 1
            mine = os.path.join(self.scratch, f"ask-{self.count}.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.bind(mine)
            line.settimeout(5)
            line.sendto(json.dumps(command).encode(), self.control)
            answer = json.loads(line.recv(65536))
        os.unlink(mine)
        if not answer["ok"]:
            raise RuntimeError(f"relay: {answer['error']}")
        return answer["t"]

    def set(self, link, end=None, **way):
        """delay, jitter, loss, duplicate, reorder for frames entering at `end` (both when None)."""
        return self.ask(op="set", link=link, end=end, way=way)

    def blackhole(self, link, name, **match):
        """From now on nothing that matches (port=, host=, end=) passes, without a word."""
        return self.ask(op="rule", rule={"name": name, "link": link, **match})

    def reset_on(self, link, name, needle, to, ttl, form="ack", lag=0.006):
        """A box that forges resets to `to` (client, server, both) when a client segment holds `needle`."""
        return self.ask(op="rule", rule={"name": name, "link": link, "needle": needle,
                                         "to": to, "ttl": ttl, "form": form, "end": "left", "lag": lag})

    def lift(self, name):
        return self.ask(op="unrule", name=name)

    def forge(self, link, sender, receiver, towards, ttl, form="bare", **more):
        """A reset in the name of `sender` (ip, port), sent out towards the link's end `towards`."""
        return self.ask(op="forge", link=link, sender=list(sender), receiver=list(receiver),
                        towards=towards, ttl=ttl, form=form, **more)
