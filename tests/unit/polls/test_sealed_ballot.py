"""What is sealed: every ballot comes back as it was, keeps the rules, and is as long as every other of its poll."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.ballots.choices import UnreadableBallot
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape, Electorate
from civicvote.domain.polls.box import sealed_ballot, sealing
from civicvote.domain.polls.box.sealed_ballot import OutsideDeclaredGroups, SealedBallot
from civicvote.domain.polls.freezing import FrozenOption, FrozenRules
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS, BrokenBallotRule, OutsideDistrict, TooManyChoices
from civicvote.kernel.voting import BallotType, CountingRule

OPTIONS = (
    FrozenOption(key="a", label="a", field_key="road"),
    FrozenOption(key="나무", label="b", field_key="road"),
    FrozenOption(key="bench-3", label="c", district_code="3014055000"),
    FrozenOption(key='q"\\', label="d", district_code="3014056000"),
    FrozenOption(key="x" * 60, label="e"),
)
ELECTORATES = (Electorate(RESIDENTS, "주민", "Residents", 50), Electorate("위원회", "위원회", "Committee", 40))


def rules(ballot_type: BallotType, **changes) -> FrozenRules:
    points = {
        BallotType.CUMULATIVE: {"max_sum_points": 10},
        BallotType.SCORING: {"min_points": 0, "max_points": 100},
    }.get(ballot_type, {})
    plain = FrozenRules(
        poll_id=7,
        region_id=3,
        kind=PollKind.AGENDA,
        ballot_type=ballot_type,
        min_choices=1,
        max_choices=None,
        ballot_limit_amount=None,
        counting_rule=CountingRule.APPROVAL,
        seats=2,
        threshold=0,
        envelope_amount=None,
        tie_break="id",
        opens_at=datetime(2026, 3, 1, tzinfo=UTC),
        public_key="ab",
        options=OPTIONS,
        ballot=BallotShape(own_district_only=True, electorates=ELECTORATES, **points),
    )
    return replace(plain, **changes)


@st.composite
def filled(draw) -> tuple[FrozenRules, SealedBallot]:
    """Any ballot that a poll of any type takes, of anybody."""
    fixed = rules(draw(st.sampled_from(BallotType)))
    style = draw(st.sampled_from(["", *fixed.styles]))
    offered = [option.key for option in OPTIONS if option.district_code in (None, style)]
    most = 1 if fixed.ballot_type is BallotType.CHOOSE_1 else len(offered)
    chosen = draw(st.lists(st.sampled_from(offered), unique=True, min_size=1, max_size=most))
    points: list[int] = []
    if fixed.ballot_type in POINTS_BALLOTS:
        most_each = 100 if fixed.ballot_type is BallotType.SCORING else 10 // len(chosen)
        points = [draw(st.integers(0, most_each)) for _ in chosen]
    electorate = draw(st.sampled_from(fixed.electorate_keys))
    return fixed, sealed_ballot.fill(fixed, chosen, points, electorate=electorate, style=style)


@given(filled())
def test_every_ballot_comes_back_as_it_was_and_all_of_a_poll_are_equally_long(case):
    fixed, ballot = case
    pair = sealing.new_key_pair()
    size = sealing.content_size(sealed_ballot.longest(fixed))

    sealed = sealing.seal(sealed_ballot.write(ballot, fixed.ballot_type), public_key=pair.public, size=size)

    assert len(sealed) == size + 48
    came_back = sealed_ballot.read(sealing.Opener(pair.private).unseal(sealed))
    assert came_back == ballot
    sealed_ballot.require_keeps(fixed, came_back)


def test_the_longest_text_depends_on_the_rules_and_is_reached():
    fixed = rules(BallotType.SCORING, ballot=BallotShape(min_points=0, max_points=100))
    fullest = sealed_ballot.fill(fixed, [o.key for o in OPTIONS], [100] * 5, electorate=RESIDENTS, style="")
    assert len(sealed_ballot.write(fullest, fixed.ballot_type).encode()) == sealed_ballot.longest(fixed)


def test_the_text_is_this_one_for_ever():
    text = sealed_ballot.write(SealedBallot({"나무": 1, "a": 1}, "위원회", "3014055000"), BallotType.APPROVAL)
    assert text == '{"ballot":["a","나무"],"electorate":"위원회","style":"3014055000"}'
    points = sealed_ballot.write(SealedBallot({"나무": 3, "a": 0}), BallotType.SCORING)
    assert points == '{"ballot":{"a":0,"나무":3},"electorate":"residents","style":""}'


def test_a_bare_list_of_polls_from_before_is_a_ballot_of_the_residents():
    assert sealed_ballot.read('["a","b"]') == SealedBallot({"a": 1, "b": 1}, RESIDENTS, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        '"a"',
        '{"a":1}',
        '{"ballot":["a"],"electorate":"residents"}',
        '{"ballot":["a"],"electorate":1,"style":""}',
        '{"ballot":["a"],"electorate":"residents","style":"","voter":7}',
        '{"ballot":"a","electorate":"residents","style":""}',
        '{"ballot":[1],"electorate":"residents","style":""}',
        '{"ballot":{"a":true},"electorate":"residents","style":""}',
    ],
)
def test_anything_else_is_no_ballot(text):
    with pytest.raises(UnreadableBallot):
        sealed_ballot.read(text)


@pytest.mark.parametrize("group", [{"electorate": "panel", "style": ""}, {"electorate": RESIDENTS, "style": "1"}])
def test_a_group_that_was_not_declared_before_opening_is_refused(group):
    with pytest.raises(OutsideDeclaredGroups):
        sealed_ballot.fill(rules(BallotType.APPROVAL), ["a"], **group)


def test_an_option_of_another_district_is_refused():
    with pytest.raises(OutsideDistrict):
        sealed_ballot.fill(rules(BallotType.APPROVAL), ["bench-3"], electorate=RESIDENTS, style="3014056000")


def test_a_district_without_options_of_its_own_is_no_style():
    fixed = rules(BallotType.APPROVAL)
    assert [fixed.style_of(code) for code in ("3014055000", "3014099000", None)] == ["3014055000", "", ""]
    assert rules(BallotType.APPROVAL, ballot=BallotShape()).style_of("3014055000") == ""


@pytest.mark.parametrize(
    ("ballot_type", "ballot"),
    [
        (BallotType.APPROVAL, {"a": 2}),
        (BallotType.APPROVAL, {"unknown": 1}),
        (BallotType.CUMULATIVE, {"a": 6, "나무": 5}),
        (BallotType.SCORING, {"a": 101}),
        (BallotType.ORDINAL, {"a": 5, "나무": 3}),
        (BallotType.ORDINAL, {"a": 4}),
    ],
)
def test_an_envelope_that_holds_what_no_voter_could_cast_is_refused(ballot_type, ballot):
    with pytest.raises(BrokenBallotRule):
        sealed_ballot.require_keeps(rules(ballot_type), SealedBallot(ballot))


def test_more_places_than_the_ballot_has_are_refused():
    with pytest.raises(TooManyChoices):
        sealed_ballot.fill(rules(BallotType.ORDINAL, max_choices=1), ["a", "나무"], electorate=RESIDENTS, style="")


def test_places_are_kept_as_points_the_first_has_the_most():
    ballot = sealed_ballot.fill(rules(BallotType.ORDINAL), ["나무", "a"], electorate=RESIDENTS, style="")
    assert ballot.choices == {"나무": 5, "a": 4}
    assert json.loads(sealed_ballot.write(ballot, BallotType.ORDINAL))["ballot"] == {"a": 4, "나무": 5}
