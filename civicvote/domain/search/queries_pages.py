"""Pages of results, for readers."""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.matching import Scope
from civicvote.domain.findable.queries import Entry, titles_of_hosts
from civicvote.domain.regions.models import Region
from civicvote.domain.search.queries import Found, Ranked, find
from civicvote.domain.search.results import NOTHING, Hit, Results
from civicvote.domain.search.snippets import Marker
from civicvote.domain.search.words import Word
from civicvote.kernel.paging import read_cursor, write_cursor

PAGE_SIZE = 10


def search_everything(
    region_id: int | None, text: str, kind: FindableKind | None = None, cursor: str | None = None
) -> Results:
    """A page of what answers ``text`` in a region (None: everywhere), of one kind or all. Five
    statements where enough is found, at most 15 else.

    Raises ``BadCursor``."""
    last = read_cursor(cursor, 2)
    everything = find(text, Scope(region_id))
    if not everything.words:
        return NOTHING
    shown = everything if kind is None else _of_kind(everything, text, Scope(region_id, kind=kind), kind)
    after = [one for one in shown.ranked if last is None or _key(one) < last]
    page = after[:PAGE_SIZE]
    more = len(after) > PAGE_SIZE
    return Results(
        hits=_hits(page, everything.words),
        counts=dict(Counter(everything.kinds.values())),
        is_capped=everything.is_capped,
        is_cut=not more and (shown.is_capped or len(shown.kinds) > len(shown.ranked)),
        is_widened=shown.is_widened,
        next_cursor=write_cursor(*_key(page[-1])) if more else None,
    )


def _key(one: Ranked) -> tuple[int, int]:
    """A total order that does not hang on how many stand before: the next page continues behind it."""
    return one.rank.score, one.entry.subject_id


def _of_kind(everything: Found, text: str, scope: Scope, kind: FindableKind) -> Found:
    """Those of a kind: all of them are here already, unless not everything was read."""
    if everything.is_capped or len(everything.kinds) > len(everything.ranked):
        return find(text, scope)
    ranked = [one for one in everything.ranked if one.entry.kind is kind]
    kinds = {one.entry.subject_id: kind for one in ranked}
    return Found(everything.words, ranked, kinds, is_capped=False, is_widened=everything.is_widened)


def _hits(page: Sequence[Ranked], words: Sequence[Word]) -> list[Hit]:
    entries = [one.entry for one in page]
    regions = _regions({entry.region_id for entry in entries})
    hosts = titles_of_hosts(regions, {entry.host_id for entry in entries if entry.host_id})
    marker = Marker(words)
    return [_hit(entry, marker, hosts, regions[entry.region_id]) for entry in entries]


def _regions(region_ids: set[int]) -> dict[int, Region]:
    found = db.session.scalars(sa.select(Region).where(Region.id.in_(region_ids)).order_by(Region.id))
    return {region.id: region for region in found}


def _hit(entry: Entry, marker: Marker, hosts: dict[int, str], region: Region) -> Hit:
    return Hit(
        kind=entry.kind,
        region_slug=region.slug,
        region_name_ko=region.name_ko,
        region_name_en=region.name_en,
        subject_id=entry.subject_id,
        round_id=entry.round_id,
        host_id=entry.host_id,
        host_title=hosts.get(entry.host_id, ""),
        title=marker.whole(entry.title),
        snippet=marker.snippet(entry.text),
        occurred_at=entry.occurred_at,
    )
