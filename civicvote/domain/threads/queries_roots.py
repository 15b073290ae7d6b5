"""The roots of a thread in the order that the reader chose, each with the ids of its first replies.

Each order walks an index of the roots, so a page costs the same at both ends of a thread of any length. Conditions that
an index is limited to (``depth = 0``) stand in the statements as they stand in the index: as parameters they would hide
from the planner that the index will do. ``thread`` names one: ``region_id`` and ``thread_id``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.threads.comment_paths import BEHIND_REPLIES
from civicvote.domain.threads.models import Comment
from civicvote.domain.threads.ordering import Place, Section, first_lot, read_place
from civicvote.domain.threads.queries_views import CommentView, Reader, as_read_by, comments_of, rows_for
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock
from civicvote.kernel.paging import read_cursor, write_cursor

ROOTS_A_PAGE = 20
FIRST_REPLIES = 3
_SHOWN_ABOVE = 3

#: Behind every id and every other key.
_LAST = 2**63 - 1
_ZERO: sa.ColumnElement[int] = sa.literal_column("0", sa.BigInteger())
_IS_ROOT = Comment.depth == _ZERO
_IS_RANKED = Comment.rank > _ZERO
_IS_NOT_RANKED = Comment.rank == _ZERO


def given(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.BigInteger())


_IN_THREAD = (Comment.region_id == given("region_id"), Comment.thread_id == given("thread_id"))

_Below = aliased(Comment)
_FIRST_BELOW = (
    sa.select(sa.cast(_Below.id, sa.String(20)).label("id"))
    .where(
        _Below.region_id == Comment.region_id,
        _Below.thread_id == Comment.thread_id,
        _Below.path > Comment.path,
        _Below.path < Comment.path + BEHIND_REPLIES,
    )
    .order_by(_Below.path)
    .limit(FIRST_REPLIES)
    .correlate(Comment)
    .subquery()
)
#: Their ids come with the root: an index range a root, and the replies themselves are then found by their keys,
#: whatever the planner knows or believes about how many comments there are.
_FIRST_REPLIES = sa.case(
    (
        Comment.reply_count > _ZERO,
        sa.select(sa.func.aggregate_strings(_FIRST_BELOW.c.id, " ")).scalar_subquery(),
    ),
    else_=None,
).label("first_replies")


@cache
def _roots_of(*, is_signed_in: bool) -> sa.Select[Any]:
    return comments_of(is_signed_in=is_signed_in).add_columns(_FIRST_REPLIES)


@dataclass(frozen=True, slots=True)
class Root:
    """``first_replies``: their ids."""

    view: CommentView
    section: Section
    key: int
    first_replies: tuple[int, ...]


Roots: TypeAlias = tuple[list[Root], str | None]
"""A page of roots, and the cursor of the next one."""


def newest(reader: Reader, thread: Mapping[str, int], cursor: str | None = None, *, above: int = 0) -> Roots:
    """``above``: only those with greater ids; the cursor leads on past it. One statement. Raises ``BadCursor``."""
    keys = read_cursor(cursor, 1) or (_LAST,)
    return _by_keys(reader, _newest, {**thread, "id": keys[0], "above": above})


def most_discussed(reader: Reader, thread: Mapping[str, int], cursor: str | None) -> Roots:
    """One statement. Raises ``BadCursor``."""
    keys = read_cursor(cursor, 2) or (_LAST, _LAST)
    return _by_keys(reader, _most_discussed, {**thread, "key": keys[0], "id": keys[1]})


def cursor_before(region_id: int, thread_id: int, root_id: int) -> str | None:
    """Where a page of the newest begins that shows the root with a few newer ones above it; None: the first page."""
    newer = sa.select(Comment.id).where(*_IN_THREAD, _IS_ROOT, Comment.id > given("id")).order_by(Comment.id)
    values = {"region_id": region_id, "thread_id": thread_id, "id": root_id}
    found = db.session.scalars(newer.limit(_SHOWN_ABOVE + 1), values).all()
    return write_cursor(found[-1]) if len(found) > _SHOWN_ABOVE else None


@cache
def _newest(*, is_signed_in: bool) -> sa.Select[Any]:
    return (
        _roots_of(is_signed_in=is_signed_in)
        .add_columns(sa.literal_column("0").label("key"))
        .where(*_IN_THREAD, _IS_ROOT, Comment.id < given("id"), Comment.id > given("above"))
        .order_by(Comment.id.desc())
        .limit(ROOTS_A_PAGE + 1)
    )


@cache
def _most_discussed(*, is_signed_in: bool) -> sa.Select[Any]:
    return (
        _roots_of(is_signed_in=is_signed_in)
        .add_columns(Comment.reply_count.label("key"))
        .where(*_IN_THREAD, _IS_ROOT, _behind(Comment.reply_count, "key", "id", descending=True))
        .order_by(Comment.reply_count.desc(), Comment.id.desc())
        .limit(ROOTS_A_PAGE + 1)
    )


def _by_keys(reader: Reader, statement: Any, values: dict[str, int]) -> Roots:
    rows = rows_for(reader, statement(is_signed_in=reader.actor is not None), values).all()
    roots = _roots(reader, values["region_id"], rows[:ROOTS_A_PAGE])
    if len(rows) <= ROOTS_A_PAGE:
        return roots, None
    last = roots[-1]
    return roots, write_cursor(last.key, last.view.id) if "key" in values else write_cursor(last.view.id)


def _roots(reader: Reader, region_id: int, rows: Sequence[Any]) -> list[Root]:
    moment = clock.now()
    return [
        Root(
            as_read_by(reader, region_id, row, row.display_name, moment),
            Section(getattr(row, "section", Section.RANKED)),
            row.key,
            tuple(map(int, (row.first_replies or "").split())),
        )
        for row in rows
    ]


def _behind(column: Any, key: str, comment_id: str, *, descending: bool = False) -> sa.ColumnElement[bool]:
    here, there = sa.tuple_(column, Comment.id), sa.tuple_(given(key), given(comment_id))
    return here < there if descending else here > there


def _arm(section: Section, key: Any, *conditions: Any, most: int, descending: bool = False) -> sa.Select[Any]:
    """Part of the order by helpfulness; ``first`` and ``second`` sort the parts' rows upwards."""
    keys = (key.desc(), Comment.id.desc()) if descending else (key, Comment.id)
    sign = -1 if descending else 1
    found = (
        sa.select(
            sa.literal_column(str(int(section))).label("section"),
            key.label("key"),
            Comment.id.label("id"),
            (key * sa.literal_column(str(sign))).label("first"),
            (Comment.id * sa.literal_column(str(sign))).label("second"),
        )
        .where(*_IN_THREAD, _IS_ROOT, *conditions)
        .order_by(*keys)
        .limit(most)
        .subquery()
    )
    return sa.select(found)


def _best_of(section: Section, stance: Stance) -> sa.Select[Any]:
    return _arm(section, Comment.rank, _IS_RANKED, Comment.stance == stance, most=1, descending=True)


@cache
def _by_helpfulness(*, is_signed_in: bool, is_first: bool) -> sa.Select[Any]:
    """The best of both sides (first page only), then the ranked, then the others from the day's first lot round."""
    most = ROOTS_A_PAGE + (3 if is_first else 1)  # the two that are marked as best come once more among the ranked
    arms = [
        _arm(
            Section.RANKED,
            Comment.rank,
            _IS_RANKED,
            _behind(Comment.rank, "rank", "ranked_id", descending=True),
            Comment.id.not_in([given("best_for"), given("best_against")]),
            most=most,
            descending=True,
        ),
        _arm(Section.TURN, Comment.lot, _IS_NOT_RANKED, _behind(Comment.lot, "turn", "turn_id"), most=most),
        _arm(
            Section.REST,
            Comment.lot,
            _IS_NOT_RANKED,
            Comment.lot < given("first_lot"),
            _behind(Comment.lot, "rest", "rest_id"),
            most=most,
        ),
    ]
    if is_first:
        arms += [_best_of(Section.BEST_FOR, Stance.FOR), _best_of(Section.BEST_AGAINST, Stance.AGAINST)]
    together = sa.union_all(*arms).subquery()
    order = ("section", "first", "second")
    picked = sa.select(together).order_by(*(together.c[name] for name in order)).limit(most).subquery()
    return (
        _roots_of(is_signed_in=is_signed_in)
        .add_columns(picked.c.section, picked.c.key)
        .join(picked, picked.c.id == Comment.id)
        .where(Comment.region_id == given("region_id"))
        .order_by(*(picked.c[name] for name in order))
    )


def most_helpful(reader: Reader, thread: Mapping[str, int], cursor: str | None) -> Roots:
    """The best of both sides, then the ranked, then the others in turn. One statement. Raises ``BadCursor``."""
    place = read_place(cursor)
    statement = _by_helpfulness(is_signed_in=reader.actor is not None, is_first=place is None)
    start = place.first_lot if place else first_lot(clock.today(), thread["thread_id"])
    rows = rows_for(reader, statement, {**thread, **_keys_behind(place, start)}).all()
    found = _roots(reader, thread["region_id"], rows)
    best = {each.section: each.view.id for each in found if _is_marked(each)}
    best_for = place.best_for if place else best.get(Section.BEST_FOR, 0)
    best_against = place.best_against if place else best.get(Section.BEST_AGAINST, 0)
    marked = {best_for, best_against}
    roots = [each for each in found if _is_marked(each) or (not _is_best(each) and each.view.id not in marked)]
    if len(roots) <= ROOTS_A_PAGE:
        return roots, None
    last = roots[ROOTS_A_PAGE - 1]
    behind = Place(last.section, last.key, last.view.id, best_for, best_against, start)
    return roots[:ROOTS_A_PAGE], behind.to_cursor()


def _is_best(root: Root) -> bool:
    return root.section in BEST


def _is_marked(root: Root) -> bool:
    """The most helpful of its side, if more people find it helpful than not."""
    return _is_best(root) and root.view.up_count > root.view.down_count


BEST = {Section.BEST_FOR: Stance.FOR, Section.BEST_AGAINST: Stance.AGAINST}


def _keys_behind(place: Place | None, start: int) -> dict[str, int]:
    """What each part of the order begins behind: those before the page's own part are over, later ones are whole."""
    over = (_LAST, _LAST)
    begins = {Section.RANKED: (_LAST, _LAST), Section.TURN: (start - 1, _LAST), Section.REST: (0, 0)}
    if place:
        ends = {Section.RANKED: (0, 0), Section.TURN: over, Section.REST: over}
        begins |= {section: ends[section] for section in begins if section < place.section}
        begins[place.section] = (place.key, place.comment_id)
    (rank, ranked_id), (turn, turn_id), (rest, rest_id) = begins.values()
    return {
        **{"rank": rank, "ranked_id": ranked_id, "turn": turn, "turn_id": turn_id, "rest": rest, "rest_id": rest_id},
        "first_lot": start,
        "best_for": place.best_for if place else 0,
        "best_against": place.best_against if place else 0,
    }
