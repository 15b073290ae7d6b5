"""Which rounds whom are shown, and in which order."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from civicvote.domain.rounds.errors import UnknownRound
from civicvote.domain.rounds.queries import (
    announced_round,
    managed_round,
    managed_rounds,
    rounds_of,
    running_round,
    running_rounds,
)
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock
from civicvote.kernel.actor import NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round


def test_a_draft_is_known_only_to_those_who_run_rounds(session: Session) -> None:
    region = make_region()
    draft = make_round(region)
    draft.state = RoundState.DRAFT
    session.flush()
    officer = actor_for(make_officer(region.id, Role.ADMINISTRATOR))
    with pytest.raises(UnknownRound):
        announced_round(region.id, draft.id)
    assert managed_round(officer, region.id, draft.id) is draft
    assert rounds_of(region.id).items == []
    assert managed_rounds(officer, region.id).items == [draft]
    with pytest.raises(NotPermitted):
        managed_round(actor_for(make_person()), region.id, draft.id)
    with pytest.raises(NotPermitted):
        managed_rounds(actor_for(make_officer(make_region().id, Role.ADMINISTRATOR)), region.id)


def test_a_round_is_not_found_under_another_region(session: Session) -> None:
    round_ = make_round(make_region())
    with pytest.raises(UnknownRound):
        announced_round(make_region().id, round_.id)


def test_pages_of_rounds_continue_behind_the_last_one(session: Session) -> None:
    region = make_region()
    made = []
    for year in (2024, 2025, 2025, 2026):
        round_ = make_round(region)
        round_.year = year
        made.append(round_)
    session.flush()
    first = rounds_of(region.id, size=3)
    second = rounds_of(region.id, size=3, cursor=first.next_cursor)
    assert [round_.year for round_ in (*first.items, *second.items)] == [2026, 2025, 2025, 2024]
    assert {round_.id for round_ in (*first.items, *second.items)} == {round_.id for round_ in made}
    assert second.next_cursor is None


def test_running_rounds_are_those_under_way_with_their_region(session: Session) -> None:
    here, there = make_region(), make_region()
    running = make_round(here, Phase.REVIEW)
    with clock.frozen_at(clock.now() - timedelta(days=400)):
        make_round(here)
    with clock.frozen_at(clock.now() + timedelta(days=400)):
        coming = make_round(there)
    found = {(each.round.id, each.region.id) for each in running_rounds(size=100).items}
    assert (running.id, here.id) in found
    assert not {round_id for round_id, region_id in found if region_id == there.id}
    assert running_round(here.id) is running
    assert running_round(there.id) is coming, "a round still to come is what the region's page should tell of"
    assert running_round(make_region().id) is None
