"""One run on one database system: a town of 100,000 proposals, the corpus in a town beside it and within it."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
import structlog
from flask import Flask, url_for

from benchmarks import databases
from benchmarks.scenario import SLUG, prepare
from benchmarks.search.evaluation import Answer, Query, answers, queries_of, write_corpus
from benchmarks.search.rivals import rivalled
from benchmarks.settings import Size, production_environment
from civicvote.app import create_app
from civicvote.cli.seed_texts import TOPICS
from civicvote.config import Settings
from civicvote.db import db, unit_of_work
from civicvote.domain.findable.matching import Scope
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.regions.kinds import RegionKind
from civicvote.domain.regions.models import Region
from civicvote.domain.search.queries import find
from civicvote.domain.threads.models import Comment
from civicvote.kernel import ids

SETS = ("held_out", "tuning")
SEARCH = "search"
CROWD = "search, words of the crowd"
PAGE = "page by primary key"
_WARM_UP = 20
_PEOPLE = 200
_COMMENTS = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """``repetitions``: how often each of the pages is fetched."""

    proposals: int
    repetitions: int


FULL = Plan(proposals=100_000, repetitions=600)


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each fetch, in order of size."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def at_95(self) -> float:
        return self.values[int(0.95 * (len(self.values) - 1))]


@dataclass(frozen=True, slots=True)
class Result:
    """``apart``: the corpus in a region of its own beside the crowd, by set; ``among``: within the crowd, where the
    crowd holds no text that answers as well. ``times`` of each kind of page, in turn."""

    system: str
    version: str
    apart: dict[str, list[Answer]]
    among: dict[str, list[Answer]]
    times: dict[str, Times]

    @property
    def fastest_page(self) -> str:
        """The page by primary key with the least p95, against which the search is measured."""
        return min((kind for kind in self.times if kind.startswith(PAGE)), key=lambda kind: self.times[kind].at_95)


def fill(environment: dict[str, str], plan: Plan) -> None:
    prepare(environment, Size("search", proposals=plan.proposals, comments=_COMMENTS, people=_PEOPLE), 1)


def measure(system: str, address: str, folder: Path, plan: Plan) -> Result:
    environment = production_environment(address, folder)
    fill(environment, plan)
    app = create_app(Settings.from_environment(environment))
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with app.app_context():
        with unit_of_work():
            crowd = db.session.scalars(sa.select(Region.id).where(Region.slug == SLUG)).one()
            town = Region(
                id=ids.new_id(), slug="corpus", name_ko="말뭉치읍", name_en="Corpus", kind=RegionKind.MUNICIPALITY
            )
            db.session.add(town)
            db.session.flush()
            town_id = town.id
            keys_apart = write_corpus(town_id)
            keys_among = write_corpus(crowd, numbered_from=1_000)
        databases.settle(address)
        apart = {name: answers(queries_of(name), _search(town_id), keys_apart) for name in SETS}
        among = {
            name: answers([each for each in queries_of(name) if not rivalled(each)], _search(crowd), keys_among)
            for name in SETS
        }
        db.session.rollback()
    return Result(system, databases.version_of(address), apart, among, time_pages(app, plan))


def _search(region_id: int) -> Callable[[str], Sequence[int]]:
    return lambda text: [one.entry.subject_id for one in find(text, Scope(region_id)).ranked]


def crowd_queries() -> list[Query]:
    """Words of the crowd's own titles: thousands of texts hold each, which is the hard case for time."""
    words = dict.fromkeys(word for topic in TOPICS for word in topic.title.split()[1:])
    return [Query(word, frozenset(), "crowd") for word in words]


def _neighbour(number: int) -> dict[str, str]:
    """A network of its own for each reader: one alone would be slowed down."""
    return {"REMOTE_ADDR": f"10.{number // 250 % 250}.{number % 250}.1"}


def time_pages(app: Flask, plan: Plan) -> dict[str, Times]:
    """Fetch the pages in turn, in this process, so that whatever slows the machine slows all of them."""
    client = app.test_client(use_cookies=False)
    with app.test_request_context():
        found = url_for("search.in_region", slug=SLUG)
        proposals = list(db.session.scalars(sa.select(Proposal.id).order_by(Proposal.id.desc()).limit(400)))[-200:]
        pages = [url_for("proposals.show", slug=SLUG, proposal_id=each) for each in proposals]
        comments = [
            url_for("threads.comment", slug=SLUG, thread_id=each.thread_id, comment_id=each.id)
            for each in db.session.scalars(sa.select(Comment).order_by(Comment.id).limit(100))
        ]
        region = url_for("regions.show", slug=SLUG)
        db.session.remove()
    typed = [each.text for name in SETS for each in queries_of(name)]
    kinds = {
        SEARCH: [f"{found}?{urlencode({'q': text})}" for text in typed],
        CROWD: [f"{found}?{urlencode({'q': each.text})}" for each in crowd_queries()],
        f"{PAGE}: a proposal": pages,
        f"{PAGE}: a comment": comments,
        f"{PAGE}: a region": [region],
    }
    measured: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(plan.repetitions + _WARM_UP):
        for kind, paths in kinds.items():
            path = paths[number % len(paths)]
            start = time.perf_counter()
            status = client.get(path, environ_base=_neighbour(number)).status_code
            spent = (time.perf_counter() - start) * 1000
            assert status == 200, (path, status)
            if number >= _WARM_UP:
                measured[kind].append(spent)
    return {kind: Times(tuple(sorted(values))) for kind, values in measured.items()}
