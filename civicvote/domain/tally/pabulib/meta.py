"""The META section: what it must say, and what it may."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from civicvote.domain.tally.pabulib.numbers import is_blank, plain_decimal, plain_points
from civicvote.domain.tally.pabulib.problems import PabulibError, Problem, ProblemCode
from civicvote.domain.tally.pabulib.sections import Section, Sections
from civicvote.domain.tally.profile import Points
from civicvote.kernel.voting import BallotType

# Counting needs no more than these; the format's other required fields are missed, not mourned.
_REQUIRED = ("budget", "vote_type")
_EXPECTED = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "rule",
    "date_begin",
    "date_end",
)

_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


_T = TypeVar("_T")


@dataclass(slots=True)
class Meta:
    """Values as written, by key in lower case, blank ones left out; ``warnings`` grow by reading."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def ballot_type(self) -> BallotType:
        return BallotType(self.values["vote_type"].lower())

    @property
    def budget(self) -> Decimal:
        budget = _amount(self.values["budget"])
        assert budget is not None  # read_meta has seen to it
        return budget

    def currency(self) -> str | None:
        """The ISO 4217 code, None where there is none."""
        return self._read("currency", _currency)

    def amount(self, key: str) -> Decimal | None:
        """An amount of money of 0 or more in main units, None where the file sets none."""
        return self._read(key, _amount)

    def points(self, key: str) -> Points | None:
        return self._read(key, plain_points)

    def whole(self, key: str) -> int | None:
        """A whole number of 0 or more, None where the file sets none."""
        return self._read(key, _whole)

    def day(self, key: str, *, month_of_year: int, day_of_year: int) -> date | None:
        """``dd.mm.yyyy``, or ``yyyy`` with the given month and day."""
        return self._read(key, lambda text: _day(text, month_of_year, day_of_year))

    def _read(self, key: str, reader: Callable[[str], _T]) -> _T | None:
        if key not in self.values:
            return None
        value = reader(self.values[key])
        if value is None:
            params = {"key": key, "value": self.values[key]}
            self.warnings.append(Problem(self.lines[key], ProblemCode.META_UNREADABLE, params))
        return value

    def check_count(self, key: str, found: int) -> None:
        stated = self.whole(key)
        if stated is not None and stated != found:
            params = {"key": key, "stated": stated, "found": found}
            self.warnings.append(Problem(self.lines[key], ProblemCode.COUNT_DISAGREES, params))


def read_meta(sections: Sections) -> Meta:
    """Raises :class:`PabulibError` with every fault of the fields without which nothing can be counted."""
    meta = Meta(line=sections.open(Section.META, required=("key", "value")).line)
    for row in sections.body():
        key = row.cells[0].lower()
        # A text with a semicolon that nobody quoted is still one text.
        value = "; ".join(row.cells[1:]).rstrip("; ")
        if not key:
            continue
        if is_blank(value):
            meta.lines.setdefault(key, row.line)
            continue
        if key in meta.values:
            meta.warnings.append(Problem(row.line, ProblemCode.META_REPEATED, {"key": key}))
            continue
        meta.values[key] = value
        meta.lines[key] = row.line
    for key in _EXPECTED:
        if key not in meta.values:
            line = meta.lines.get(key, meta.line)
            meta.warnings.append(Problem(line, ProblemCode.META_MISSING, {"key": key}))
    if faults := _faults(meta):
        raise PabulibError(faults)
    return meta


def _faults(meta: Meta) -> list[Problem]:
    faults = [
        Problem(meta.lines.get(key, meta.line), ProblemCode.META_REQUIRED, {"key": key})
        for key in _REQUIRED
        if key not in meta.values
    ]
    if (written := meta.values.get("budget")) is not None and _amount(written) is None:
        faults.append(Problem(meta.lines["budget"], ProblemCode.BUDGET_UNREADABLE, {"value": written}))
    if (written := meta.values.get("vote_type")) is not None and written.lower() not in set(BallotType):
        faults.append(Problem(meta.lines["vote_type"], ProblemCode.VOTE_TYPE_UNKNOWN, {"value": written}))
    return faults


def _amount(text: str) -> Decimal | None:
    amount = plain_decimal(text)
    return amount if amount is not None and amount >= 0 else None


def _whole(text: str) -> int | None:
    number = plain_points(text)
    return number if isinstance(number, int) and number >= 0 else None


def _currency(text: str) -> str | None:
    return text.upper() if _CURRENCY.fullmatch(text.upper()) else None


def _day(text: str, month_of_year: int, day_of_year: int) -> date | None:
    try:
        if match := _DAY.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if _YEAR.fullmatch(text):
            return date(int(text), month_of_year, day_of_year)
    except ValueError:  # the 31st of February, the year 0
        pass
    return None
