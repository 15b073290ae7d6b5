"""Keyed marks of where a ballot came from: alike for alike origins within one poll, meaningless beside another."""

import hmac
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from civicvote.domain.monitor.errors import NetworkTooWide, NetworkUnusable

#: As many single networks a range may hold: enough for a town hall, and its marks are computed in a blink.
MOST_IN_A_RANGE = 4_096
_HOUSEHOLD_BITS = 64  # of an IPv6 address: one household or office


class MarkOf(StrEnum):
    NETWORK = "network"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from. ``network``: an IPv4 address, or the /64 of an IPv6 one; ``device``: the name that the
    browser keeps since somebody signed in there, or nothing."""

    network: str
    device: str = ""


def mark(mac_key: bytes, salt: str, kind: MarkOf, text: str) -> str:
    """HMAC-SHA-256 (hex) of what is marked, under the site's key and the poll's salt."""
    return hmac.new(mac_key, f"trace\n{salt}\n{kind}\n{text}".encode(), "sha256").hexdigest()


def read_range(text: str) -> str:
    """A range of addresses in its one way of writing. Raises ``NetworkUnusable``, ``NetworkTooWide``."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise NetworkUnusable from error
    if _single_networks(network) > MOST_IN_A_RANGE:
        raise NetworkTooWide(most=MOST_IN_A_RANGE)
    return str(network)


def networks_in(range_: str) -> Iterator[str]:
    """Every ``Origin.network`` of the range."""
    network = ipaddress.ip_network(range_)
    if isinstance(network, ipaddress.IPv4Network):
        yield from map(str, network)
    elif network.prefixlen >= _HOUSEHOLD_BITS:
        yield str(network.supernet(new_prefix=_HOUSEHOLD_BITS))
    else:
        yield from map(str, network.subnets(new_prefix=_HOUSEHOLD_BITS))


def _single_networks(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> int:
    whole = network.max_prefixlen if network.version == 4 else _HOUSEHOLD_BITS
    return 1 << max(0, whole - network.prefixlen)
