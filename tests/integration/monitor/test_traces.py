"""What a cast leaves for the observers, and what not."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.monitor.marks import Origin
from civicvote.domain.monitor.models import CastTrace, PollWatch
from civicvote.domain.monitor.queries import flags_of_poll
from civicvote.domain.monitor.services import end_watch, list_network
from civicvote.domain.polls.errors import PollClosed
from civicvote.domain.polls.services import cast_ballot, close_and_count, publish_poll
from civicvote.kernel import clock
from civicvote.kernel.actor import NotPermitted
from civicvote.kernel.permissions import Role
from tests.factories.people import actor_for, make_officer, make_resident
from tests.factories.places import make_region
from tests.factories.polls import MAC_KEY, administrator, freeze, make_agenda_draft

HALL, HOME = Origin("203.0.113.7", "device-of-the-hall"), Origin("198.51.100.9", "a-phone")


@pytest.fixture
def region(session):
    return make_region()


@pytest.fixture
def voters(region):
    return [make_resident(region.id) for _ in range(25)]


@pytest.fixture
def poll(region, voters, tmp_path):
    return freeze(make_agenda_draft(region), region, tmp_path)


def cast_from(origin, person, poll, *, key: str, choice: str = "lamp", mac_key: bytes = MAC_KEY):
    return cast_ballot(
        actor=actor_for(person),
        region_id=poll.region_id,
        poll_id=poll.id,
        choices=[choice],
        idempotency_key=key.ljust(32, "-"),
        mac_key=mac_key,
        origin=origin,
    )


def traces() -> list[CastTrace]:
    return list(db.session.scalars(sa.select(CastTrace)))


def seen(poll):
    observer = actor_for(make_officer(poll.region_id, Role.OBSERVER))
    return flags_of_poll(observer, poll.region_id, poll.id, mac_key=MAC_KEY)


def test_a_trace_knows_the_minute_and_marks_but_neither_voter_nor_choice_nor_address(poll, voters) -> None:
    receipt = cast_from(HALL, voters[0], poll, key="one")
    (trace,) = traces()
    assert (trace.cast_at.second, trace.cast_at.microsecond) == (0, 0)
    stored = " ".join(str(getattr(trace, column.key)) for column in CastTrace.__table__.columns)
    for told in (str(voters[0].id), HALL.network, HALL.device, "lamp", receipt.code):
        assert told not in stored


def test_the_same_request_again_leaves_no_second_trace(poll, voters) -> None:
    for _ in range(2):
        cast_from(HALL, voters[0], poll, key="one")
    assert len(traces()) == 1


def test_a_changed_ballot_is_marked_and_not_counted_again(poll, voters) -> None:
    cast_from(HALL, voters[0], poll, key="one")
    cast_from(HALL, voters[0], poll, key="two", choice="tree")
    assert sorted(trace.is_change for trace in traces()) == [False, True]
    assert seen(poll).ballots == 1


def test_a_refused_cast_leaves_nothing(poll, region, voters, tmp_path) -> None:
    close_and_count(
        actor=administrator(region), region_id=region.id, poll_id=poll.id, key_folder=tmp_path, reason="Enough."
    )
    with pytest.raises(PollClosed), db.session.begin_nested():
        cast_from(HALL, voters[0], poll, key="one")
    assert traces() == []


def test_bursts_devices_and_networks_of_the_city_stand_out(poll, region, voters) -> None:
    list_network(actor=administrator(region), region_id=region.id, network="203.0.113.0/24", name="시청")
    for number, voter in enumerate(voters):
        cast_from(HALL if number < 21 else HOME, voter, poll, key=f"ballot {number}")
    flags = seen(poll)
    assert flags.ballots == 25
    assert [burst.ballots for burst in flags.bursts] == [21]
    assert flags.shared_devices == [21, 4]
    assert flags.from_staff is not None
    assert [(each.name, each.ballots) for each in flags.from_staff] == [("시청", 21)]


def test_two_polls_give_the_same_origin_different_marks(region, voters, poll, tmp_path) -> None:
    other = freeze(make_agenda_draft(region), region, tmp_path)
    for each in (poll, other):
        cast_from(HALL, voters[0], each, key=f"for {each.id}")
    assert len({trace.network_mark for trace in traces()}) == 2


def test_publishing_destroys_the_key_of_the_marks(poll, region, voters, tmp_path) -> None:
    cast_from(HALL, voters[0], poll, key="one")
    officer = administrator(region)
    close_and_count(actor=officer, region_id=region.id, poll_id=poll.id, key_folder=tmp_path, reason="Enough.")
    assert db.session.get(PollWatch, (region.id, poll.id)) is not None
    publish_poll(actor=officer, region_id=region.id, poll_id=poll.id, key_folder=tmp_path)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PollWatch)) == 0
    assert seen(poll).from_staff is None


def test_without_the_key_and_from_desks_casts_go_on_without_a_trace(poll, voters) -> None:
    cast_from(None, voters[0], poll, key="one")
    end_watch(region_id=poll.region_id, poll_id=poll.id)
    cast_from(HALL, voters[1], poll, key="two")
    assert traces() == []


def test_a_trace_costs_no_further_statement(poll, voters, count_queries) -> None:
    counts = []
    for number, origin in enumerate((None, HALL)):
        actor = voters[number]
        actor_for(actor)
        with count_queries() as statements:
            cast_from(origin, actor, poll, key=f"one {number}")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_officers_without_the_right_see_no_flags(poll, region) -> None:
    with pytest.raises(NotPermitted):
        flags_of_poll(administrator(region), region.id, poll.id, mac_key=MAC_KEY)


def test_ballots_of_the_running_hour_are_in_no_number(poll, voters) -> None:
    """Who looks each minute must not see at which of them a device or a network had one ballot more."""
    begins = clock.now().replace(minute=0, second=0, microsecond=0)
    with clock.frozen_at(begins - timedelta(minutes=1)):
        for number, voter in enumerate(voters[:21]):
            cast_from(HALL, voter, poll, key=f"before {number}")
    cast_from(HALL, voters[21], poll, key="this hour")
    observer = actor_for(make_officer(poll.region_id, Role.OBSERVER))
    told = flags_of_poll(observer, poll.region_id, poll.id, mac_key=MAC_KEY, before=begins)
    assert (told.ballots, [burst.ballots for burst in told.bursts], told.shared_devices) == (21, [21], [21])
    assert seen(poll).ballots == 22
