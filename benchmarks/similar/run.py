"""One run on one database system."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import structlog
from flask import Flask, url_for
from flask.testing import FlaskClient

from benchmarks import databases
from benchmarks.scenario import SLUG, prepare
from benchmarks.settings import Size, production_environment
from benchmarks.similar.corpus import HELD_OUT, TUNING, Pair, Texts, many_texts, read_distractors, read_pairs, store
from benchmarks.similar.cost import Cost, cost_of
from benchmarks.similar.recall import Recall, recall_of
from benchmarks.similar.report import Result
from civicvote.app import create_app
from civicvote.config import Settings
from civicvote.db import db, unit_of_work
from civicvote.domain.proposals.models import Proposal

_PLACE = Size("similar", proposals=21, comments=50, people=40)
_LANGUAGES = ("ko-ko", "en-en", "en-ko")


@dataclass(frozen=True, slots=True)
class Plan:
    proposals: int
    repetitions: int


FULL = Plan(proposals=10_000, repetitions=200)


def measure(system: str, address: str, folder: Path, plan: Plan) -> Result:
    """Recall with the small corpus and with the large one; cost with the large one."""
    environment = production_environment(address, folder)
    scenario = prepare(environment, _PLACE, 1)
    app = create_app(Settings.from_environment(environment))
    app.config["WTF_CSRF_ENABLED"] = False
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    pairs = read_pairs()
    corpus = [each.earlier for each in pairs] + read_distractors()
    with app.app_context():
        stored = _store(scenario.round_id, corpus)
        names = dict(zip((each.name for each in pairs), stored, strict=False))
        small = _recalls(pairs, names)
        databases.settle(address)  # or PostgreSQL checks each mark's proposal as in a table of twenty
        _store(scenario.round_id, many_texts(plan.proposals - len(corpus)))
        databases.settle(address)
        large = _recalls(pairs, names)
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={scenario.cookies[0]}"
    return Result(
        system=system,
        version=databases.version_of(address),
        small=small,
        large=large,
        corpus=len(corpus),
        cost=_cost(app, scenario.round_id, cookie, pairs=pairs, stored=stored, repetitions=plan.repetitions),
    )


def _region_of(round_id: int) -> tuple[int, int]:
    row = db.session.query(Proposal.region_id, Proposal.author_id).filter(Proposal.round_id == round_id).first()
    assert row
    return int(row[0]), int(row[1])


def _store(round_id: int, texts: list[Texts]) -> list[int]:
    with unit_of_work():
        region_id, author_id = _region_of(round_id)
        return store(region_id, round_id, author_id, texts)


def _recalls(pairs: list[Pair], names: dict[str, int]) -> dict[tuple[str, str], Recall]:
    region_id, _ = db.session.query(Proposal.region_id, Proposal.id).filter(Proposal.id == names["p01"]).one()
    found = {
        (part, languages): recall_of(
            region_id, [each for each in pairs if (each.part, each.languages) == (part, languages)], names
        )
        for part in (HELD_OUT, TUNING)
        for languages in _LANGUAGES
    }
    db.session.rollback()
    return found


def _cost(app: Flask, round_id: int, cookie: str, *, pairs: list[Pair], stored: list[int], repetitions: int) -> Cost:
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": cookie, "HX-Request": "true"}
    with app.test_request_context():
        asked = url_for("proposals.similar_to_typed", slug=SLUG, round_id=round_id)
        pages = [url_for("proposals.show", slug=SLUG, proposal_id=each) for each in stored[:50]]
    bodies = [
        urlencode({"title": each.written.title, "summary": each.written.summary, "body": each.written.body})
        for each in pairs
    ]
    return cost_of(
        [_post(client, asked, body, headers) for body in bodies],
        [_get(client, page, {"Cookie": cookie}) for page in pages],
        repetitions,
    )


def _post(client: FlaskClient, path: str, body: str, headers: dict[str, str]) -> Callable[[], None]:
    def act() -> None:
        answer = client.post(path, data=body, content_type="application/x-www-form-urlencoded", headers=headers)
        assert answer.status_code in {200, 204}, answer.status_code

    return act


def _get(client: FlaskClient, path: str, headers: dict[str, str]) -> Callable[[], None]:
    def act() -> None:
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, answer.status_code

    return act
