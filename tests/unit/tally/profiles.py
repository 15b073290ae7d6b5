"""Hypothesis strategies: polls with few options and close scores, so that ties and tight budgets are common."""

from fractions import Fraction

from hypothesis import strategies as st

from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.ties import TieBreak

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
