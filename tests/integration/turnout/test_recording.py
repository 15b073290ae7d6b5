"""Turnout by group is made once, at closing, from the roll alone, and only where the round's rules ask for it."""

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import ResidencyClass
from civicvote.domain.polls.models_turnout import TurnoutGroup
from civicvote.domain.polls.queries_turnout import turnout_by_group
from civicvote.domain.polls.roll.turnout_groups import TOGETHER, Division
from civicvote.domain.polls.services import close_poll
from civicvote.domain.regions.kinds import DistrictLevel
from civicvote.domain.regions.models import District
from civicvote.kernel import clock
from civicvote.kernel.phases import Phase
from tests.factories.people import make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, cast, freeze, make_agenda_draft

ROAD, PARK, RIVER, HILL = "1111010100", "1111010200", "1111010300", "1111010400"


def hold(tmp_path, *, shows: int, people: dict[str, tuple[int, int]]):
    """A closed poll with so many on the roll and so many ballots in each dong."""
    region = make_region()
    for code in people:
        if db.session.get(District, code) is None:
            db.session.add(District(code=code, level=DistrictLevel.DONG, name_ko=f"동 {code[-3]}"))
    round_ = make_round(region, Phase.AGENDA_VOTE)
    round_.rules = {"shows_turnout_by_group": shows}
    poll = make_agenda_draft(region, round=round_)
    voters = []
    for code, (on_roll, voted) in people.items():
        for number in range(on_roll):
            resident = make_resident(region.id)
            residency = db.session.get_one(Residency, (region.id, resident.id))
            residency.district_code = code
            residency.birth_year = clock.today().year - (35 if number % 2 else 65)
            residency.residency_class = ResidencyClass.ADDRESS
            if number < voted:
                voters.append(resident)
    freeze(poll, region, tmp_path)
    for voter in voters:
        cast(voter, poll, "lamp")
    close_poll(actor=administrator(region), region_id=region.id, poll_id=poll.id, reason="Seen enough.")
    return poll


LARGE_AND_SMALL = {ROAD: (12, 6), PARK: (9, 2), RIVER: (12, 6), HILL: (12, 7)}


@pytest.mark.usefixtures("session")
def test_small_groups_are_withheld_before_anything_is_stored(tmp_path) -> None:
    poll = hold(tmp_path, shows=1, people=LARGE_AND_SMALL)
    districts = turnout_by_group(poll.region_id, poll.id)[Division.DISTRICT]
    assert [(row.name, row.on_roll, row.voted) for row in districts] == [
        ("동 1", 12, 6),
        ("동 4", 12, 7),
        (None, 21, 8),
    ]
    stored = set(db.session.scalars(sa.select(TurnoutGroup.key).where(TurnoutGroup.poll_id == poll.id)))
    assert PARK not in stored
    assert TOGETHER in stored


@pytest.mark.usefixtures("session")
def test_ages_are_counted_in_bands_and_a_single_class_says_nothing_new(tmp_path) -> None:
    poll = hold(tmp_path, shows=1, people=LARGE_AND_SMALL)
    divided = turnout_by_group(poll.region_id, poll.id)
    assert [row.key for row in divided[Division.AGE]] == ["from_30", "from_60"]
    assert sum(row.voted for row in divided[Division.AGE]) == 21
    assert [(row.key, row.on_roll, row.voted) for row in divided[Division.RESIDENCY]] == [("address", 45, 21)]


@pytest.mark.usefixtures("session")
def test_without_the_rule_nothing_is_made(tmp_path) -> None:
    poll = hold(tmp_path, shows=0, people=LARGE_AND_SMALL)
    assert turnout_by_group(poll.region_id, poll.id) == {}


@pytest.mark.usefixtures("session")
def test_who_moves_after_closing_changes_no_number(tmp_path) -> None:
    poll = hold(tmp_path, shows=1, people=LARGE_AND_SMALL)
    before = turnout_by_group(poll.region_id, poll.id)
    db.session.execute(sa.update(Residency).where(Residency.region_id == poll.region_id).values(district_code=ROAD))
    assert turnout_by_group(poll.region_id, poll.id) == before
