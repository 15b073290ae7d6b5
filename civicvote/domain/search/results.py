"""What a page of results shows."""

from dataclasses import dataclass
from datetime import datetime

from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.search.snippets import Pieces


@dataclass(frozen=True, slots=True)
class Hit:
    """``host_id`` is the thread of a comment or the proposal of a voice, ``host_title`` that proposal's title."""

    kind: FindableKind
    region_slug: str
    region_name_ko: str
    region_name_en: str
    subject_id: int
    round_id: int | None
    host_id: int
    host_title: str
    title: Pieces
    snippet: Pieces
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, best first.

    ``counts`` of each kind that has any, whatever kind is shown; with ``is_capped`` there are more than ``count``.
    ``is_cut``: the list ended before everything was shown. ``is_widened``: few texts held the words, so similar ones
    were looked for."""

    hits: list[Hit]
    counts: dict[FindableKind, int]
    is_capped: bool
    is_cut: bool
    is_widened: bool
    next_cursor: str | None

    @property
    def count(self) -> int:
        return sum(self.counts.values())


NOTHING = Results([], {}, is_capped=False, is_cut=False, is_widened=False, next_cursor=None)
