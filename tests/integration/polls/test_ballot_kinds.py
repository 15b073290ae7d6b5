"""Ballots of every kind: counted as they were cast, equally long, refused where they break a rule."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import database_clock, db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.outcomes.queries_bundle import recount_bundle
from civicvote.domain.outcomes.queries_simulating import rules_of_trial
from civicvote.domain.outcomes.services import compare_rules
from civicvote.domain.polls.ballots.shape import BallotShape
from civicvote.domain.polls.bundle.making import BallotsTooFew
from civicvote.domain.polls.errors import IdempotencyKeyReused
from civicvote.domain.polls.errors_planning import DistrictTooSmall
from civicvote.domain.polls.models import Envelope, UnsealedBallot
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.queries import visible_poll
from civicvote.domain.polls.services import add_option, close_poll, count_poll, publish_poll
from civicvote.domain.tally.ballot_rules import (
    OutsideDistrict,
    PointsMismatch,
    PointsSumTooHigh,
    PointsTooHigh,
    RepeatedOption,
    TooManyChoices,
    TooManyOfField,
)
from civicvote.domain.tally.parameters import EnvelopesBy
from civicvote.domain.tally.parts_explained import EnvelopesExplained
from civicvote.kernel.voting import BallotType, CountingRule
from tests.factories.people import make_resident
from tests.factories.places import make_region
from tests.factories.polls import BALLOTS, MILLION, administrator, cast, freeze, make_agenda_draft, make_budget_draft


def open_poll(key_folder, region, ballot_type: BallotType, **changes):
    plan = {"ballot_type": ballot_type} | BALLOTS[ballot_type] | changes
    return freeze(make_agenda_draft(region, **plan), region, key_folder)


def counted(poll, region, key_folder) -> dict[str, int]:
    """Option → score, of a poll that is closed by the schedule and counted."""
    with database_clock(lambda: poll.closes_at + timedelta(hours=1)):
        close_poll(actor=None, region_id=region.id, poll_id=poll.id)
    outcome = count_poll(actor=administrator(region), region_id=region.id, poll_id=poll.id, key_folder=key_folder)
    return {verdict.option: verdict.score for verdict in outcome_format.read(outcome.result).verdicts}


@pytest.mark.parametrize(
    ("ballot_type", "ballots", "scores"),
    [
        (BallotType.APPROVAL, [(["lamp", "tree"], []), (["tree"], [])], {"lamp": 1, "tree": 2}),
        (BallotType.CHOOSE_1, [(["lamp"], []), (["tree"], []), (["tree"], [])], {"lamp": 1, "tree": 2}),
        (BallotType.CUMULATIVE, [(["lamp", "tree"], [3, 7]), (["bench"], [10])], {"lamp": 3, "tree": 7, "bench": 10}),
        (BallotType.SCORING, [(["tree", "lamp"], [5, 1]), (["tree"], [4])], {"lamp": 1, "tree": 9}),
        (BallotType.ORDINAL, [(["ramp", "lamp", "tree"], []), (["tree"], [])], {"ramp": 3, "lamp": 2, "tree": 2}),
    ],
)
def test_every_kind_of_ballot_is_counted_as_it_was_cast(session, key_folder, ballot_type, ballots, scores):
    region = make_region()
    voters = [make_resident(region.id) for _ in ballots]
    poll = open_poll(key_folder, region, ballot_type)
    for voter, (choices, points) in zip(voters, ballots, strict=True):
        cast(voter, poll, *choices, points=points)
    lengths = {len(sealed) for sealed in db.session.scalars(sa.select(Envelope.sealed).filter_by(poll_id=poll.id))}
    assert len(lengths) == 1

    found = counted(poll, region, key_folder)

    assert {key: score for key, score in found.items() if score} == scores


@pytest.mark.parametrize(
    ("ballot_type", "choices", "points", "refusal"),
    [
        (BallotType.CUMULATIVE, ["lamp", "tree"], [6, 5], PointsSumTooHigh),
        (BallotType.CUMULATIVE, ["lamp", "tree"], [6], PointsMismatch),
        (BallotType.SCORING, ["lamp"], [6], PointsTooHigh),
        (BallotType.SCORING, ["lamp"], [], PointsMismatch),
        (BallotType.APPROVAL, ["lamp"], [1], PointsMismatch),
        (BallotType.CHOOSE_1, ["lamp", "tree"], [], TooManyChoices),
        (BallotType.ORDINAL, ["lamp", "lamp"], [], RepeatedOption),
        (BallotType.ORDINAL, ["lamp", "tree", "bench", "ramp"], [], TooManyChoices),
    ],
)
def test_a_ballot_that_breaks_its_kind_is_refused_and_nothing_is_stored(
    session, key_folder, ballot_type, choices, points, refusal
):
    region = make_region()
    voter = make_resident(region.id)
    poll = open_poll(key_folder, region, ballot_type)
    with pytest.raises(refusal):
        cast(voter, poll, *choices, points=points)
    assert db.session.scalars(sa.select(Envelope)).all() == []


@pytest.mark.parametrize(
    ("ballot_type", "first", "second"),
    [
        (BallotType.CUMULATIVE, (["lamp"], [3]), (["lamp"], [4])),
        (BallotType.ORDINAL, (["lamp", "tree"], []), (["tree", "lamp"], [])),
    ],
)
def test_other_points_or_another_order_under_the_same_key_is_another_request(
    session, key_folder, ballot_type, first, second
):
    region = make_region()
    voter, key = make_resident(region.id), "k" * 32
    poll = open_poll(key_folder, region, ballot_type)
    receipt = cast(voter, poll, *first[0], points=first[1], key=key)
    assert cast(voter, poll, *first[0], points=first[1], key=key) == receipt
    with pytest.raises(IdempotencyKeyReused):
        cast(voter, poll, *second[0], points=second[1], key=key)


def test_a_field_has_its_limit_and_options_of_none_are_free(session, key_folder):
    region = make_region()
    voter = make_resident(region.id)
    draft = make_budget_draft(region, ballot=BallotShape(max_per_field=1), options=())
    for key, field in (("a", "safety"), ("b", "safety"), ("c", None), ("d", None)):
        add_option(poll=draft, key=key, label=key, cost_amount=MILLION, field_key=field)
    poll = freeze(draft, region, key_folder)
    with pytest.raises(TooManyOfField):
        cast(voter, poll, "a", "b")
    cast(voter, poll, "a", "c", "d")


DISTRICTS = ("3011000001", "3011000002", "3011000009")


def test_everybody_votes_on_the_own_district_and_the_ballot_says_no_other(session, key_folder):
    region = make_region()
    people = [make_resident(region.id) for _ in range(21)]
    for number, person in enumerate(people):
        db.session.get_one(Residency, (region.id, person.id)).district_code = DISTRICTS[number // 10]
    here, there, elsewhere = people[0], people[10], people[20]
    draft = make_budget_draft(region, ballot=BallotShape(own_district_only=True), options=())
    for key, code in (("one", "3011000001"), ("two", "3011000002"), ("all", None)):
        add_option(poll=draft, key=key, label=key, cost_amount=MILLION, district_code=code)
    poll = freeze(draft, region, key_folder)

    for person, other in ((here, "two"), (there, "one"), (elsewhere, "one")):
        with pytest.raises(OutsideDistrict):
            cast(person, poll, "all", other)
    cast(here, poll, "one", "all")
    cast(there, poll, "two")
    cast(elsewhere, poll, "all")

    assert counted(poll, region, key_folder)["all"] == 2
    styles = db.session.execute(sa.select(UnsealedBallot.choices, UnsealedBallot.style)).all()
    assert sorted(map(tuple, styles)) == [
        ('["all","one"]', "3011000001"),
        ('["all"]', ""),
        ('["two"]', "3011000002"),
    ]


def test_a_district_with_options_of_its_own_and_nine_people_keeps_the_draft_from_being_fixed(session, key_folder):
    region = make_region()
    people = [make_resident(region.id) for _ in range(20)]
    for number, person in enumerate(people):
        db.session.get_one(Residency, (region.id, person.id)).district_code = DISTRICTS[0 if number < 11 else 1]
    draft = make_budget_draft(region, ballot=BallotShape(own_district_only=True), options=())
    for key, code in (("one", DISTRICTS[0]), ("two", DISTRICTS[1]), ("all", None)):
        add_option(poll=draft, key=key, label=key, cost_amount=MILLION, district_code=code)
    with pytest.raises(DistrictTooSmall) as raised, db.session.begin_nested():
        freeze(draft, region, key_folder)
    assert raised.value.params == {"district": DISTRICTS[1], "found": 9, "fewest": 10}

    db.session.get_one(Residency, (region.id, people[0].id)).district_code = DISTRICTS[1]
    freeze(draft, region, key_folder)


def test_nine_ballots_of_a_district_are_counted_and_their_numbers_stored_nowhere_in_the_outcome(session, key_folder):
    region = make_region()
    people = [make_resident(region.id) for _ in range(24)]
    for number, person in enumerate(people):
        db.session.get_one(Residency, (region.id, person.id)).district_code = DISTRICTS[number // 12]
    choice = CountingChoice(
        increment_amount=100_000,
        envelopes_by=EnvelopesBy.DISTRICT,
        envelopes={DISTRICTS[0]: 2 * MILLION, DISTRICTS[1]: 2 * MILLION},
    )
    shape = BallotShape(own_district_only=True)
    draft = make_budget_draft(
        region, ballot=shape, options=(), counting=choice, counting_rule=CountingRule.EQUAL_SHARES
    )
    for key, code in (("one", DISTRICTS[0]), ("two", DISTRICTS[1]), ("all", None)):
        add_option(poll=draft, key=key, label=key, cost_amount=MILLION, district_code=code)
    poll = freeze(draft, region, key_folder)
    for person in people[:12]:
        cast(person, poll, "one", "all")
    for person in people[12:19]:
        cast(person, poll, "two")
    for person in people[19:21]:
        cast(person, poll, "all")

    with database_clock(lambda: poll.closes_at + timedelta(hours=1)):
        close_poll(actor=None, region_id=region.id, poll_id=poll.id)
    officer = administrator(region)
    arguments = {"actor": officer, "region_id": region.id, "poll_id": poll.id, "key_folder": key_folder}
    record = outcome_format.read(count_poll(**arguments).result)

    assert {each.option: (each.votes, each.score) for each in record.verdicts} == {
        "one": (12, 12),
        "all": (14, 14),
        "two": (None, None),
    }
    assert set(record.selected) == {"one", "two", "all"}
    assert set(record.checks) == {"envelopes", "roll_marks", "unsealed_ballots"}
    assert isinstance(record.explanation, EnvelopesExplained)
    assert [part.key for part in record.explanation.parts] == [DISTRICTS[0], ""]
    publish_poll(**arguments)
    compare_rules(region_id=region.id, poll_id=poll.id)
    with pytest.raises(BallotsTooFew):
        rules_of_trial(officer, visible_poll(officer, region.id, poll.id))
    with pytest.raises(BallotsTooFew):
        recount_bundle(officer, visible_poll(officer, region.id, poll.id))
