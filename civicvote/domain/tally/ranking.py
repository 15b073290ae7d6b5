"""The part that all score-based rules share: who takes part, and in which order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from civicvote.domain.tally.eligibility import eligibility
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Points, Profile
from civicvote.domain.tally.result import Verdict

Worth: TypeAlias = tuple[bool, Points]
"""What options are ranked by, highest first. True stands above every number: votes for what costs nothing."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """``options`` by worth descending, equal worth by the tie-break; ``excluded`` by id, with the reason."""

    scores: Mapping[str, Points]
    worths: Mapping[str, Worth]
    options: tuple[Option, ...]
    excluded: tuple[Verdict, ...]

    def groups(self) -> Iterator[tuple[Points, tuple[Option, ...]]]:
        """Options of equal worth, the highest first, each group in the order of the tie-break."""
        for (_, worth), group in groupby(self.options, key=lambda option: self.worths[option.id]):
            yield worth, tuple(group)


def rank(
    profile: Profile,
    parameters: CountingParameters,
    *,
    scores: Mapping[str, Points] | None = None,
    worth: Callable[[Option, Points], Worth] = lambda _option, score: (False, score),
) -> Ranking:
    """By ``scores``, those of the profile where none are given, or by what ``worth`` makes of option and score."""
    scores = profile.scores if scores is None else scores
    taking_part = eligibility(profile, parameters, scores)
    worths = {option.id: worth(option, scores[option.id]) for option in taking_part.options}
    by_worth = sorted(taking_part.options, key=lambda option: worths[option.id], reverse=True)
    return Ranking(scores=scores, worths=worths, options=tuple(by_worth), excluded=taking_part.excluded)
