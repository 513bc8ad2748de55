"""Where deliveries may go: addresses that are looked at once, and connected to as they were looked at.

An administrator names them, and the service asks for them from inside the city's network. So it never asks
itself, the machine's neighbours on the link, or what tells a cloud's secrets, whatever a name resolves to.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from gis.errors import InvalidInput
from gis.i18n import _
from gis.settings import get_settings

LONGEST = 2000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Metadata services of clouds that lie outside the link-local range.
METADATA = frozenset(
    ipaddress.ip_address(each)
    for each in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)
_THIS_HOST = ipaddress.ip_network("0.0.0.0/8")
_EMBEDS_IPV4 = ipaddress.ip_network("64:ff9b::/96")  # NAT64


class Refused(Exception):
    """The address may not be asked; says its host and why."""


@dataclass(frozen=True)
class Target:
    """A parsed address."""

    scheme: str
    host: str
    port: int
    path: str  # with its query


def parse_target(url: str, trusted: bool = False) -> Target:
    """Read an address; ``trusted``: the operator of the machine has named it, it may be any host.

    Raises
    ------
    InvalidInput
        No http or https address, with a name and password in it, too long, or of a host that must not be
        asked.
    """
    parts = _split(url)
    host = parts.hostname or ""
    try:
        host = host if ":" in host else host.encode("idna").decode()
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except (ValueError, UnicodeError):
        raise _wrong(_("its host or port cannot be read")) from None
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _wrong(_("it must hold no name, password or fragment"))
    if not (parts.path + parts.query).isascii():
        raise _wrong(_("signs beyond ASCII must be escaped in it"))
    target = Target(
        parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    )
    try:
        why = "" if trusted else why_refused(ipaddress.ip_address(host))
    except ValueError:
        why = ""  # a name: looked up, and looked at, when something is sent
    if why:
        raise _wrong(why)
    return target


def resolve(target: Target, trusted: bool = False) -> str:
    """The address to connect to, looked up once; ``trusted``: the operator of the machine has named it.

    Raises
    ------
    Refused
        The name means an address that may not be asked; one such among several is enough.
    OSError
        The name is not known.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not trusted:
        for address in addresses:
            if why := why_refused(ipaddress.ip_address(address.partition("%")[0])):
                raise Refused(f"{target.host}: {why}")
    return addresses[0]


def why_refused(address: Address) -> str:
    """Why an address may not be asked; empty where it may."""
    address = _meant(address)
    settings = get_settings()
    if any(address in network for network in allowed_networks(settings.webhook_networks)):
        return ""
    if address in METADATA or address.is_link_local:
        return _("the address is link-local or tells a cloud's secrets")
    if address.is_loopback or address.is_unspecified or address in _THIS_HOST:
        return _("the address is this machine itself")
    if address.is_multicast or address.is_reserved:
        return _("the address is no single machine's")
    if not address.is_global and not settings.webhook_private:
        return _("the address is private, and CITYGRID_WEBHOOK_PRIVATE is false")
    return ""


def allowed_networks(written: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks of ``CITYGRID_WEBHOOK_NETWORKS``; ValueError for what is none."""
    return [ipaddress.ip_network(each) for each in written.split()]


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _EMBEDS_IPV4:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST or any(ord(sign) <= 0x20 or ord(sign) == 0x7F for sign in url):
        raise _wrong(_("it is too long or holds blanks"))
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname)
    except ValueError:
        raise _wrong(_("it cannot be read")) from None
    if parts.scheme not in {"http", "https"} or not named:
        raise _wrong(_("it must begin with http:// or https:// and name a host"))
    return parts


def _wrong(why: str) -> InvalidInput:
    return InvalidInput(
        _("This address cannot be used: {why}").format(why=why), errors=[{"pointer": "/url", "detail": why}]
    )
