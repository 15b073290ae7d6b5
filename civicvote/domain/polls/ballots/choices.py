"""One ballot as text: the form that is sealed, stored after unsealing and counted again by anybody.

Approval and choose-1: a JSON list of option keys in ascending order. Ordinal, cumulative and scoring: a JSON object
of option key → points with keys in ascending order; points that are not whole are texts such as "7/2".
"""

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from civicvote.domain.tally.profile import Points
from civicvote.kernel.voting import BallotType

UNWEIGHTED = frozenset({BallotType.APPROVAL, BallotType.CHOOSE_1})
"""Ballots on which every choice is worth 1."""


#: What ``points_json`` writes. An exponent, which ``Fraction`` reads too, would let a short text cost hours.
_EXACT = re.compile(r"-?\d{1,4000}(/\d{1,4000})?")


class UnreadableBallot(Exception):
    """The text is none that ``write`` makes."""


def write(ballot: Mapping[str, Points], ballot_type: BallotType) -> str:
    """``ballot``: option key to points, 1 for an approval; empty for a blank ballot."""
    if ballot_type in UNWEIGHTED:
        return _json(sorted(ballot))
    return _json({key: points_json(points) for key, points in sorted(ballot.items())})


def read(text: str) -> dict[str, Points]:
    """What ``write`` wrote. Raises ``UnreadableBallot``."""
    try:
        return from_json(json.loads(text))
    except ValueError as error:
        raise UnreadableBallot from error


def from_json(value: object) -> dict[str, Points]:
    """The same from the JSON value. Raises ``UnreadableBallot``."""
    try:
        if isinstance(value, list):
            return {_key(key): 1 for key in value}
        if isinstance(value, dict):
            return {key: points_from_json(points) for key, points in value.items()}
    except (ValueError, TypeError, ZeroDivisionError) as error:
        raise UnreadableBallot from error
    raise UnreadableBallot


def as_asked(chosen: Sequence[str], points: Sequence[Points], ballot_type: BallotType) -> str:
    """What a request asks for, right or wrong, as one text: two requests are the same if it is."""
    if ballot_type in UNWEIGHTED and not points:
        return _json(sorted(set(chosen)))
    return _json([list(chosen), [points_json(each) for each in points]])


def size(text: str) -> int:
    """How many marks the ballot bears, counted on the text itself: one entered twice counts twice."""
    return len(json.loads(text, object_pairs_hook=list))


def points_json(points: Points) -> int | str:
    """A whole number as itself, anything else as numerator/denominator."""
    exact = Fraction(points)
    return exact.numerator if exact.denominator == 1 else str(exact)


def points_from_json(value: object) -> Points:
    """What ``points_json`` wrote. Raises ``TypeError`` or ``ValueError``."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("points are a whole number or a text")
    if isinstance(value, int):
        return value
    if not _EXACT.fullmatch(value):
        raise ValueError("points are digits, or digits over digits")
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact


def _key(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a choice is a text")
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
