"""Marks of origins, and ranges of addresses."""

import pytest

from civicvote.domain.monitor.errors import NetworkTooWide, NetworkUnusable
from civicvote.domain.monitor.marks import MarkOf, mark, networks_in, read_range

KEY = b"a key of the site"


def test_a_mark_is_alike_only_for_the_same_origin_in_the_same_poll_under_the_same_key() -> None:
    one = mark(KEY, "salt", MarkOf.NETWORK, "203.0.113.7")
    assert one == mark(KEY, "salt", MarkOf.NETWORK, "203.0.113.7")
    others = {
        mark(KEY, "salt", MarkOf.NETWORK, "203.0.113.8"),
        mark(KEY, "another", MarkOf.NETWORK, "203.0.113.7"),
        mark(KEY, "salt", MarkOf.DEVICE, "203.0.113.7"),
        mark(b"another key", "salt", MarkOf.NETWORK, "203.0.113.7"),
    }
    assert one not in others
    assert len(others) == 4
    assert "203" not in one


def test_a_range_is_written_in_one_way() -> None:
    assert read_range(" 203.0.113.77/24 ") == "203.0.113.0/24"
    assert read_range("203.0.113.7") == "203.0.113.7/32"
    assert read_range("2001:DB8:12::1/64") == "2001:db8:12::/64"


@pytest.mark.parametrize("text", ["", "town hall", "203.0.113.0/33", "203.0.113", "203.0.113.0/24, 198.51.100.0/24"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(NetworkUnusable):
        read_range(text)


@pytest.mark.parametrize("text", ["203.0.0.0/19", "0.0.0.0/0", "2001:db8::/51", "::/0"])
def test_half_a_country_is_refused(text: str) -> None:
    with pytest.raises(NetworkTooWide):
        read_range(text)


def test_the_networks_of_a_range_are_those_that_a_request_tells() -> None:
    assert list(networks_in("203.0.113.4/31")) == ["203.0.113.4", "203.0.113.5"]
    assert list(networks_in("2001:db8:12::/63")) == ["2001:db8:12::/64", "2001:db8:12:1::/64"]
    assert list(networks_in("2001:db8:12::7/128")) == ["2001:db8:12::/64"]
    assert len(list(networks_in("203.0.112.0/20"))) == 4096
