"""The sentences behind what the monitor refuses; ``messages`` takes them in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MONITOR_SENTENCES: dict[str, LazyString] = {
    "monitor_network_unusable": _l("Write a range of addresses, for example 203.0.113.0/24 or 2001:db8:12::/52."),
    "monitor_network_too_wide": _l(
        "This range is too wide: at most %(most)s networks, which is /20 of IPv4 or /52 of IPv6. List its parts."
    ),
    "monitor_network_already_listed": _l("This range is on the list already."),
    "monitor_too_many_networks": _l("The list holds at most %(most)s ranges. Take one out first."),
    "monitor_unknown_network": _l("This range is not on the list."),
}
