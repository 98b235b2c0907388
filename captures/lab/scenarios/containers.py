"""A container host, where one packet is seen several times, and in several sizes."""
import time

from labkit import netns
from labkit.configs import site
from labkit.registry import scenario

DOWN, UP = ("client", "nginx"), ("nginx", "app")
CLEAN = dict(cls=["clean"], owed="nothing", closer="client", flag="FIN")
LEFT = dict(cls=["client-abort"], severity="problem", phase="awaiting-response", owed="response", closer="client")


@scenario(
    "container-host", "A container host: `-i any` sees every packet two to four times, as super-segments and in pieces",
    """nginx and the application run as containers behind a bridge; the host forwards port 80 to nginx's container (DNAT)
    and is where the capture is taken, with `-i any`: on the outer interface, on the bridge and on both container cables.
    Those cables have segmentation offload, as they do on a real container host, the outer interface has not. Three good
    sessions, one of them a download of 9 kB; one client that leaves, two 504s (`proxy_read_timeout` 6.2 s).""",
    """tshark marks dozens of retransmissions (`tcp.analysis.retransmission`) which are copies: same `ip.id`, microseconds
    apart, on another interface (`sll.ifindex`). `tcp.len > 1460` shows the super-segments on the container cables and the
    bridge; what leaves by the outer interface are their pieces of 1448 bytes. The client's connection has two names: to the
    host's address and to the container's.""", seconds=15)
def container_host(world):
    client, host = world.host("client"), world.host("host")
    world.link("client", "host", 0.0043)
    world.start_relay()
    containers(world, host)
    netns.sh("ip", "-n", client.ns, "route", "add", "default", "via", "10.77.1.3")
    app = world.serve("uvicorn", "app", "host", 8000, address="172.18.0.3")
    nginx = world.serve("nginx", "nginx", "host", 80, site(
        {"/": "proxy_pass http://172.18.0.3:8000; proxy_read_timeout 6200ms;"}), address="172.18.0.2")
    world.setting("nginx", "proxy_read_timeout", 6.2)
    world.capture("host", place="container host, -i any", sees={"client→host", "client→nginx", "nginx→app"})

    def job(number):
        time.sleep(0.3 * number)
        client = world.connect("client", ("10.77.1.3", 80))
        client.request(("/hello", "/bytes/9000", "/hello", "/sleep/9", "/sleep/9", "/sleep/9")[number])
        if number == 3:
            time.sleep(2.2)
        else:
            client.response()
        client.close()
        return client

    clients = world.parallel(job, range(6))
    time.sleep(3.5)
    for number, client in enumerate(clients):
        left = number == 3
        fields = dict(LEFT, flag="FIN") if left else dict(CLEAN)
        outer = world.truth.client_leg(client, ("client", "host"), **fields)
        inner = world.truth.client_leg(client, ("client", "nginx"), server="172.18.0.2:80", **fields)
        world.truth.twins(outer, inner)
        up = dict(cls=["clean"], owed="nothing", status=200)
        if left:
            up = dict(LEFT, flag="FIN", variant="propagated")
        elif number > 3:
            up = dict(LEFT, cls=["idle-timeout"], flag="FIN", timer=("nginx.proxy_read_timeout", 6.2))
        leg = world.truth.upstream_leg(app.request(client.ids[0]), UP, **up)
        world.truth.link(inner, leg, cause="down" if left else None)
        world.truth.link(outer, leg)


def containers(world, host):
    """Two containers on a bridge of the host, port 80 forwarded to the first, as container engines do it."""
    inside = lambda *argv: netns.sh("ip", "netns", "exec", host.ns, *argv)  # noqa: E731
    netns.sh("ip", "-n", host.ns, "link", "add", "br0", "type", "bridge")
    netns.sh("ip", "-n", host.ns, "addr", "add", "172.18.0.1/16", "dev", "br0")
    netns.sh("ip", "-n", host.ns, "link", "set", "br0", "up")
    for name, last in (("nginx", 2), ("app", 3)):
        container = world.host(name)
        netns.veth(container.ns, "eth0", host.ns, f"veth{last}", offload=True)
        netns.sh("ip", "-n", host.ns, "link", "set", f"veth{last}", "master", "br0")
        netns.sh("ip", "-n", container.ns, "addr", "add", f"172.18.0.{last}/16", "dev", "eth0")
        netns.sh("ip", "-n", container.ns, "route", "add", "default", "via", "172.18.0.1")
    inside("sysctl", "-qw", "net.ipv4.ip_forward=1")
    inside("iptables", "-t", "nat", "-A", "PREROUTING", "-i", "to-client", "-p", "tcp", "--dport", "80",
           "-j", "DNAT", "--to-destination", "172.18.0.2:80")
