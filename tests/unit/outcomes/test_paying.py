"""Who paid for what: exact in the count, whole units on the page, and the columns add up."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.outcomes.paying import paid_by_group
from civicvote.domain.tally.counting import count
from civicvote.domain.tally.parameters import CountingParameters, Envelopes, EnvelopesBy
from civicvote.domain.tally.profile import Choices, Option, Profile
from civicvote.kernel.voting import Completion, CountingRule

OPTIONS = (Option("a", 70, district="1"), Option("b", 50, district="1"), Option("c", 31, district="2"))


def choices(*ids: str) -> Choices:
    return tuple((option_id, 1) for option_id in sorted(ids))


def explained(groups, rule=CountingRule.EQUAL_SHARES, budget=150, **parameters):
    counts: dict[Choices, int] = {}
    for ballots in groups.values():
        for ballot, number in ballots.items():
            counts[ballot] = counts.get(ballot, 0) + number
    profile = Profile.of_counts(OPTIONS, counts, budget=budget)
    return count(rule, profile, CountingParameters(completion=Completion.NONE, **parameters))


def test_supporters_of_two_districts_share_a_project_by_their_numbers():
    groups = {"east": {choices("a"): 2}, "west": {choices("a"): 1}}
    result = explained(groups)
    assert result.selected == ("a",)
    east, west = paid_by_group(result.explanation, groups)
    assert (east.key, east.voters, east.paid) == ("east", 2, {"a": 47})  # 46 2/3
    assert (west.key, west.voters, west.paid) == ("west", 1, {"a": 23})  # 23 1/3


def test_one_group_alone_and_rules_without_payments_tell_nothing():
    groups = {"east": {choices("a"): 2}, "west": {choices("a"): 1}}
    assert paid_by_group(explained(groups).explanation, {"all": {choices("a"): 3}}) == ()
    assert paid_by_group(explained(groups, CountingRule.GREEDY).explanation, groups) == ()


def test_payments_of_all_envelopes_are_told_together():
    groups = {"east": {choices("a", "c"): 2}, "west": {choices("c"): 2}}
    result = explained(groups, envelopes=Envelopes(EnvelopesBy.DISTRICT, {"1": 80, "2": 70}))
    east, west = paid_by_group(result.explanation, groups)
    assert east.paid == {"a": 70, "c": 16}
    assert west.paid == {"a": 0, "c": 15}


SUPPORTS = [choices(*ids) for ids in ("a", "b", "c", "ab", "ac", "bc", "abc")]
cast = st.lists(
    st.tuples(st.sampled_from(["east", "north", "west"]), st.sampled_from(SUPPORTS), st.integers(1, 5)), max_size=12
)


@given(cast, st.sampled_from([CountingRule.EQUAL_SHARES, CountingRule.PHRAGMEN]))
def test_what_the_groups_paid_is_what_the_project_costs(cast_by, rule):
    groups: dict[str, dict[Choices, int]] = {"east": {(): 1}, "west": {(): 1}}
    for district, ballot, number in cast_by:
        of_district = groups.setdefault(district, {})
        of_district[ballot] = of_district.get(ballot, 0) + number
    result = explained(groups, rule)
    told = paid_by_group(result.explanation, groups)
    cost = {option.id: option.cost for option in OPTIONS}
    assert {group.key for group in told} == set(groups)
    for option_id in result.selected:
        assert sum(group.paid[option_id] for group in told) == cost[option_id]
        for group in told:
            exact = sum(
                (
                    paid * number
                    for ballot, number in groups[group.key].items()
                    for bought, paid, _ in result.explanation.payments(ballot)
                    if bought == option_id
                ),
                Fraction(0),
            )
            assert abs(group.paid[option_id] - exact) < 1
