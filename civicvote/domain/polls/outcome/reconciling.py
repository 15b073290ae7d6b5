"""Counts that must be equal before anybody hears of an outcome."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypeVar

from civicvote.domain.polls.errors import CountsDoNotAddUp
from civicvote.domain.polls.states import Channel

_Key = TypeVar("_Key", bound=str)

SUMS_OF_MARKS = frozenset({"choices", "ballot_sizes"})
"""Counts of marks and not of ballots: less what is told of every other option they give the one that is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """``choices`` is the sum over options of the ballots that name each, ``ballot_sizes`` the sum over ballots of the
    options that each names: the same marks, counted from two sides."""

    envelopes: int
    roll_marks: int
    unsealed_ballots: int
    choices: int
    ballot_sizes: int

    def to_json(self) -> dict[str, int]:
        return asdict(self)


def require_equal(
    counts: Counts,
    *,
    envelopes_by_channel: Mapping[Channel, int],
    marks_by_channel: Mapping[Channel, int],
    ballots_by_electorate: Mapping[str, int],
    marks_by_electorate: Mapping[str, int],
) -> None:
    """Raises ``CountsDoNotAddUp`` for the first pair that differs.

    A ballot's electorate was sealed with it and stands on the roll too, so the two are counted against each other."""
    pairs = (
        ("roll_marks", counts.envelopes, counts.roll_marks),
        ("unsealed_ballots", counts.envelopes, counts.unsealed_ballots),
        ("choices", counts.ballot_sizes, counts.choices),
    )
    for what, expected, found in pairs:
        if expected != found:
            raise CountsDoNotAddUp(what=what, expected=expected, found=found)
    # What booths and paper will add stands here too: issued = returned + spoiled + unused, by channel.
    require_equal_by("channel", envelopes_by_channel, marks_by_channel)
    require_equal_by("electorate", marks_by_electorate, ballots_by_electorate)


def require_equal_by(what: str, expected: Mapping[_Key, int], found: Mapping[_Key, int]) -> None:
    """Raises ``CountsDoNotAddUp`` for the first key whose numbers differ."""
    for key in sorted({*expected, *found}):
        if expected.get(key, 0) != found.get(key, 0):
            raise CountsDoNotAddUp(what=f"{what}_{key}", expected=expected.get(key, 0), found=found.get(key, 0))
