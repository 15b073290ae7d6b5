"""The address of a list holds its whole state: what is filtered, how it is ordered, where the page begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from civicvote.domain.proposals.listing import LISTED_STATES, Period, ProposalFilter, ProposalSort
from civicvote.kernel.lots import PRIME
from civicvote.web.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civicvote.domain.proposals.states import ProposalState
    from civicvote.domain.regions.queries_districts import FilterCity

E = TypeVar("E", bound=StrEnum)


def _member(kind: type[E], text: str) -> E | None:
    return kind(text) if text in set(kind) else None


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter in words, and the arguments of the list without it."""

    words: str
    without: dict[str, Any]


class Listing:
    """What the address of a list asks for; what it does not understand, it leaves out."""

    #: Longer words are cut: nobody searches for them, and the address has an end.
    MOST_WORDS = 80

    def __init__(self, arguments: Mapping[str, str]) -> None:
        state = arguments.get("state", "")
        self.q = " ".join(arguments.get("q", "").split())[: self.MOST_WORDS]
        self.field_key = arguments.get("field", "")[:40]
        self.state: ProposalState | None = next((each for each in LISTED_STATES if each == state), None)
        self.city = arguments.get("city", "")[:10]
        self.dong = arguments.get("dong", "")[:10]
        self.has_point = arguments.get("point", "") == "1"
        self.period = _member(Period, arguments.get("period", ""))
        self.is_map = arguments.get("view", "") == "map"
        self.seed = _seed(arguments.get("seed", ""))
        self.sort = _member(ProposalSort, arguments.get("sort", "")) or self.usual_sort
        if self.sort is ProposalSort.BEST and not self.q:
            self.sort = self.usual_sort
        self.cursor = arguments.get("after")

    @property
    def usual_sort(self) -> ProposalSort:
        """What stands first when nobody chose: what fits the words best, else the newest."""
        return ProposalSort.BEST if self.q else ProposalSort.NEWEST

    def wanted(self, cities: "Sequence[FilterCity]") -> ProposalFilter:
        """The filter, in a region with these cities; one that it does not have is left out."""
        chosen = next((city for city in cities if city.code == self.city), None)
        if chosen is None:
            self.city = ""
        if self.dong[:5] not in (chosen.prefixes if chosen else ()):
            self.dong = ""
        return ProposalFilter(
            field_key=self.field_key,
            state=self.state,
            prefixes=chosen.prefixes if chosen else (),
            dong=self.dong,
            has_point=self.has_point,
            period=self.period,
        )

    @property
    def active_count(self) -> int:
        """How many filters are in use; words are no filter, they stand in the box above."""
        return sum(
            bool(value) for value in (self.field_key, self.state, self.city, self.dong, self.has_point, self.period)
        )

    def address(self, **changed: Any) -> dict[str, Any]:
        """The arguments of the same list with changes, from its beginning; empty ones stay out of the address."""
        current: dict[str, Any] = {
            "q": self.q,
            "field": self.field_key,
            "state": self.state.value if self.state else "",
            "city": self.city,
            "dong": self.dong,
            "point": "1" if self.has_point else "",
            "period": self.period.value if self.period else "",
            "sort": self.sort.value if self.sort is not self.usual_sort else "",
            "seed": str(self.seed) if self.sort is ProposalSort.RANDOM and self.seed else "",
            "view": "map" if self.is_map else "",
        }
        if changed.get("sort", self.sort.value) != ProposalSort.RANDOM:
            current["seed"] = ""
        return {name: value for name, value in {**current, **changed}.items() if value}

    def sorted_by(self, sort: ProposalSort) -> dict[str, Any]:
        """The arguments of the list in another order; the usual one needs no word."""
        return self.address(sort="" if sort is self.usual_sort else sort.value)

    def unfiltered(self) -> dict[str, Any]:
        """The arguments without any filter, words and order as they are."""
        return self.address(field="", state="", city="", dong="", point="", period="")

    def sorts(self) -> list[ProposalSort]:
        return [sort for sort in ProposalSort if self.q or sort is not ProposalSort.BEST]

    def chips(self, field_names: Mapping[str, str], district_names: Mapping[str, str], point: str) -> list[Chip]:
        """The filters in use, in the order of the form."""
        found = []
        if self.field_key:
            words = field_names.get(self.field_key, self.field_key)
            found.append(Chip(words, self.address(field="")))
        if self.state:
            found.append(Chip(label(self.state), self.address(state="")))
        if self.city:
            words = district_names.get(self.city, self.city)
            found.append(Chip(words, self.address(city="", dong="")))
        if self.dong:
            words = district_names.get(self.dong, self.dong)
            found.append(Chip(words, self.address(dong="")))
        if self.period:
            found.append(Chip(label(self.period), self.address(period="")))
        if self.has_point:
            found.append(Chip(point, self.address(point="")))
        return found


def _seed(text: str) -> int:
    """A seed of a shuffled order; 0 where the address has none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) < PRIME else 0
