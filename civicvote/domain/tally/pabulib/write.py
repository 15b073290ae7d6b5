"""Writes a poll as a Pabulib ``.pb`` file (pabulib.org/format) that pabulib-checker accepts and :mod:`.read` reads.

Nothing of the voters is written but a number: no age, sex or way of voting. Ballots stand in an order that their
contents alone decide. Texts are one line: a line break within becomes a space.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import StringIO

from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS, BallotRule
from civicvote.domain.tally.pabulib.numbers import amount_text, is_blank
from civicvote.domain.tally.pabulib.projects import WITHDRAWN_COST
from civicvote.domain.tally.pabulib.sections import Section
from civicvote.domain.tally.profile import BallotGroup, Option, Points, Profile
from civicvote.kernel.errors import Invalid
from civicvote.kernel.voting import BallotType

UNKNOWN_RULE = "unknown"
"""What META says of a rule that Pabulib has no name for; ``comment`` then says it in words."""


class Unwritable(Invalid):
    """The format has no place for this: an id with a comma, points that no decimal fraction holds."""

    code = "pabulib_unwritable"


@dataclass(frozen=True, slots=True, kw_only=True)
class PabulibPoll:
    """What is written. Amounts in the currency's smallest unit, of which ``10 ** exponent`` make one unit of the file.

    ``country`` is the ISO name or "Worldwide", ``language`` an ISO 639-1 code. ``rule`` is one of Pabulib's names.
    ``order``: option ids as the count looked at them, in which the file lists the projects, so that whoever breaks ties
    by the order of the file breaks them as they were broken; options that it leaves out follow by id.
    """

    description: str
    country: str
    unit: str
    instance: str
    ballot_rule: BallotRule
    profile: Profile
    began_on: date
    ended_on: date
    rule: str = UNKNOWN_RULE
    subunit: str = ""
    language: str = ""
    currency: str = ""
    exponent: int = 0
    threshold: Points | None = None
    comment: str = ""
    order: tuple[str, ...] = ()
    selected: frozenset[str] = field(default_factory=frozenset)


def write_pabulib(poll: PabulibPoll) -> str:
    """The file's text. Raises :class:`Unwritable`."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    for title, rows in (
        (Section.META, _meta(poll)),
        (Section.PROJECTS, _projects(poll)),
        (Section.VOTES, _votes(poll)),
    ):
        writer.writerow([title])
        writer.writerows(rows)
    return out.getvalue()


def _meta(poll: PabulibPoll) -> Iterator[tuple[str, str]]:
    rule, profile = poll.ballot_rule, poll.profile
    costs = sum(option.cost for option in profile.options if not option.is_withdrawn)
    values: Mapping[str, str | int | None] = {
        "description": poll.description,
        "country": poll.country,
        "unit": poll.unit,
        "subunit": poll.subunit,
        "instance": poll.instance,
        "num_projects": len(profile.options),
        "num_votes": profile.voters,
        "budget": _amount(profile.budget, poll),
        "vote_type": rule.type.value,
        "rule": poll.rule,
        "date_begin": f"{poll.began_on:%d.%m.%Y}",
        "date_end": f"{poll.ended_on:%d.%m.%Y}",
        "min_length": rule.min_choices,
        "max_length": 1 if rule.type is BallotType.CHOOSE_1 else rule.max_choices,
        "min_sum_cost": None if rule.min_sum_cost is None else _amount(rule.min_sum_cost, poll),
        "max_sum_cost": None if rule.max_sum_cost is None else _amount(rule.max_sum_cost, poll),
        "min_points": _optional_points(rule.min_points),
        "max_points": _optional_points(rule.max_points),
        "min_sum_points": _optional_points(rule.min_sum_points),
        "max_sum_points": _optional_points(rule.max_sum_points),
        "min_project_score_threshold": _optional_points(poll.threshold),
        "language": poll.language,
        "currency": poll.currency,
        "fully_funded": 1 if costs <= profile.budget else None,
        "comment": f"#1: {poll.comment}" if poll.comment else None,
    }
    yield "key", "value"
    for key, value in values.items():
        if (text := _line("" if value is None else str(value))) != "":
            yield key, text


def _projects(poll: PabulibPoll) -> Iterator[list[str]]:
    profile = poll.profile
    place = {option_id: i for i, option_id in enumerate(poll.order)}
    options = sorted(profile.options, key=lambda option: (place.get(option.id, len(place)), option.id))
    # The checker takes whole scores only, and counts that of a ranking by the length of the ballot, which is not ours.
    has_score = poll.ballot_rule.type in POINTS_BALLOTS and all(int(s) == s for s in profile.scores.values())
    has_district = all(_line(option.district) for option in options)
    has_category = any(_category(option) for option in options)
    yield [
        "project_id",
        "cost",
        "votes",
        *(["score"] if has_score else []),
        "name",
        *(["category"] if has_category else []),
        "selected",
        *(["district"] if has_district else []),
    ]
    for option in options:
        yield [
            _id(option.id),
            str(WITHDRAWN_COST) if option.is_withdrawn else _amount(option.cost, poll),
            str(profile.supporters[option.id]),
            *([_points(profile.scores[option.id])] if has_score else []),
            _line(option.name) or option.id,
            *([_category(option)] if has_category else []),
            str(int(option.id in poll.selected)),
            *([_line(option.district)] if has_district else []),
        ]


def _votes(poll: PabulibPoll) -> Iterator[list[str]]:
    has_points = poll.ballot_rule.type in POINTS_BALLOTS
    yield ["voter_id", "vote", *(["points"] if has_points else [])]
    voter = 0
    for group in poll.profile.ballots:
        cells = list(_ballot(group, has_points=has_points))
        for _ in range(group.count):
            voter += 1
            yield [str(voter), *cells]


def _ballot(group: BallotGroup, *, has_points: bool) -> Iterator[str]:
    """Best first: by points, equal ones by id, which is the order of an approval ballot too."""
    choices = sorted(group.choices, key=lambda choice: (-choice[1], choice[0]))
    yield ",".join(option_id for option_id, _ in choices)
    if has_points:
        yield ",".join(_points(points) for _, points in choices)


def _id(option_id: str) -> str:
    if option_id != _line(option_id) or "," in option_id or is_blank(option_id) or option_id.upper() in set(Section):
        raise Unwritable(what=option_id)
    return option_id


def _category(option: Option) -> str:
    return _line(option.field.replace(",", " "))


def _line(text: str) -> str:
    return " ".join(text.split())


def _amount(units: int, poll: PabulibPoll) -> str:
    """Without decimals where all amounts are whole, as the real files have it."""
    return amount_text(units, poll.exponent) if _has_decimals(poll) else str(units // 10**poll.exponent)


def _has_decimals(poll: PabulibPoll) -> bool:
    limits = (poll.ballot_rule.min_sum_cost or 0, poll.ballot_rule.max_sum_cost or 0)
    costs = (option.cost for option in poll.profile.options if not option.is_withdrawn)
    return any(amount % 10**poll.exponent for amount in (poll.profile.budget, *limits, *costs))


def _optional_points(points: Points | None) -> str | None:
    return None if points is None else _points(points)


def _points(points: Points) -> str:
    """A plain number; what has more than nine digits behind the point no reader would take."""
    scaled = Fraction(points) * 10**9
    if scaled.denominator != 1:
        raise Unwritable(what=str(points))
    text = f"{Decimal(scaled.numerator).scaleb(-9):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
