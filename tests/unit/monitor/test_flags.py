"""What stands out among traces: bursts from a network, devices that many used."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.monitor.flags import Burst, Moment, bursts, shared_devices

START = datetime(2026, 5, 1, 9, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def moments(mark: str, *minutes: int, ballots: int = 1) -> list[Moment]:
    return [Moment(mark, at(minute), ballots) for minute in minutes]


def test_twenty_within_ten_minutes_stand_out_and_nineteen_do_not() -> None:
    assert bursts(moments("a", *range(10), ballots=2)) == [Burst(1, at(0), at(60), 20)]
    assert bursts([*moments("a", *range(9), ballots=2), *moments("a", 9)]) == []


def test_twenty_within_eleven_minutes_do_not() -> None:
    assert bursts(moments("a", 0, 10, ballots=10)) == []


def test_two_networks_do_not_add_up() -> None:
    assert bursts([*moments("a", 0, ballots=10), *moments("b", 0, ballots=10)]) == []


def test_networks_are_numbered_by_their_first_burst_and_a_second_one_has_the_same_number() -> None:
    found = bursts(
        [*moments("b", 0, ballots=25), *moments("a", 90, ballots=20), *moments("b", 120, ballots=30)],
    )
    assert [(burst.network, burst.begins_at, burst.ballots) for burst in found] == [
        (1, at(0), 25),
        (2, at(60), 20),
        (1, at(120), 30),
    ]


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 150), st.integers(1, 30)), min_size=1, max_size=20),
    st.tuples(*[st.integers(0, 59)] * 4),
)
def test_who_moves_within_the_hour_moves_no_time_that_is_told(
    arrivals: list[tuple[str, int, int]], minutes: tuple[int, ...]
) -> None:
    """Whatever the minutes are, full hours alone are told, and bursts of one hour stand in no order of minutes."""
    for each in bursts(Moment(mark, at(minute), ballots) for mark, minute, ballots in arrivals):
        assert (each.begins_at.minute, each.ends_at.minute) == (0, 0)
        assert each.begins_at < each.ends_at
    large = [Moment("abcd"[number], at(minute), 20 + number) for number, minute in enumerate(minutes)]
    told = [(burst.begins_at, burst.ends_at, burst.network, burst.ballots) for burst in bursts(large)]
    assert told == [(at(0), at(60), place, ballots) for place, ballots in enumerate((23, 22, 21, 20), start=1)]


def test_a_long_rush_is_one_burst() -> None:
    assert bursts(moments("a", *range(60), ballots=3)) == [Burst(1, at(0), at(60), 180)]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 60), st.integers(1, 9)), max_size=40))
def test_a_burst_is_found_exactly_where_some_window_holds_enough(arrivals: list[tuple[str, int, int]]) -> None:
    given_moments = [Moment(mark, at(minute), ballots) for mark, minute, ballots in arrivals]
    windows = {
        mark
        for mark, minute, _ in arrivals
        if sum(ballots for other, when, ballots in arrivals if other == mark and minute <= when < minute + 10) >= 20
    }
    found = bursts(given_moments)
    assert len({burst.network for burst in found}) == len(windows)
    assert all(burst.ballots >= 20 for burst in found)


def test_devices_with_three_ballots_stand_out_most_first() -> None:
    assert shared_devices({"a": 2, "b": 3, "c": 7}) == [7, 3]
