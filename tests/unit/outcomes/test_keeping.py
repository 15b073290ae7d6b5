"""Values kept in a process: made once, the least lately asked for goes first, nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from civicvote.domain.outcomes.errors import CountingBusy
from civicvote.domain.outcomes.keeping import Kept


def test_a_value_is_made_once_and_the_least_lately_asked_for_goes_first() -> None:
    kept: Kept[str, str] = Kept(room=2)
    assert kept.get_or_make("a", lambda: "A") == "A"
    kept.get_or_make("b", lambda: "B")
    assert kept.get_or_make("a", lambda: "made again") == "A"
    kept.get_or_make("c", lambda: "C")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("A", None, "C")


def test_what_is_larger_than_the_room_is_handed_out_and_not_kept() -> None:
    kept: Kept[str, str] = Kept(room=3, size=len)
    assert kept.get_or_make("a", lambda: "four") == "four"
    assert kept.get("a") is None


def test_whoever_waits_too_long_is_told_and_the_value_is_made_all_the_same() -> None:
    kept: Kept[str, str] = Kept(room=2, patience=0.05)
    is_making, go_on = Event(), Event()

    def slowly() -> str:
        is_making.set()
        assert go_on.wait(10)
        return "A"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(kept.get_or_make, "a", slowly)
        assert is_making.wait(10)
        with pytest.raises(CountingBusy):
            kept.get_or_make("b", lambda: "B")
        go_on.set()
        assert first.result(10) == "A"
    assert kept.get_or_make("b", lambda: "B") == "B"


def test_a_value_that_fails_leaves_the_turn_to_the_next() -> None:
    kept: Kept[str, str] = Kept(room=2, patience=0.05)
    with pytest.raises(ZeroDivisionError):
        kept.get_or_make("a", lambda: str(1 // 0))
    assert kept.get_or_make("a", lambda: "A") == "A"
