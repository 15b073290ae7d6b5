"""One ballot as text: the form that is sealed, stored after unsealing and counted again by anybody.

Approval and choose-1: a JSON list of option keys in ascending order. Ordinal, cumulative and scoring: a JSON object
of option key → points with keys in ascending order; points that are not whole are texts such as "7/2".
"""

import json
from collections.abc import Mapping
from fractions import Fraction

from civicvote.domain.tally.profile import Points
from civicvote.kernel.voting import BallotType

UNWEIGHTED = frozenset({BallotType.APPROVAL, BallotType.CHOOSE_1})
"""Ballots on which every choice is worth 1."""


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
        value = json.loads(text)
        if isinstance(value, list):
            return {_key(key): 1 for key in value}
        if isinstance(value, dict):
            return {key: points_from_json(points) for key, points in value.items()}
    except (ValueError, TypeError, ZeroDivisionError) as error:
        raise UnreadableBallot from error
    raise UnreadableBallot


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
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact


def _key(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a choice is a text")
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
