"""Electorates: named in the draft, fixed with the roll, sealed into the ballot, weighed in the count."""

import json
from datetime import timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa

from civicvote.db import database_clock, db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape
from civicvote.domain.polls.errors import PollAlreadyFrozen
from civicvote.domain.polls.errors_planning import (
    ElectoratesNotCounted,
    ElectoratesUnusable,
    ElectorateTooSmall,
    ElectorateUnknown,
    ElectorInTwo,
    ElectorUnknown,
)
from civicvote.domain.polls.models import PollElector, RollEntry, UnsealedBallot
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.roll.electorates import COMMITTEE, PANEL, electorates_from
from civicvote.domain.polls.services import close_poll, count_poll
from civicvote.domain.polls.services_electorates import drop_elector, name_electors
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.voting import BallotType, CountingRule
from tests.factories.people import make_officer, make_person, make_resident
from tests.factories.places import make_region
from tests.factories.polls import administrator, cast, freeze, make_agenda_draft

WEIGHTS = BallotShape(electorates=electorates_from({RESIDENTS: 50, COMMITTEE: 40, PANEL: 10}))


@pytest.fixture
def region(session):
    return make_region()


@pytest.fixture
def draft(region):
    return make_agenda_draft(region, ballot=WEIGHTS, seats=1)


def electors(poll) -> dict[int, str]:
    rows = db.session.execute(sa.select(PollElector.person_id, PollElector.electorate).filter_by(poll_id=poll.id))
    return {row[0]: row[1] for row in rows}


def test_members_are_named_by_address_or_role_once_and_can_be_taken_out(region, draft):
    officer, member, reviewer = administrator(region), make_person(), make_officer(region.id, Role.REVIEWER)
    naming = {"actor": officer, "poll": draft, "electorate": COMMITTEE, "role": Role.REVIEWER}
    assert name_electors(**naming, addresses=[f" {member.email.upper()} ", ""]) == 2
    assert name_electors(**naming, addresses=[member.email]) == 0
    assert electors(draft) == {member.id: COMMITTEE, reviewer.id: COMMITTEE}

    drop_elector(actor=officer, poll=draft, person_id=reviewer.id)
    assert electors(draft) == {member.id: COMMITTEE}
    told = [
        json.loads(detail)
        for detail in db.session.scalars(
            sa.select(AuditEntry.detail).where(AuditEntry.verb == "poll:electors").order_by(AuditEntry.sequence)
        )
    ]
    assert told == [
        {"electorate": COMMITTEE, "named": [ids.encode(each) for each in sorted([member.id, reviewer.id])]},
        {"electorate": COMMITTEE, "named": []},
        {"electorate": COMMITTEE, "dropped": [ids.encode(reviewer.id)]},
    ]


def test_nobody_is_in_two_and_nothing_is_stored_where_one_is_refused(region, draft):
    officer, member, other = administrator(region), make_person(), make_person()
    name_electors(actor=officer, poll=draft, electorate=COMMITTEE, addresses=[member.email])
    with pytest.raises(ElectorInTwo):
        name_electors(actor=officer, poll=draft, electorate=PANEL, addresses=[other.email, member.email])
    with pytest.raises(ElectorUnknown):
        name_electors(actor=officer, poll=draft, electorate=PANEL, addresses=[other.email, "nobody@example.org"])
    for electorate in (RESIDENTS, "elders"):
        with pytest.raises(ElectorateUnknown):
            name_electors(actor=officer, poll=draft, electorate=electorate, addresses=[other.email])
    assert electors(draft) == {member.id: COMMITTEE}


def name_some(region, poll, electorate: str, number: int) -> list:
    people = [make_person() for _ in range(number)]
    addresses = [person.email for person in people]
    name_electors(actor=administrator(region), poll=poll, electorate=electorate, addresses=addresses)
    return people


@pytest.mark.parametrize(
    ("committee", "residents", "named"), [(0, 10, "Committee"), (9, 10, "Committee"), (10, 9, "Residents")]
)
def test_an_electorate_of_fewer_than_ten_keeps_the_draft_from_being_fixed(
    region, draft, key_folder, committee, residents, named
):
    name_some(region, draft, COMMITTEE, committee)
    name_some(region, draft, PANEL, 10)
    for _ in range(residents):
        make_resident(region.id)
    with pytest.raises(ElectorateTooSmall) as raised, db.session.begin_nested():
        freeze(draft, region, key_folder)
    assert named in raised.value.params["electorate"]
    name_some(region, draft, COMMITTEE, 10 - committee)
    make_resident(region.id)
    freeze(draft, region, key_folder)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"ballot": BallotShape(electorates=electorates_from({COMMITTEE: 1, PANEL: 1}))}, ElectoratesUnusable),
        ({"ballot": BallotShape(electorates=electorates_from({RESIDENTS: 0, PANEL: 1}))}, ElectoratesUnusable),
        (
            {"ballot": WEIGHTS, "ballot_type": BallotType.ORDINAL, "counting_rule": CountingRule.SCHULZE},
            ElectoratesNotCounted,
        ),
    ],
)
def test_weights_that_can_not_be_counted_are_refused(region, changes, refusal):
    with pytest.raises(refusal):
        make_agenda_draft(region, **changes)


def test_the_electorate_goes_from_the_roll_into_the_ballot_and_weighs_in_the_count(region, draft, key_folder):
    officer = administrator(region)
    residents = [make_resident(region.id) for _ in range(12)]
    committee = [make_resident(region.id), *(make_person() for _ in range(9))]
    panel = [make_person() for _ in range(10)]
    for key, people in ((COMMITTEE, committee), (PANEL, panel)):
        name_electors(actor=officer, poll=draft, electorate=key, addresses=[person.email for person in people])
    poll = freeze(draft, region, key_folder)
    rows = db.session.execute(sa.select(RollEntry.voter_id, RollEntry.electorate).filter_by(poll_id=poll.id))
    on_roll = {row[0]: row[1] for row in rows}
    assert on_roll == {
        **{person.id: RESIDENTS for person in residents},
        **{person.id: COMMITTEE for person in committee},
        **{person.id: PANEL for person in panel},
    }
    with pytest.raises(PollAlreadyFrozen):
        drop_elector(actor=officer, poll=poll, person_id=panel[0].id)

    for people, option in ((residents, "lamp"), (committee, "tree"), (panel, "tree")):
        for person in people:
            cast(person, poll, option)
    late = make_resident(region.id)
    cast(late, poll, "lamp")
    with database_clock(lambda: poll.closes_at + timedelta(hours=1)):
        close_poll(actor=None, region_id=region.id, poll_id=poll.id)
    outcome = count_poll(actor=officer, region_id=region.id, poll_id=poll.id, key_folder=key_folder)

    stored = db.session.execute(
        sa.select(UnsealedBallot.electorate, sa.func.count()).group_by(UnsealedBallot.electorate)
    )
    assert {row[0]: row[1] for row in stored} == {RESIDENTS: 13, COMMITTEE: 10, PANEL: 10}
    scores = {each.option: each.score for each in outcome_format.read(outcome.result).verdicts}
    assert (scores["lamp"], scores["tree"]) == (Fraction(50), Fraction(50))


def test_the_electorate_of_somebody_on_the_roll_is_for_ever(region, draft, key_folder):
    member, *_ = name_some(region, draft, COMMITTEE, 10)
    name_some(region, draft, PANEL, 10)
    for _ in range(10):
        make_resident(region.id)
    poll = freeze(draft, region, key_folder)
    change = sa.update(RollEntry).filter_by(poll_id=poll.id, voter_id=member.id).values(electorate=RESIDENTS)
    with pytest.raises(sa.exc.DatabaseError, match="guarded"), db.session.begin_nested():
        db.session.execute(change)
