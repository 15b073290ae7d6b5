"""Counts that must be equal before anybody hears of an outcome."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from civicvote.domain.polls.errors import CountsDoNotAddUp
from civicvote.domain.polls.states import Channel


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
    counts: Counts, *, envelopes_by_channel: Mapping[Channel, int], marks_by_channel: Mapping[Channel, int]
) -> None:
    """Raises ``CountsDoNotAddUp`` for the first pair that differs."""
    pairs = (
        ("roll_marks", counts.envelopes, counts.roll_marks),
        ("unsealed_ballots", counts.envelopes, counts.unsealed_ballots),
        ("choices", counts.ballot_sizes, counts.choices),
    )
    for what, expected, found in pairs:
        if expected != found:
            raise CountsDoNotAddUp(what=what, expected=expected, found=found)
    for channel in sorted({*envelopes_by_channel, *marks_by_channel}):
        expected, found = envelopes_by_channel.get(channel, 0), marks_by_channel.get(channel, 0)
        if expected != found:
            raise CountsDoNotAddUp(what=f"channel_{channel}", expected=expected, found=found)
