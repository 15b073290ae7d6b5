"""What is sealed: the choices, and the declared group in which they are counted and shown.

The text is a JSON object of ``ballot`` (as ``choices`` writes it), ``electorate`` and ``style``. Envelopes of polls
that were fixed before there were electorates hold the bare list of choices; it is still read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civicvote.domain.polls.ballots import choices
from civicvote.domain.polls.ballots.choices import UnreadableBallot
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS, BrokenBallotRule, check_choices
from civicvote.domain.tally.profile import Points
from civicvote.kernel.voting import BallotType

_PARTS = {"ballot", "electorate", "style"}


class OutsideDeclaredGroups(BrokenBallotRule):
    """The electorate or the style is none that the poll declared."""

    code = "ballot_outside_declared_groups"


class NotAsCast(BrokenBallotRule):
    """The points are none that casting gives to these choices."""

    code = "ballot_not_as_cast"


@dataclass(frozen=True, slots=True)
class SealedBallot:
    """``choices``: option key to points. ``style``: the district whose options the ballot offered, or empty."""

    choices: Mapping[str, Points]
    electorate: str = RESIDENTS
    style: str = ""


def fill(
    rules: FrozenRules, chosen: Sequence[str], points: Sequence[Points] = (), *, electorate: str, style: str
) -> SealedBallot:
    """The ballot, found to keep the poll's rules. ``chosen``: option keys, best first on an ordinal ballot; ``points``
    in the same order. Raises a ``tally.ballot_rules.BrokenBallotRule``."""
    if electorate not in rules.electorate_keys or style not in ("", *rules.styles):
        raise OutsideDeclaredGroups
    ballot = check_choices(rules.ballot_rule, rules.tally_options, chosen, points, district=style)
    return SealedBallot(ballot, electorate, style)


def require_keeps(rules: FrozenRules, ballot: SealedBallot) -> None:
    """Whether a ballot that comes out of an envelope could have gone in. Raises a ``BrokenBallotRule``."""
    chosen = list(ballot.choices)
    if rules.ballot_type is BallotType.ORDINAL:
        chosen.sort(key=lambda key: -ballot.choices[key])
    points = [ballot.choices[key] for key in chosen] if rules.ballot_type in POINTS_BALLOTS else []
    again = fill(rules, chosen, points, electorate=ballot.electorate, style=ballot.style)
    if again.choices != ballot.choices:
        raise NotAsCast


def write(ballot: SealedBallot, ballot_type: BallotType) -> str:
    """The text that is sealed."""
    electorate, style = (json.dumps(part, ensure_ascii=False) for part in (ballot.electorate, ballot.style))
    return f'{{"ballot":{choices.write(ballot.choices, ballot_type)},"electorate":{electorate},"style":{style}}}'


def read(text: str) -> SealedBallot:
    """What ``write`` wrote, or a bare list of choices. Raises ``UnreadableBallot``."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise UnreadableBallot from error
    if not isinstance(value, dict):
        return SealedBallot(choices.read(text))
    if set(value) != _PARTS or not isinstance(value["electorate"], str) or not isinstance(value["style"], str):
        raise UnreadableBallot
    return SealedBallot(choices.from_json(value["ballot"]), value["electorate"], value["style"])


def longest(rules: FrozenRules) -> int:
    """Bytes of a text that no ballot of this poll is longer than, whatever it chooses and whoever casts it."""
    most = max((_most_points(rules), _least_points(rules)), key=lambda points: len(str(points)))
    fullest = SealedBallot(
        dict.fromkeys((option.key for option in rules.options), most),
        max(rules.electorate_keys, key=_length),
        max(("", *rules.styles), key=_length),
    )
    return _length(write(fullest, rules.ballot_type))


def _most_points(rules: FrozenRules) -> int:
    """The most points that one option can have on a ballot."""
    if rules.ballot_type is BallotType.ORDINAL:
        return rules.max_choices or len(rules.options)
    limits = [limit for limit in (rules.ballot.max_points, rules.ballot.max_sum_points) if limit is not None]
    return min(limits, default=1)


def _least_points(rules: FrozenRules) -> int:
    return rules.ballot.min_points or 0


def _length(text: str) -> int:
    return len(text.encode())
