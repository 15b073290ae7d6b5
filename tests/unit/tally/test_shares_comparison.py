"""Equal Shares beside greedy: who prefers what, counted over every voter, and which of the two stands."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally import equal_shares, greedy
from civicvote.domain.tally.counting import count
from civicvote.domain.tally.pabulib.read import read_pabulib_file
from civicvote.domain.tally.parameters import CountingParameters, Envelopes, EnvelopesBy
from civicvote.domain.tally.parts_explained import ComparedExplained, shares_in
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.registry import TALLY_RULES
from civicvote.domain.tally.shares_comparison import compare
from civicvote.kernel.voting import Completion, CountingRule, Satisfaction
from tests.real_data import real_files, require_real_data
from tests.unit.tally.profiles import money_parameters, money_profiles

FILES = real_files("pabulib/*.pb")
COMPARED = CountingParameters(compares_with_greedy=True)
OPTIONS = [Option("park", 60), Option("road", 50), Option("book", 40), Option("bike", 20)]
by_shares = TALLY_RULES[CountingRule.EQUAL_SHARES]


def expected() -> list:
    found = []
    for path in FILES:
        told = json.loads((path.parent / "expected" / f"{path.stem}.json").read_text("utf-8"))
        if "comparison_step" in told:
            found.append(pytest.param(path, told["comparison_step"], id=path.stem))
    return found


EXPECTED = expected()


def test_the_real_data_is_all_there():
    require_real_data()
    assert len(EXPECTED) == 10


@pytest.mark.parametrize(("path", "step"), EXPECTED)
def test_as_many_voters_prefer_each_outcome_as_was_computed_independently(path, step):
    election = read_pabulib_file(path)
    parameters = CountingParameters(
        satisfaction=Satisfaction.COST,
        completion=Completion.ADD1,
        increment=10**election.exponent,
        compares_with_greedy=True,
    )

    result = by_shares(election.profile, parameters)

    told = result.explanation
    assert (told.prefer_shares, told.prefer_greedy) == (step["voters_prefer_mes"], step["voters_prefer_greedy"])
    assert told.prefer_shares + told.prefer_greedy + told.alike == election.profile.voters
    assert result.selected == told.shares_selected, "it stands in all of them"


def test_greedy_stands_where_more_voters_prefer_it():
    # 100 for ten voters. Greedy buys the park and then the book. Equal Shares buys the bike of two voters first, for
    # its supporters can pay, and then neither the park nor the road fits beside the book.
    cast = [{"park": 1}] * 5 + [{"book": 1}] * 3 + [{"bike": 1}] * 2
    profile = Profile.of_ballots(OPTIONS, cast, budget=100)
    alone = by_shares(profile, CountingParameters(completion=Completion.ADD1U))
    compared = by_shares(profile, CountingParameters(completion=Completion.ADD1U, compares_with_greedy=True))
    assert set(alone.selected) != {"park", "book"}
    assert compared.selected == ("park", "book")
    assert compared.rule is CountingRule.EQUAL_SHARES
    assert compared.verdicts == greedy.count(profile, CountingParameters()).verdicts
    told = compared.explanation
    assert told.greedy_stands
    assert told.shares_selected == alone.selected
    assert told.greedy_selected == ("park", "book")
    assert list(shares_in(told)) == [alone.explanation]


def test_where_as_many_prefer_each_equal_shares_stands_and_blank_ballots_are_asked_too():
    profile = Profile.of_ballots([Option("a", 6), Option("b", 4)], [{"a": 1}] * 3 + [{"b": 1}] * 2 + [{}], budget=6)
    told = by_shares(profile, COMPARED).explanation
    assert told.prefer_shares + told.prefer_greedy + told.alike == 6
    assert told.alike >= 1
    even = ComparedExplained(2, 2, 1, ("b",), ("a",), told.shares)
    assert not even.greedy_stands


def test_more_is_more_projects_whatever_they_cost_and_whatever_points_they_have():
    options = [Option("large", 60), Option("one", 20), Option("two", 20)]
    profile = Profile.of_ballots(options, [{"large": 9, "one": 1, "two": 1}, {"large": 1, "one": 0}], budget=60)

    def selecting(*chosen):
        return equal_shares.count(
            Profile.of_ballots(options, [dict.fromkeys(chosen, 1)] * 3, budget=60), CountingParameters()
        )

    told = compare(profile, selecting("one", "two"), selecting("large"))
    assert (told.prefer_shares, told.prefer_greedy, told.alike) == (1, 1, 0)


def test_each_envelope_is_compared_on_its_own():
    options = [Option("park", 60, district="a"), Option("bike", 20, district="a"), Option("road", 50, district="b")]
    profile = Profile.of_ballots(options, [{"park": 1}, {"park": 1, "road": 1}, {"bike": 1}], budget=110)
    envelopes = Envelopes(EnvelopesBy.DISTRICT, {"a": 60, "b": 50})
    result = count(
        CountingRule.EQUAL_SHARES, profile, CountingParameters(compares_with_greedy=True, envelopes=envelopes)
    )
    told = {part.key: part.explanation for part in result.explanation.parts}
    assert told["a"].greedy_stands
    assert not told["b"].greedy_stands
    assert result.selected == ("park", "road")


@given(data=st.data(), profile=money_profiles())
def test_the_comparison_selects_one_of_the_two_and_no_voter_is_left_out(data, profile):
    parameters = data.draw(money_parameters(profile))
    one, other = equal_shares.count(profile, parameters), greedy.count(profile, parameters)
    result = by_shares(profile, replace(parameters, compares_with_greedy=True))
    told = result.explanation
    assert result.selected == (other if told.greedy_stands else one).selected
    assert told.prefer_shares + told.prefer_greedy + told.alike == profile.voters
    if set(one.selected) == set(other.selected):
        assert told.alike == profile.voters
