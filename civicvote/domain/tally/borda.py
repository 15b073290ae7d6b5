"""Borda over ballots that rank as many options as the voter likes: the last one named gets 1, each above it one more.

So a ballot that ranks m options gives m, m - 1, ..., 1, and those left off nothing. This is the count as Borda himself
described it (Emerson 2013, "The original Borda count and partial voting", Social Choice and Welfare 40:353-358, there
the modified Borda count): naming fewer options never gives the first more, so nobody gains by keeping silent about
the rest, and on ballots limited to k of n the order among the k counts, which it hardly does where the options
left off share the average of the places behind (docs/decisions/0050). Options that a ballot ranks equal share the
average of their places. What was withdrawn is taken off the ballots before.

Ties are taken in the declared order.
"""

from collections.abc import Iterator, Mapping, Set
from fractions import Fraction
from itertools import groupby

from civicvote.domain.tally import seats
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Choices, Points, Profile
from civicvote.domain.tally.ranking import rank
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.voting import CountingRule


def count(profile: Profile, parameters: CountingParameters, scores: Mapping[str, Points] | None = None) -> TallyResult:
    """The highest sums take the seats. Raises :class:`~.seats.SeatsMissing`. ``scores`` where they are weighed."""
    scores = scores_of(profile) if scores is None else scores
    return seats.fill(profile, parameters, CountingRule.BORDA, rank(profile, parameters, scores=scores))


def scores_of(profile: Profile) -> Mapping[str, Points]:
    """What all ballots together give to each option."""
    scores: dict[str, Points] = {option.id: 0 for option in profile.options}
    taking_part = {option.id for option in profile.options if not option.is_withdrawn}
    for group in profile.ballots:
        for option_id, points in _worth(group.choices, taking_part):
            scores[option_id] += points * group.count
    return scores


def _worth(choices: Choices, taking_part: Set[str]) -> Iterator[tuple[str, Points]]:
    """A ballot's order is that of its points, whatever they are."""
    ranked = sorted(
        ((points, option_id) for option_id, points in choices if option_id in taking_part),
        reverse=True,
    )
    left = len(ranked)
    for _, tied in groupby(ranked, key=lambda choice: choice[0]):
        equals = [option_id for _, option_id in tied]
        # left, left - 1, ... over all that are equal, each the average of these places.
        average = Fraction(2 * left - len(equals) + 1, 2)
        worth: Points = average.numerator if average.denominator == 1 else average
        left -= len(equals)
        for option_id in equals:
            yield option_id, worth
