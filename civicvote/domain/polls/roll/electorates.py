"""The bodies of voters that a poll can have beside the residents, as officers lay them down."""

from collections.abc import Mapping

from civicvote.domain.polls.ballots.shape import RESIDENTS, Electorate

COMMITTEE = "committee"
PANEL = "panel"

NAMES = {
    RESIDENTS: ("주민", "Residents"),
    COMMITTEE: ("위원회", "Committee"),
    PANEL: ("시민 패널", "Citizens' panel"),
}
"""Key → name in Korean and in English; they stand in the fixed rules, so that the text says all by itself."""


def electorates_from(weights: Mapping[str, int | None]) -> tuple[Electorate, ...]:
    """By key, in the order of ``NAMES``; without a weight there is no such electorate. Residents alone are no several
    electorates: empty."""
    wanted = [(key, weight) for key in NAMES if (weight := weights.get(key)) is not None]
    if [key for key, _ in wanted] == [RESIDENTS]:
        return ()
    return tuple(Electorate(key, *NAMES[key], weight) for key, weight in wanted)
