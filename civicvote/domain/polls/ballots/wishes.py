"""A ballot while somebody fills it in: what is typed beside the options becomes choices, or a reason why not."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS, BrokenBallotRule
from civicvote.kernel.voting import BallotType

_LONGEST = 4
"""Digits of a number that can be meant."""


class NumberUnreadable(BrokenBallotRule):
    """What is typed beside ``option`` is no whole number."""

    code = "ballot_number_unreadable"


class PlaceTaken(BrokenBallotRule):
    """Two options have the same ``place``; ``option`` is the second."""

    code = "ballot_place_taken"


@dataclass(frozen=True, slots=True)
class Wish:
    """``choices``: option keys, best first on a ranking; ``points`` in the same order. ``typed``: option key → what
    stands beside it, kept as it was where it can't be read; then ``fault`` says why."""

    choices: tuple[str, ...] = ()
    points: tuple[int, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    fault: BrokenBallotRule | None = None


def of_numbers(typed: Mapping[str, str], options: Sequence[FrozenOption], ballot_type: BallotType) -> Wish:
    """Points or places typed beside the options; nothing and 0 mean that the option is not chosen.

    Places may leave gaps: 1, 3 is an order too."""
    kept = {option.key: text for option in options if (text := typed.get(option.key, "").strip())}
    numbers: dict[str, int] = {}
    fault: BrokenBallotRule | None = None
    for option in options:
        text = kept.get(option.key, "")
        if text and not (text.isascii() and text.isdigit() and len(text) <= _LONGEST):
            fault = fault or NumberUnreadable(option=option.label)
        elif text and int(text):
            if ballot_type is BallotType.ORDINAL and int(text) in numbers.values():
                fault = fault or PlaceTaken(option=option.label, place=int(text))
            numbers[option.key] = int(text)
    if ballot_type is BallotType.ORDINAL:
        return Wish(tuple(sorted(numbers, key=lambda key: numbers[key])), (), kept, fault)
    return Wish(tuple(numbers), tuple(numbers.values()), kept, fault)


def of_choices(choices: Sequence[str], points: Sequence[int], ballot_type: BallotType) -> Wish:
    """Choices that were read before: as the confirmation page sends them on, or as they were kept."""
    if ballot_type in POINTS_BALLOTS:
        typed = {key: str(number) for key, number in zip(choices, points, strict=False)}
        return Wish(tuple(choices), tuple(points), typed)
    typed = {key: str(place) for place, key in enumerate(choices, start=1)} if ballot_type is BallotType.ORDINAL else {}
    return Wish(tuple(choices), (), typed)


def write(wish: Wish) -> str:
    """As it is kept, sealed, until it is cast."""
    return json.dumps([list(wish.choices), list(wish.points)], ensure_ascii=False, separators=(",", ":"))


def read(text: str, ballot_type: BallotType) -> Wish:
    """What ``write`` wrote."""
    choices, points = json.loads(text)
    return of_choices(choices, points, ballot_type)


def longest(options: Sequence[FrozenOption]) -> int:
    """Bytes that no kept ballot of these options is longer than."""
    keys = [option.key for option in options]
    return len(write(Wish(tuple(keys), (10**_LONGEST - 1,) * len(keys))).encode())
