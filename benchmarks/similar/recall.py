"""How often the earlier proposal is among the first five."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.similar.corpus import Pair
from civicvote.domain.proposals.queries_similar import similar_to_texts

FIRST = 5


@dataclass(frozen=True, slots=True)
class Recall:
    """``found`` of ``asked`` pairs among the first five, ``first`` of them on top; ``missed`` by name."""

    asked: int
    found: int
    first: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.found / self.asked if self.asked else 0.0


def recall_of(region_id: int, pairs: Sequence[Pair], stored: Mapping[str, int]) -> Recall:
    """Ask for each of the pairs. ``stored``: the earlier proposals' ids by the pairs' names."""
    places = {each.name: _place(region_id, each, stored[each.name]) for each in pairs}
    return Recall(
        asked=len(places),
        found=sum(place is not None for place in places.values()),
        first=sum(place == 0 for place in places.values()),
        missed=tuple(name for name, place in places.items() if place is None),
    )


def _place(region_id: int, pair: Pair, wanted: int) -> int | None:
    written = pair.written
    found = similar_to_texts(region_id, title=written.title, summary=written.summary, body=written.body, most=FIRST)
    return next((place for place, each in enumerate(found) if each.id == wanted), None)
