"""Hypothesis strategies: polls with few options and close scores, so that ties and tight budgets are common."""

from fractions import Fraction

from hypothesis import strategies as st

from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel.voting import Completion, Satisfaction

IDS = ("10", "2", "가", "나", "B")


@st.composite
def options(draw: st.DrawFn) -> list[Option]:
    ids = draw(st.permutations(IDS))[: draw(st.integers(1, len(IDS)))]
    return [
        Option(option_id, draw(st.integers(0, 8)), is_withdrawn=draw(st.sampled_from([False] * 5 + [True])))
        for option_id in ids
    ]


def ballots(ids: list[str]) -> st.SearchStrategy[list[dict[str, int | Fraction]]]:
    points = st.one_of(st.just(1), st.just(1), st.integers(0, 3), st.fractions(0, 3, max_denominator=3))
    return st.lists(st.dictionaries(st.sampled_from(ids), points), max_size=8)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    offered = draw(options())
    cast = draw(ballots([option.id for option in offered]))
    return Profile.of_ballots(offered, cast, budget=draw(st.integers(0, 24)))


def parameters() -> st.SearchStrategy[CountingParameters]:
    return st.builds(
        CountingParameters,
        tie_break=st.sampled_from(["id", "seed:2026", "seed:단풍나무"]).map(TieBreak.parse),
        threshold=st.one_of(st.none(), st.integers(0, 3), st.just(Fraction(1, 2))),
        seats=st.integers(1, 7),
    )


@st.composite
def money_profiles(draw: st.DrawFn) -> Profile:
    """Polls in which voters run out of money, options tie to the last digit, or nearly: costs and points are small,
    or so large that floats cannot tell neighbours apart."""
    unit = draw(st.sampled_from([1, 1, 1, 10**16]))
    point = draw(st.sampled_from([1, 1, Fraction(1, 3), 10**17]))
    ids = draw(st.permutations(IDS))[: draw(st.integers(1, len(IDS)))]
    offered = [Option(option_id, draw(st.integers(0, 8)) * unit + draw(st.integers(0, 1))) for option_id in ids]
    points = st.one_of(st.just(1), st.just(1), st.integers(0, 3).map(lambda given: given * point))
    ballot = st.dictionaries(st.sampled_from(ids), points)
    cast = draw(st.lists(st.tuples(ballot, st.integers(1, 4)), max_size=7))
    voters = [given for given, times in cast for _ in range(times)]
    return Profile.of_ballots(offered, voters, budget=draw(st.integers(0, 20)) * unit + draw(st.integers(0, 2)))


@st.composite
def money_parameters(draw: st.DrawFn, profile: Profile) -> CountingParameters:
    """``increment`` is such that few runs are made."""
    ids = [option.id for option in profile.options]
    groups = st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True) if len(ids) > 1 else st.nothing()
    share = Fraction(profile.budget, profile.voters or 1)
    return CountingParameters(
        tie_break=TieBreak.parse(draw(st.sampled_from(["id", "cost,id", "votes,cost,seed:단풍나무"]))),
        threshold=draw(st.sampled_from([None, None, None, 2])),
        support_divisor=draw(st.sampled_from([None, None, None, 3])),
        incompatible=tuple(map(tuple, draw(st.lists(groups, max_size=1)))) if len(ids) > 1 else (),
        satisfaction=draw(st.sampled_from(Satisfaction)),
        completion=draw(st.sampled_from(Completion)),
        start=draw(st.sampled_from([None, None, share / 2, share * 2, Fraction(1, 3)])),
        increment=draw(st.integers(1, 3)) if profile.budget < 10**6 else profile.budget // 20 + 1,
        most_runs=draw(st.sampled_from([1, 3, 40])),
    )
