"""A database with threads of several lengths and one shape: three roots, four replies, again and again, a third of the
roots rated often enough to be ranked. A page of each holds as much to render, and only the length differs."""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import sqlalchemy as sa
import structlog
from flask import Flask, url_for
from flask_migrate import upgrade

from benchmarks.databases import fresh_database, settle, version_of
from benchmarks.scenario import session_of
from benchmarks.settings import production_environment
from civicvote.app import create_app
from civicvote.cli.seed import seed_command
from civicvote.cli.seed_texts import comment_text
from civicvote.config import Settings
from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import Residency
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.comment_paths import position
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.rating import rank_of
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock, ids
from civicvote.kernel.lots import draw_lot

_SLUG = "saebit"
_WRITERS = 40
_CHUNK = 2_000
_MIGRATIONS = Path(__file__).parents[1] / "migrations"
#: Replies below each root, in turn.
_SHAPE = (0, 1, 3)


def _fill(thread: Thread, people: Sequence[int], size: int) -> None:
    """``size`` comments (one or two more where the shape demands it), and the thread's counters."""
    source = random.Random(size)  # noqa: S311
    rows: list[dict[str, object]] = []
    made = roots = 0
    while made < size:
        below = _SHAPE[roots % len(_SHAPE)]
        is_ranked = roots % 3 == 1
        up, down = (source.randrange(5, 60), source.randrange(0, 20)) if is_ranked else (source.randrange(3), 0)
        root = _row(source, thread, people, "", reply_count=below, up=up, down=down)
        rows.append(root)
        rows += [_row(source, thread, people, str(root["path"])) for _reply in range(below)]
        made, roots = made + 1 + below, roots + 1
        if len(rows) >= _CHUNK:
            db.session.execute(sa.insert(Comment), rows)
            rows = []
    if rows:
        db.session.execute(sa.insert(Comment), rows)
    thread.comment_count = made


def _row(
    source: random.Random,
    thread: Thread,
    people: Sequence[int],
    above: str,
    *,
    reply_count: int = 0,
    up: int = 0,
    down: int = 0,
) -> dict[str, object]:
    comment_id, text = ids.new_id(), comment_text(source)
    place = position(comment_id, above)
    return {
        "region_id": thread.region_id,
        "id": comment_id,
        "thread_id": thread.id,
        "parent_id": place.parent_id,
        "depth": place.depth,
        "path": place.path,
        "author_id": source.choice(people),
        "stance": source.choice(list(Stance)),
        "body": text.body,
        "body_html": text.body_html,
        "reply_count": reply_count,
        "up_count": up,
        "down_count": down,
        "rank": rank_of(up, down, is_visible=True),
        "lot": draw_lot(),
        "created_at": clock.now(),
    }


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread of the benchmark: its page, its address, the key of a root in its middle."""

    page: str
    address: str
    middle: str


@contextmanager
def site(system: str, sizes: Sequence[int]) -> Iterator[tuple[Flask, dict[int, Talk], list[str], str]]:
    """The application on a filled database: threads by size, cookies of people who write, the database's version."""
    with (
        tempfile.TemporaryDirectory(prefix="civicvote-threads-") as folder,
        fresh_database(system, Path(folder), "threads") as address,
    ):
        environment = production_environment(address, Path(folder))
        app = create_app(Settings.from_environment(environment))
        seeding = create_app(Settings.from_environment(environment | {"CIVICVOTE_ENVIRONMENT": "development"}))
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        with seeding.app_context():
            upgrade(directory=str(_MIGRATIONS))
            words = [f"--proposals={len(sizes)}", "--comments=0", "--people=60", f"--region={_SLUG}"]
            with redirect_stdout(StringIO()):
                seed_command.main(words, standalone_mode=False)
            with unit_of_work():
                talks, cookies = _talks(app, sizes)
            settle(address)
            version = version_of(address)
        try:
            yield app, talks, cookies, version
        finally:
            for each in (app, seeding):
                with each.app_context():
                    db.session.remove()
                    db.engine.dispose()


def _talks(app: Flask, sizes: Sequence[int]) -> tuple[dict[int, Talk], list[str]]:
    region = db.session.scalars(sa.select(Region).where(Region.slug == _SLUG)).one()
    people = list(db.session.scalars(sa.select(Residency.person_id).order_by(Residency.person_id)))
    proposals = db.session.scalars(
        sa.select(Proposal).where(Proposal.region_id == region.id).order_by(Proposal.id).limit(len(sizes))
    ).all()
    talks = {}
    for size, proposal in zip(sizes, proposals, strict=True):
        db.session.execute(sa.delete(Comment).where(Comment.thread_id == proposal.thread_id))
        _fill(db.session.get_one(Thread, (region.id, proposal.thread_id)), people, size)
        roots = db.session.scalars(
            sa.select(Comment.id)
            .where(Comment.thread_id == proposal.thread_id, Comment.depth == 0)
            .order_by(Comment.id)
        ).all()
        with app.test_request_context():
            talks[size] = Talk(
                page=url_for("proposals.show", slug=_SLUG, proposal_id=proposal.id),
                address=url_for("threads.show", slug=_SLUG, thread_id=proposal.thread_id),
                middle=ids.encode(roots[len(roots) // 2]),
            )
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookies = [serializer.dumps({"_user_id": session_of(each), "_fresh": True}) for each in people[:_WRITERS]]
    return talks, cookies
