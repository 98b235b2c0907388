"""Network namespaces: making them, opening sockets inside them, tidying them away."""
import contextlib
import ctypes
import os
import subprocess

PREFIX = "pcapwhy-"
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def sh(*argv, check=True):
    """Run one command; its own words are the error message when it fails."""
    done = subprocess.run(argv, capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def create(ns, ipv6=False):
    sh("ip", "netns", "add", ns)
    sh("ip", "-n", ns, "link", "set", "lo", "up")
    settings = ["net.ipv4.tcp_no_metrics_save=1"]
    if ipv6:
        # Without this the first second of every run would be duplicate-address detection.
        settings += ["net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.all.accept_dad=0"]
    else:
        settings += ["net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"]
    sh("ip", "netns", "exec", ns, "sysctl", "-qw", *settings)


def delete(ns):
    """Only namespaces of this lab: whatever still lives inside was started by it."""
    for pid in sh("ip", "netns", "pids", ns, check=False).split():
        with contextlib.suppress(ProcessLookupError, ValueError):
            os.kill(int(pid), 9)
    sh("ip", "netns", "del", ns, check=False)


def existing(prefix=PREFIX):
    names = [line.split()[0] for line in sh("ip", "netns", "list").splitlines() if line.strip()]
    return [name for name in names if name.startswith(prefix)]


def veth(ns_a, name_a, ns_b, name_b, offload=False):
    """A virtual cable. Without offload every segment has its real size and a checksum."""
    sh("ip", "link", "add", name_a, "netns", ns_a, "type", "veth", "peer", "name", name_b, "netns", ns_b)
    for ns, name in ((ns_a, name_a), (ns_b, name_b)):
        if not offload:
            sh("ip", "netns", "exec", ns, "ethtool", "-K", name,
               "tx", "off", "gso", "off", "tso", "off", "gro", "off")
        sh("ip", "-n", ns, "link", "set", name, "up")


@contextlib.contextmanager
def entered(ns):
    """Sockets opened inside the block belong to that namespace for ever. Affects this thread only."""
    with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{ns}") as there:
        _setns(there.fileno())
        try:
            yield
        finally:
            _setns(home.fileno())


def _setns(fd):
    if _libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
