"""Identifiers: unique, ordered by time, and readable back from an address."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.kernel import clock, ids


def test_ids_of_one_process_are_unique_and_increase() -> None:
    made = [ids.new_id() for _ in range(20_000)]
    assert len(set(made)) == len(made)
    assert made == sorted(made)


def test_an_id_made_later_is_larger_even_if_the_clock_was_moved() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with clock.frozen_at(moment + timedelta(days=1)):
        later = ids.new_id()
    with clock.frozen_at(moment):
        earlier = ids.new_id()
    assert earlier < later


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_the_form_in_addresses_reads_back(identifier: int) -> None:
    assert ids.decode(ids.encode(identifier)) == identifier
    assert ids.decode(ids.encode(identifier).upper()) == identifier


@pytest.mark.parametrize("text", ["", "u", "가", "-1", "1.5", "zzzzzzzzzzzzzz", "1 2", "0" * 14])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an identifier"):
        ids.decode(text)


def test_a_text_longer_than_any_identifier_is_not_even_read() -> None:
    """A form brings half a megabyte; to read that as one number keeps the whole process busy for most of a minute."""
    with pytest.raises(ValueError, match="too long"):
        ids.decode("1" * 500_000)
