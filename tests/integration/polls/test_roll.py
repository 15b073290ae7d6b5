"""The roll's rule with a database: SQL and Python draw one line, and the roll, the page and the cast keep to it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.polls.errors import NotOnRoll
from civicvote.domain.polls.models import RollEntry
from civicvote.domain.polls.queries import visible_poll
from civicvote.domain.polls.queries_roll import RESIDENT_COLUMNS, is_eligible, resident_from
from civicvote.domain.polls.queries_voter import polls_of_voter, voter_standing
from civicvote.domain.polls.roll.rule import Obstacle, RollRule, obstacle_of
from civicvote.domain.verification.models import ResidencyRule
from civicvote.kernel import clock
from tests.factories.people import actor_for, make_person, make_resident
from tests.factories.places import make_region
from tests.factories.polls import cast, freeze, make_agenda_draft

TODAY, CLOSES_ON = date(2026, 2, 26), date(2026, 3, 1)
DAYS = st.dates(min_value=date(2005, 1, 1), max_value=date(2016, 12, 31)) | st.sampled_from(
    [date(2008, 2, 29), date(2008, 3, 1), date(2008, 2, 28), date(2012, 2, 26), date(2012, 2, 27), date(2012, 2, 29)]
)
RULES = st.builds(
    RollRule,
    minimum_age=st.integers(0, 19),
    consent_below_age=st.integers(0, 19),
    assurances=st.dictionaries(st.sampled_from(ResidencyClass), st.sampled_from(Assurance)),
    excluded_groups=st.lists(st.sampled_from([ExcludedGroup.STAFF, ExcludedGroup.COUNCIL]), unique=True).map(tuple),
)
RESIDENCIES = st.fixed_dictionaries(
    {
        "residency_class": st.sampled_from(ResidencyClass),
        "assurance": st.sampled_from(Assurance),
        "valid_until_on": st.none() | st.sampled_from([TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]),
        "excluded_as": st.none() | st.sampled_from([ExcludedGroup.STAFF, ExcludedGroup.COUNCIL]),
        "born_on": st.none() | DAYS,
        "guardian_consented_at": st.none() | st.just(clock.now()),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(RULES, min_size=1, max_size=4), residencies=st.lists(RESIDENCIES, min_size=1, max_size=8))
def test_sql_and_python_admit_the_same_people(session: Session, rules: list[RollRule], residencies: list[dict]) -> None:
    region = make_region()
    for values in residencies:
        db.session.add(Residency(region_id=region.id, person_id=make_person().id, confirmed_at=clock.now(), **values))
    db.session.flush()
    here = Residency.region_id == region.id
    for rule in rules:
        condition = is_eligible(rule, today=TODAY, closes_on=CLOSES_ON)
        by_sql = set(db.session.scalars(sa.select(Residency.person_id).where(here, condition)))
        rows = db.session.execute(sa.select(Residency.person_id, *RESIDENT_COLUMNS).where(here)).all()
        by_python = {
            row[0]
            for row in rows
            if obstacle_of(rule, resident_from(tuple(row[1:])), today=TODAY, closes_on=CLOSES_ON) is None
        }
        assert by_sql == by_python


def change(person, **values) -> None:
    db.session.execute(sa.update(Residency).where(Residency.person_id == person.id).values(**values))
    db.session.expire_all()


@pytest.fixture
def region(session: Session):
    return make_region()


IN_THE_WAY = [
    ({"excluded_as": ExcludedGroup.STAFF}, Obstacle.STAFF),
    ({"assurance": Assurance.SELF_DECLARED}, Obstacle.NOT_SURE_ENOUGH),
    ({"valid_until_on": date(2020, 1, 1)}, Obstacle.RUN_OUT),
    ({"born_on": clock.today() - timedelta(days=17 * 365)}, Obstacle.UNDER_AGE),
]


@pytest.mark.parametrize(("values", "obstacle"), IN_THE_WAY)
def test_whom_the_rule_keeps_out_is_on_no_roll_and_casts_nothing(region, key_folder, values, obstacle) -> None:
    resident, kept_out = make_resident(region.id), make_resident(region.id)
    change(kept_out, **values)
    poll = freeze(make_agenda_draft(region), region, key_folder)
    roll = db.session.scalars(sa.select(RollEntry.voter_id).where(RollEntry.poll_id == poll.id)).all()
    assert roll == [resident.id]
    actor = actor_for(kept_out)
    assert voter_standing(actor, visible_poll(actor, region.id, poll.id)).obstacle is obstacle
    assert not polls_of_voter(actor)
    with pytest.raises(NotOnRoll):
        cast(kept_out, poll, "tree")
    cast(resident, poll, "tree")


@pytest.mark.parametrize(("values", "obstacle"), IN_THE_WAY)
def test_who_was_on_the_roll_before_stays_there(region, key_folder, values, obstacle) -> None:
    resident = make_resident(region.id)
    poll = freeze(make_agenda_draft(region), region, key_folder)
    change(resident, **values)
    cast(resident, poll, "tree")


def test_a_poll_that_admits_minors_asks_for_a_guardian_below_the_regions_age(region, key_folder) -> None:
    child, teenager = make_resident(region.id), make_resident(region.id)
    change(child, born_on=clock.today() - timedelta(days=12 * 366))
    change(teenager, born_on=clock.today() - timedelta(days=15 * 366))
    poll = freeze(make_agenda_draft(region, minimum_age=10), region, key_folder)
    cast(teenager, poll, "tree")
    actor = actor_for(child)
    view = visible_poll(actor, region.id, poll.id)
    assert voter_standing(actor, view).obstacle is Obstacle.CONSENT_MISSING
    with pytest.raises(NotOnRoll):
        cast(child, poll, "tree")
    change(child, guardian_consented_at=clock.now())
    assert voter_standing(actor, view).may_vote
    cast(child, poll, "tree")


def test_the_day_on_which_the_poll_closes_decides_about_the_age(region, key_folder) -> None:
    closes_at = clock.now() + timedelta(days=3)
    closes_on = closes_at.astimezone(clock.CIVIC_ZONE).date()
    turning, too_young = make_resident(region.id), make_resident(region.id)
    change(turning, born_on=date(closes_on.year - 18, closes_on.month, closes_on.day))
    change(too_young, born_on=date(closes_on.year - 18, closes_on.month, closes_on.day) + timedelta(days=1))
    poll = freeze(make_agenda_draft(region, closes_at=closes_at), region, key_folder)
    assert db.session.scalars(sa.select(RollEntry.voter_id)).all() == [turning.id]
    cast(turning, poll, "tree")
    with pytest.raises(NotOnRoll):
        cast(too_young, poll, "tree")


def test_what_the_region_changes_later_moves_no_fixed_rule(region, key_folder) -> None:
    poll = freeze(make_agenda_draft(region), region, key_folder)
    db.session.add(
        ResidencyRule(
            region_id=region.id,
            residency_class=ResidencyClass.ADDRESS,
            is_admitted=False,
            minimum_assurance=Assurance.IN_PERSON,
            clause_ko="",
            clause_en="",
        )
    )
    db.session.flush()
    late = make_resident(region.id)
    cast(late, poll, "tree")
    second = freeze(make_agenda_draft(region), region, key_folder)
    actor = actor_for(make_resident(region.id))
    view = visible_poll(actor, region.id, second.id)
    assert voter_standing(actor, view).obstacle is Obstacle.CLASS_NOT_ADMITTED


def test_who_joins_the_roll_with_the_ballot_takes_seven_statements(region, key_folder, count_queries, session) -> None:
    poll = freeze(make_agenda_draft(region), region, key_folder)
    actor = actor_for(make_resident(region.id))
    session.commit()
    region_id, poll_id = poll.region_id, poll.id
    target = type(poll)(region_id=region_id, id=poll_id)
    with count_queries() as statements:
        cast(actor, target, "tree")
    assert len(statements) == 7, statements
