"""A poll written as ``.pb``: read back the same, and accepted by Pabulib's own checker."""

import contextlib
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pabulib.checker import Checker

from civicvote.domain.tally.ballot_rules import BallotRule
from civicvote.domain.tally.counting import count
from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.pabulib.read import read_pabulib, read_pabulib_file
from civicvote.domain.tally.pabulib.write import PabulibPoll, Unwritable, write_pabulib
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.kernel.voting import BallotType, CountingRule
from tests.real_data import real_files

OPTIONS = [
    Option("P-1", 600, '골목길 조명; "밝게"', field="안전"),
    Option("P-2", 800, "Park\u2028and\r\n  ride", field="교통"),
    Option("P-3", 700, "", field="안전"),
]
PAIRS = [("P-1", "P-2"), ("P-1", "P-3"), ("P-2", "P-1")]
POLL = PabulibPoll(
    description="2026 주민참여예산",
    country="South Korea",
    unit="은하구",
    instance="2026",
    ballot_rule=BallotRule(BallotType.APPROVAL, max_choices=2),
    profile=Profile.of_ballots(
        OPTIONS, [{"P-1": 1, "P-2": 1}, {"P-1": 1, "P-3": 1}, {"P-2": 1, "P-1": 1}], budget=1500
    ),
    began_on=date(2026, 3, 1),
    ended_on=date(2026, 3, 14),
    rule="greedy",
    language="ko",
    currency="KRW",
    order=("P-1", "P-2", "P-3"),
    selected=frozenset({"P-1", "P-2"}),
)


def read_back(poll: PabulibPoll) -> PabulibElection:
    return read_pabulib(BytesIO(write_pabulib(poll).encode()))


def faults_of(text: str) -> dict:
    """What the checker calls errors; its warnings are about taste."""
    with contextlib.redirect_stdout(StringIO()):
        results = Checker().process_files([text])
    return next(each["results"]["errors"] for name, each in results.items() if name not in ("metadata", "summary"))


def test_the_file_says_what_the_poll_was_and_nothing_of_its_voters():
    assert write_pabulib(POLL).splitlines() == [
        "META",
        "key;value",
        "description;2026 주민참여예산",
        "country;South Korea",
        "unit;은하구",
        "instance;2026",
        "num_projects;3",
        "num_votes;3",
        "budget;1500",
        "vote_type;approval",
        "rule;greedy",
        "date_begin;01.03.2026",
        "date_end;14.03.2026",
        "min_length;1",
        "max_length;2",
        "language;ko",
        "currency;KRW",
        "PROJECTS",
        "project_id;cost;votes;name;category;selected",
        'P-1;600;3;"골목길 조명; ""밝게""";안전;1',
        "P-2;800;2;Park and ride;교통;1",
        "P-3;700;1;P-3;안전;0",
        "VOTES",
        "voter_id;vote",
        "1;P-1,P-2",
        "2;P-1,P-2",
        "3;P-1,P-3",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"rule": "greedy-no-skip"},
        {"rule": "unknown", "comment": "Counted by Equal Shares; completion add1u."},
        {"currency": "EUR", "exponent": 2},
        {"profile": replace(POLL.profile, budget=9999), "selected": frozenset({"P-1", "P-2", "P-3"})},
    ],
    ids=["greedy", "stop", "unknown", "cents", "all-funded"],
)
def test_the_checker_finds_no_fault_with_approvals(change):
    assert faults_of(write_pabulib(replace(POLL, **change))) == {}


@pytest.mark.parametrize(
    ("ballot_type", "ballots"),
    [
        (BallotType.CHOOSE_1, [{"P-1": 1}, {"P-2": 1}]),
        (BallotType.CUMULATIVE, [{"P-1": 4, "P-2": 6}, {"P-3": Fraction(1, 2)}]),
        (BallotType.SCORING, [{"P-1": -1, "P-2": 3}, {"P-3": 2}]),
        (BallotType.ORDINAL, [{"P-1": 3, "P-2": 2, "P-3": 1}, {"P-3": 3}]),
    ],
)
def test_the_checker_finds_no_fault_with_other_ballots_and_they_come_back(ballot_type, ballots):
    poll = replace(
        POLL,
        ballot_rule=BallotRule(ballot_type, max_sum_points=10 if ballot_type is BallotType.CUMULATIVE else None),
        profile=Profile.of_ballots(OPTIONS, ballots, budget=1500),
        rule="unknown",
    )

    assert faults_of(write_pabulib(poll)) == {}
    assert read_back(poll).profile.ballots == poll.profile.ballots


def test_a_fault_would_be_found():
    assert faults_of(write_pabulib(POLL).replace("num_votes;3", "num_votes;4")) != {}
    assert faults_of(write_pabulib(replace(POLL, selected=frozenset({"P-3"})))) != {}


def test_equal_votes_stand_in_the_order_in_which_the_tie_was_broken():
    profile = Profile.of_ballots(OPTIONS, [{"P-1": 1, "P-2": 1, "P-3": 1}], budget=1400)
    tied = replace(POLL, profile=profile, ballot_rule=BallotRule(BallotType.APPROVAL))
    by_lot = replace(tied, order=("P-3", "P-1", "P-2"), selected=frozenset({"P-3", "P-1"}))

    assert [project.option.id for project in read_back(by_lot).projects] == ["P-3", "P-1", "P-2"]
    assert faults_of(write_pabulib(by_lot)) == {}


@pytest.mark.parametrize("option_id", ["a,b", " a", "a\nb", "-", "votes", ""])
def test_an_id_that_could_not_be_read_back_is_refused(option_id):
    with pytest.raises(Unwritable):
        write_pabulib(replace(POLL, profile=Profile.of_ballots([Option(option_id, 1)], [], budget=1)))


def test_points_that_no_decimal_holds_are_refused():
    profile = Profile.of_ballots(OPTIONS, [{"P-1": Fraction(1, 3)}], budget=1)
    with pytest.raises(Unwritable):
        write_pabulib(replace(POLL, ballot_rule=BallotRule(BallotType.CUMULATIVE), profile=profile))


texts = st.text(
    st.one_of(st.sampled_from(';",\n\r\u2028\u2029\x85\t #가나'), st.characters(codec="utf-8", exclude_characters="\0"))
)
ids = st.from_regex(r"[A-Za-z가-힣][A-Za-z0-9가-힣;\"_.-]{0,8}", fullmatch=True).filter(
    lambda text: text.lower() not in {"meta", "projects", "votes", "n", "na", "nan", "none", "null"}
)


@st.composite
def written_polls(draw: st.DrawFn) -> PabulibPoll:
    keys = draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    options = [
        Option(key, draw(st.integers(0, 10**9 - 2)), draw(texts), field=draw(texts), district=draw(texts))
        for key in keys
    ]
    ballot_type = draw(st.sampled_from(list(BallotType)))
    points = {
        BallotType.CUMULATIVE: st.integers(0, 99) | st.decimals(0, 9, places=3).map(Fraction),
        BallotType.SCORING: st.integers(-9, 9),
    }.get(ballot_type, st.just(1))
    most = 1 if ballot_type is BallotType.CHOOSE_1 else None
    chosen = st.dictionaries(st.sampled_from(keys), points, max_size=most)
    cast = draw(st.lists(chosen, max_size=6))
    if ballot_type is BallotType.ORDINAL:
        cast = [{key: len(keys) - place for place, key in enumerate(ballot)} for ballot in cast]
    return replace(
        POLL,
        description=draw(texts),
        unit=draw(texts),
        comment=draw(texts),
        exponent=draw(st.sampled_from([0, 2])),
        currency=draw(st.sampled_from(["KRW", "EUR", ""])),
        ballot_rule=BallotRule(ballot_type, min_choices=0, max_choices=most),
        profile=Profile.of_ballots(options, cast, budget=draw(st.integers(0, 10**12))),
        order=tuple(draw(st.permutations(keys))),
    )


@given(poll=written_polls())
def test_any_poll_comes_back_from_its_file(poll):
    election = read_back(poll)

    unit = 10 ** (election.exponent - poll.exponent) if election.exponent >= poll.exponent else None
    written = {option.id: option.cost for option in poll.profile.options}
    read = {option.id: option.cost for option in election.profile.options}
    if unit is None:
        assert {key: cost * 10 ** (poll.exponent - election.exponent) for key, cost in read.items()} == written
    else:
        assert read == {key: cost * unit for key, cost in written.items()}
    assert election.profile.ballots == poll.profile.ballots
    assert election.ballot_rule == poll.ballot_rule
    assert [project.option.id for project in election.projects] == list(poll.order)
    assert (election.began_on, election.ended_on) == (poll.began_on, poll.ended_on)


@pytest.mark.parametrize("path", real_files("pabulib/*.pb"), ids=lambda path: path.stem)
def test_a_real_election_comes_back_from_what_we_write_of_it(path):
    election = read_pabulib_file(path)
    result = count(CountingRule.GREEDY, election.profile, CountingParameters())

    again = read_back(
        replace(
            POLL,
            ballot_rule=election.ballot_rule,
            profile=election.profile,
            currency=election.currency or "",
            exponent=election.exponent,
            order=tuple(verdict.option_id for verdict in result.verdicts),
            selected=frozenset(result.selected),
        )
    )

    assert again.warnings == ()
    assert again.profile.ballots == election.profile.ballots
    assert again.profile.budget == election.profile.budget
    assert {o.id: (o.cost, o.is_withdrawn) for o in again.profile.options} == {
        o.id: (o.cost, o.is_withdrawn) for o in election.profile.options
    }
    assert again.ballot_rule == election.ballot_rule
    assert count(CountingRule.GREEDY, again.profile, CountingParameters()).selected == result.selected
