"""At which addresses telephones on the same network reach this machine.

The standard library only: set-up asks before any package is installed.
"""

import fcntl
import socket
import struct
from contextlib import closing, suppress
from ipaddress import IPv4Address, IPv4Network

ANYWHERE = "0.0.0.0"
LOOPBACK = "127.0.0.1"
# Addresses that belong to nobody in particular: at home and at work (RFC 1918), between a provider and its
# customers (RFC 6598), without a router (RFC 3927), this machine itself, and those of documentation and of
# test machines (RFC 5737, RFC 2544).
PRIVATE_NETWORKS = tuple(
    IPv4Network(text)
    for text in (
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    )
)
# Beyond every router, so that the way to it is the way out. Nothing is sent there.
SOMEWHERE_FAR = ("198.51.100.1", 9)
VIRTUAL_INTERFACES = ("docker", "br-", "veth", "virbr", "lxc", "podman", "cni")
SIOCGIFADDR = 0x8915  # linux/sockios.h


class NotOnLan(ValueError):
    """Telephones cannot reach us there. The message is one line, in Chinese and English, with a remedy."""


def address_to_show(host: str | None) -> str:
    """The address that telephones are told: `host` as given, or the likeliest one of ours.

    Raises:
        NotOnLan: `host` is not ours, not IPv4 or not private; or it was not given and there is none.
    """
    here = lan_addresses()
    if host in (None, ANYWHERE):
        if not here:
            raise NotOnLan(
                "这台机器没有局域网地址:请连接 Wi-Fi 或网线,或用 --host 指定。 / "
                "This machine has no address on a local network: connect it, or name one with --host."
            )
        return here[0]
    if host not in (*here, LOOPBACK):
        raise NotOnLan(
            f"{host} 不是这台机器的局域网 IPv4 地址;可用:{_listed(here)}。 / "
            f"{host} is not a private IPv4 address of this machine; it has: {_listed(here)}."
        )
    return host


def lan_addresses() -> list[str]:
    """This machine's private IPv4 addresses without loopback, the likeliest for telephones first.

    That is the one from which it sends to far away; those of containers and virtual machines come last.
    """
    names = [name for _, name in socket.if_nameindex()]
    names.sort(key=lambda name: name.startswith(VIRTUAL_INTERFACES))
    found = dict.fromkeys([_address_of_the_way_out(), *map(_address_of_interface, names)])
    return [address for address in found if is_private(address) and not IPv4Address(address).is_loopback]


def is_private(address: str | None) -> bool:
    return address is not None and any(IPv4Address(address) in network for network in PRIVATE_NETWORKS)


def _address_of_the_way_out() -> str | None:
    """The address from which a packet to far away would leave; connecting by UDP sends none."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe, suppress(OSError):
        probe.connect(SOMEWHERE_FAR)
        return probe.getsockname()[0]


def _address_of_interface(name: str) -> str | None:
    """The first IPv4 address of the interface `name`, if it has one."""
    request = struct.pack("256s", name.encode()[:15])
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asked, suppress(OSError):
        return socket.inet_ntoa(fcntl.ioctl(asked, SIOCGIFADDR, request)[20:24])


def _listed(addresses: list[str]) -> str:
    return ", ".join([*addresses, LOOPBACK])
