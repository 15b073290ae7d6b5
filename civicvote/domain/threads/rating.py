"""How comments stand by what readers find of them: Wilson's lower bound, once enough have said so."""

from enum import StrEnum
from math import sqrt

#: With fewer ratings than these a bound says more about chance than about the comment.
ENOUGH_RATINGS = 5

_BILLION = 10**9
#: The 97.5th percentile of the normal distribution: 2.5 % below and above make an interval of 95 %.
_Z = 1.959963984540054


class Rating(StrEnum):
    """What one reader finds of a comment; ``NONE`` takes back what was said."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    NONE = "none"


RATING_VALUES = {Rating.HELPFUL: 1, Rating.UNHELPFUL: -1, Rating.NONE: 0}


def lower_bound(up: int, down: int) -> float:
    """The lower end of Wilson's 95 % interval for the share of readers who find it helpful; 0.0 without ratings.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), p. 209.
    """
    ratings = up + down
    if not ratings:
        return 0.0
    square = _Z * _Z
    spread = _Z * sqrt(square + 4 * up * down / ratings)
    return max(0.0, (2 * up + square - spread) / (2 * (ratings + square)))


def rank_of(up: int, down: int, *, is_visible: bool) -> int:
    """The bound in billionths, at least 1, once there are ``ENOUGH_RATINGS``; 0 means: not ranked.

    What was hidden or withdrawn is not ranked: a placeholder tells nobody anything.
    """
    if not is_visible or up + down < ENOUGH_RATINGS:
        return 0
    return max(1, int(lower_bound(up, down) * _BILLION))
