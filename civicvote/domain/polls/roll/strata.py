"""Which groups of ballots may be shown apart: none of fewer than ten.

An unsealed ballot carries its electorate and its style (the district whose options it offered). A group of those with
few ballots would tell its members' choices, and so would the rest if everything else were shown: what is put together
therefore has ten ballots itself (TRUST.md, "Votes").
"""

from collections.abc import Mapping
from dataclasses import dataclass

from civicvote.domain.polls.ballots.shape import RESIDENTS

FEWEST = 10


@dataclass(frozen=True, order=True, slots=True)
class Stratum:
    """``electorate``: a key of ``ballots.shape``; ``style``: a district's code, or empty for ballots of none."""

    electorate: str
    style: str = ""


MERGED = Stratum("merged")
"""Stands for the strata that are shown as one."""


def publishable(ballots: Mapping[Stratum, int], *, fewest: int = FEWEST) -> dict[Stratum, Stratum]:
    """Under which stratum each is shown: under itself, or under ``MERGED`` together with others.

    ``ballots``: how many each stratum has. All strata below ``fewest`` are merged; where they have fewer than
    ``fewest`` ballots even together, the smallest of the others joins them, and so on. The order of ties is that of
    the strata. Strata without ballots are shown as they are: they tell nothing."""
    by_size = sorted((number, stratum) for stratum, number in ballots.items() if number)
    merged = [stratum for number, stratum in by_size if number < fewest]
    total = sum(ballots[stratum] for stratum in merged)
    for number, stratum in by_size[len(merged) :]:
        if not 0 < total < fewest:
            break
        merged.append(stratum)
        total += number
    return {stratum: MERGED if stratum in merged else stratum for stratum in ballots}


def may_show(ballots: int, *, fewest: int = FEWEST) -> bool:
    """Whether any ballot of a poll with so many may be shown one by one."""
    return ballots >= fewest


def too_small(ballots: Mapping[str, int], *, fewest: int = FEWEST) -> frozenset[str]:
    """The districts, or other keys, of which some ballots came but too few to tell their sums."""
    return frozenset(key for key, number in ballots.items() if 0 < number < fewest)


def counted_as(ballots: Mapping[str, int], *, fewest: int = FEWEST) -> dict[str, str]:
    """Electorate to the one that its ballots are counted with: itself, unless they are too few to be told apart.

    ``ballots``: how many each electorate cast. One of fewer than ``fewest`` is counted with the residents, or with the
    largest where the residents are too few themselves. From what is published everybody can compute what a small
    electorate chose if it is weighed apart (docs/decisions/0070)."""
    if not ballots:
        return {}
    largest = max(sorted(ballots), key=lambda key: (ballots[key], key == RESIDENTS))
    into = RESIDENTS if ballots.get(RESIDENTS, 0) >= fewest else largest
    return {key: into if 0 < number < fewest else key for key, number in ballots.items()}
