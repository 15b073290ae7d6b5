"""The orders of a thread: every comment exactly once over all pages, whatever was rated, hidden and answered."""

import random
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.errors import DiscussionTakenAway
from civicvote.domain.proposals.queries_discussion import news_of
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.ordering import CommentOrder, first_lot
from civicvote.domain.threads.queries import comment_in_context
from civicvote.domain.threads.queries_pages import Branch, branches, branches_since
from civicvote.domain.threads.queries_roots import cursor_before
from civicvote.domain.threads.queries_views import Reader
from civicvote.domain.threads.rating import rank_of
from civicvote.domain.threads.services import open_thread, set_comment_visibility
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock
from civicvote.kernel.lots import PRIME
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region
from tests.factories.talk import make_many_comments
from tests.plans import plan_of


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def thread(region: Region) -> Thread:
    return open_thread(region_id=region.id, group_id=None)


def _roots(thread: Thread) -> list[Comment]:
    found = db.session.scalars(
        sa.select(Comment).where(Comment.thread_id == thread.id, Comment.depth == 0).order_by(Comment.id)
    )
    return list(found)


def _shake(thread: Thread, chance: random.Random) -> None:
    """Ratings, stances, replies, hidden and withdrawn ones by chance; equal ranks, lots and counts among them."""
    for root in _roots(thread):
        root.stance = chance.choice(list(Stance))
        root.lot = chance.choice([1, PRIME - 1, chance.randrange(1, PRIME), chance.randrange(1, 50)])
        root.reply_count = chance.choice([0, 0, 1, 7])
        if chance.random() < 0.5:
            root.up_count, root.down_count = chance.choice([(5, 0), (3, 2), (0, 5), (chance.randrange(40), 9)])
        root.visibility = chance.choices(list(Visibility), [8, 1, 1])[0]
        root.rank = rank_of(root.up_count, root.down_count, is_visible=root.visibility is Visibility.VISIBLE)
    db.session.flush()


def _pages(thread: Thread, order: CommentOrder, reader: Reader) -> Iterator[list[Branch]]:
    cursor = None
    while True:
        page = branches(reader, thread.region_id, thread.id, order=order, cursor=cursor)
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return


@pytest.mark.parametrize("order", list(CommentOrder))
@pytest.mark.parametrize("seed", range(6))
def test_every_root_is_on_exactly_one_page(thread: Thread, order: CommentOrder, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    author = make_person()
    make_many_comments(thread, author, roots=chance.choice([1, 19, 20, 21, 22, 23, 75]), replies_each=1)
    _shake(thread, chance)
    reader = Reader(actor_for(make_person())) if seed % 2 else Reader(None)
    pages = list(_pages(thread, order, reader))
    seen = [branch.root.id for page in pages for branch in page]
    assert sorted(seen) == [root.id for root in _roots(thread)]
    assert all(len(page) == 20 for page in pages[:-1])
    assert 0 < len(pages[-1]) <= 20


@pytest.mark.parametrize(
    ("order", "indexes"),
    [
        (CommentOrder.HELPFUL, {"ix_comments_ranked", "ix_comments_drawn", "ix_comments_best"}),
        (CommentOrder.NEWEST, {"ix_comments_roots"}),
        (CommentOrder.DISCUSSED, {"ix_comments_discussed"}),
    ],
)
def test_each_order_walks_its_index(thread: Thread, order: CommentOrder, indexes: set[str]) -> None:
    make_many_comments(thread, make_person(), roots=200, replies_each=0)
    _shake(thread, random.Random(2))  # noqa: S311
    db.session.connection().exec_driver_sql("ANALYZE")
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    first = branches(Reader(None), thread.region_id, thread.id, order=order)
    for cursor in (None, first.next_cursor):
        seen.clear()
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        branches(Reader(None), thread.region_id, thread.id, order=order, cursor=cursor)
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        plan = plan_of(*seen[0])
        wanted = indexes - ({"ix_comments_best"} if cursor else set())
        assert all(name in plan for name in wanted), plan
        assert _walks_of_paths(plan) == 1, plan


def _walks_of_paths(plan: str) -> int:
    """How often the index of paths is used, each time for the range below one root (what its first replies are)."""
    lines = plan.splitlines()
    uses = [" ".join(lines[number : number + 2]) for number, line in enumerate(lines) if "ix_comments_path" in line]
    assert all(re.search("path[^<>]*>.*path[^<>]*<", each) for each in uses), plan
    return len(uses)


def test_what_is_new_is_counted_by_the_two_indexes(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=200, replies_each=4)
    db.session.connection().exec_driver_sql("ANALYZE")
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    with suppress(DiscussionTakenAway):
        news_of(thread.region_id, thread.id, since=0)
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    plan = plan_of(*seen[0])
    assert "ix_comments_roots" in plan, plan
    assert "ix_comments_replies" in plan, plan
    assert "ix_comments_path" not in plan, plan


def test_no_statement_of_a_permalink_walks_the_thread(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=100, replies_each=4)
    db.session.connection().exec_driver_sql("ANALYZE")
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    reply = db.session.scalars(sa.select(Comment.id).where(Comment.depth == 1).order_by(Comment.id.desc())).first()
    assert reply
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    comment_in_context(Reader(None), thread.region_id, thread.id, reply)
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    for each in seen:
        plan = plan_of(*each)
        assert "(region_id=? AND thread_id=?)" not in plan, plan
        assert "Seq Scan on comments" not in plan, plan


def test_an_empty_thread_has_one_empty_page(thread: Thread) -> None:
    for order in CommentOrder:
        assert [list(page) for page in _pages(thread, order, Reader(None))] == [[]]


def _rate(root: Comment, up: int, down: int, stance: Stance = Stance.NEUTRAL) -> None:
    root.up_count, root.down_count, root.stance = up, down, stance
    root.rank = rank_of(up, down, is_visible=True)


def test_best_of_both_sides_then_the_ranked_then_those_whose_turn_it_is(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=9, replies_each=0)
    a, b, c, d, e, f, g, h, i = _roots(thread)
    _rate(a, 5, 0, Stance.FOR)
    _rate(b, 50, 0, Stance.NEUTRAL)
    _rate(c, 6, 1, Stance.AGAINST)
    _rate(d, 20, 0, Stance.FOR)
    _rate(e, 0, 9, Stance.AGAINST)
    _rate(f, 4, 0, Stance.FOR)
    start = first_lot(clock.today(), thread.id)
    for root, lot in ((f, start + 5), (g, start), (h, start - 1), (i, start - 2)):
        root.lot = lot
    db.session.flush()
    page = branches(Reader(None), thread.region_id, thread.id)
    assert [branch.root.id for branch in page.items] == [each.id for each in (d, c, b, a, e, g, f, i, h)]
    assert [branch.best for branch in page.items] == [Stance.FOR, Stance.AGAINST, *[None] * 7]


def test_what_most_find_unhelpful_is_nobodys_best(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=2, replies_each=0)
    for root in _roots(thread):
        _rate(root, 2, 4, Stance.FOR)
    db.session.flush()
    page = branches(Reader(None), thread.region_id, thread.id)
    assert [branch.best for branch in page.items] == [None, None]


def test_paging_goes_on_as_it_began_over_midnight_and_while_people_rate(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=60, replies_each=0)
    _shake(thread, random.Random(1))  # noqa: S311
    first = branches(Reader(None), thread.region_id, thread.id)
    better = next(root for root in _roots(thread) if root.id in {each.root.id for each in first.items})
    _rate(better, 500, 0, Stance.FOR)
    db.session.flush()
    seen = [branch.root.id for branch in first.items]
    cursor = first.next_cursor
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        while cursor:
            page = branches(Reader(None), thread.region_id, thread.id, cursor=cursor)
            seen += [branch.root.id for branch in page.items]
            cursor = page.next_cursor
    assert sorted(seen) == [root.id for root in _roots(thread)]


def test_the_order_of_the_unrated_changes_with_the_day_and_not_with_the_reader(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=40, replies_each=0)
    at = clock.now()

    def order_on(day: int, reader: Reader) -> list[int]:
        with clock.frozen_at(at + timedelta(days=day)):
            return [branch.root.id for page in _pages(thread, CommentOrder.HELPFUL, reader) for branch in page]

    today = order_on(0, Reader(None))
    assert order_on(0, Reader(actor_for(make_person()))) == today
    assert len({tuple(order_on(day, Reader(None))) for day in range(10)}) > 5


def test_a_hidden_comment_loses_its_rank_and_gets_it_back(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=1, replies_each=0)
    root = _roots(thread)[0]
    _rate(root, 9, 0, Stance.FOR)
    rank = root.rank
    for visibility, expected in ((Visibility.HIDDEN, 0), (Visibility.VISIBLE, rank)):
        set_comment_visibility(region_id=thread.region_id, comment_id=root.id, visibility=visibility)
        assert root.rank == expected


def test_the_page_around_a_comment_shows_it_with_newer_ones_above(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=70, replies_each=0)
    roots = _roots(thread)
    for position in (0, 33, 65, 66, 69):
        cursor = cursor_before(thread.region_id, thread.id, roots[position].id)
        page = branches(Reader(None), thread.region_id, thread.id, order=CommentOrder.NEWEST, cursor=cursor)
        place = [branch.root.id for branch in page.items].index(roots[position].id)
        assert place == min(3, 69 - position)


def test_only_what_came_since_is_brought(thread: Thread) -> None:
    make_many_comments(thread, make_person(), roots=30, replies_each=0)
    roots = _roots(thread)
    page = branches_since(Reader(None), thread.region_id, thread.id, since=roots[26].id)
    assert [branch.root.id for branch in page.items] == [root.id for root in reversed(roots[27:])]
    assert page.next_cursor is None
    longer = branches_since(Reader(None), thread.region_id, thread.id, since=roots[2].id)
    assert len(longer.items) == 20
    rest = branches(Reader(None), thread.region_id, thread.id, order=CommentOrder.NEWEST, cursor=longer.next_cursor)
    assert [branch.root.id for branch in rest.items] == [root.id for root in reversed(roots[:10])]
