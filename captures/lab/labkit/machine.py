"""The machine under a host: in a run that is taken everywhere, the last host of the chain is a container on a bridge.

Its cable has segmentation offload as on a real container host; the machine's own interface has not, so that the relay and
everybody else see packets of real size. `-i any` on the machine sees each packet several times (outer interface, container
cable), the container's cable alone shows super-segments. Nothing about the connections is different.
"""
from . import netns


def under(world, host):
    from .world import Host
    machine = Host(f"{host.name}-machine", f"{host.ns}-machine")
    machine.carries = host
    netns.create(machine.ns, world.ipv6)
    world.machine = machine


def connect(machine, name, relay_ns, relay_name, number):
    """One link of the host: cable from the relay to the machine, bridge, cable into the container."""
    inside = lambda *argv: netns.sh("ip", "-n", machine.ns, "link", *argv)  # noqa: E731
    netns.veth(machine.ns, f"eth{number}", relay_ns, relay_name)
    netns.veth(machine.carries.ns, name, machine.ns, f"veth{number}", offload=True)
    inside("add", f"br{number}", "type", "bridge")
    for member in (f"eth{number}", f"veth{number}"):
        inside("set", member, "master", f"br{number}")
    inside("set", f"br{number}", "up")
    machine.addresses[f"veth{number}"] = None
