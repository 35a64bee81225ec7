"""Which addresses a crawl may connect to: public ones on ports of the web, and what an operator allows by name.

Pages are hostile: a link, a redirect or a name that resolves elsewhere the second time may point into our own network.
The decision here is a pure function of the parsed address and of the IP address that is about to be connected to;
`crawlers/network_guard_endpoint.py` takes it at the socket. There is one parser of addresses, `ada-url` (WHATWG), and
only what it prints is handed on.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

import ada_url

from domain.errors import UndercutError
from domain.hostile_text import one_line

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 8_192
_DEFAULT_PORTS = {"http:": 80, "https:": 443}

# Ports of other services: those that the Fetch standard blocks (fetch.spec.whatwg.org/#port-blocking), and stores and
# control planes that answer to HTTP or to anything (databases, caches, queues, Docker, kubelet, etcd).
_REFUSED_PORTS = frozenset(
    {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109}
    | {110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530}
    | {531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190}
    | {5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
    | {1433, 1521, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5672, 5984, 6379, 9042, 9200, 9300, 10250, 11211, 27017}
)

# The special-purpose registries of IANA, and the metadata services of clouds that sit on public-looking addresses.
_REFUSED_NETWORKS: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade private"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "metadata service"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("2001::/23", "protocol assignments"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
)
_NETWORKS = tuple((ipaddress.ip_network(network), reason) for network, reason in _REFUSED_NETWORKS)
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOW_32_BITS = 0xFFFF_FFFF


class RefusedTargetError(UndercutError):
    """An address that a crawl must not ask for; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed address: `href` as ada-url prints it, without fragment; `host` in lower case, IPv6 without brackets."""

    href: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port, always with the port, as robots.txt and tokens are bound to it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def place(self) -> str:
        """Host and port, as an operator names them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_target(url: str, *, base: str | None = None) -> Target:
    """The address, resolved against `base` where one is given; raises RefusedTargetError for all but plain http(s)."""
    shown = one_line(url)
    if len(url) > LONGEST_URL:
        raise RefusedTargetError(f"{shown} is longer than {LONGEST_URL} characters")
    try:
        parsed = ada_url.URL(url, base=base) if base else ada_url.URL(url)
    except ValueError as error:
        raise RefusedTargetError(f"{shown} is no address") from error
    if parsed.protocol not in _DEFAULT_PORTS:
        raise RefusedTargetError(f"{shown} is neither http nor https")
    if parsed.username or parsed.password:
        raise RefusedTargetError(f"{shown} carries a user name or password")
    host = parsed.hostname.strip("[]").rstrip(".").lower()
    if not host:
        raise RefusedTargetError(f"{shown} names no host")
    port = int(parsed.port) if parsed.port else _DEFAULT_PORTS[parsed.protocol]
    parsed.hash = ""
    return Target(href=parsed.href, scheme=parsed.protocol.rstrip(":"), host=host, port=port)


def why_refused(address: IPAddress) -> str | None:
    """Why this address is not a public one, in a word or two; None for a public one."""
    if isinstance(address, ipaddress.IPv6Address):
        embedded = _embedded(address)
        if embedded is not None:
            return why_refused(embedded)
        if address not in _GLOBAL_UNICAST:
            return "loopback" if address.is_loopback else "outside the public IPv6 space"
    return next((reason for network, reason in _NETWORKS if address in network), None)


def is_loopback_name(host: str) -> bool:
    """Is this a name or address that by definition never leaves the machine (RFC 6761, RFC 1122)?"""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Guard:
    """What an operator allows beyond the public internet: places by name, as `host` or `host:port`.

    Nothing else ever widens it. A place that is named may resolve to any address; no other name gains by it.
    """

    allowed_places: frozenset[str] = frozenset()

    @classmethod
    def allowing(cls, places: Iterable[str]) -> "Guard":
        """A guard with the places an operator wrote down; raises RefusedTargetError for one that is none."""
        return cls(frozenset(_normal_place(place) for place in places))

    def allows_by_name(self, target: Target) -> bool:
        """Did the operator name this host, or this host and port?"""
        host = f"[{target.host}]" if ":" in target.host else target.host
        return bool(self.allowed_places & {host, target.place})

    def exempts(self, target: Target) -> bool:
        """May this host be asked without delay? Only a loopback name that the operator allowed."""
        return self.allows_by_name(target) and is_loopback_name(target.host)

    def check_target(self, target: Target) -> None:
        """Raises RefusedTargetError for ports of other services, whatever the host."""
        if target.port in _REFUSED_PORTS and not self.allows_by_name(target):
            raise RefusedTargetError(f"port {target.port} of {one_line(target.host)} is not one of the web")

    def check_address(self, target: Target, address: IPAddress) -> None:
        """Raises RefusedTargetError unless this connected (or about to be connected) address may be asked."""
        self.check_target(target)
        reason = why_refused(address)
        if reason is not None and not self.allows_by_name(target):
            raise RefusedTargetError(
                f"{one_line(target.host)} leads to {address} ({reason}); "
                f"an operator who means it allows {one_line(target.place)} by name"
            )


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv4-mapped or NAT64 address stands for."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & _LOW_32_BITS)
    return None


def _normal_place(place: str) -> str:
    """`host` or `host:port` as parsed targets spell it."""
    target = parse_target(f"http://{place}/")
    host = f"[{target.host}]" if ":" in target.host else target.host
    has_port = place.rpartition("]")[2].count(":") == 1
    return target.place if has_port else host
