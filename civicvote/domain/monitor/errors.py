"""Refusals of the monitor."""

from civicvote.kernel.errors import Conflict, Invalid, NotFound


class NetworkUnusable(Invalid):
    """Not a range of addresses, such as ``203.0.113.0/24``."""

    code = "monitor_network_unusable"
    field = "network"


class NetworkTooWide(Invalid):
    """More addresses than ``most``: such a range holds half a country, and says nothing."""

    code = "monitor_network_too_wide"
    field = "network"


class NetworkAlreadyListed(Conflict):
    code = "monitor_network_already_listed"
    field = "network"


class TooManyNetworks(Conflict):
    code = "monitor_too_many_networks"


class UnknownNetwork(NotFound):
    code = "monitor_unknown_network"
