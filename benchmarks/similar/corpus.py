"""The pairs and the other proposals, and how they get into a database."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services_similar import mark_proposals
from civicvote.domain.threads.models import Thread
from civicvote.kernel import clock, ids

_FOLDER = Path(__file__).parent
_AT_ONCE = 1_000
HELD_OUT, TUNING = "held_out", "tuning"


@dataclass(frozen=True, slots=True)
class Texts:
    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Pair:
    """``languages``: of what is written and of what stands there, ``ko-ko``, ``en-en`` or ``en-ko``."""

    name: str
    part: str
    languages: str
    written: Texts
    earlier: Texts


def read_pairs() -> list[Pair]:
    return [
        Pair(
            name=row["pair"],
            part=row["part"],
            languages=row["languages"],
            written=Texts(row["written_title"], row["written_summary"], row["written_body"]),
            earlier=Texts(row["earlier_title"], row["earlier_summary"], row["earlier_body"]),
        )
        for row in _rows("pairs.csv")
    ]


def read_distractors() -> list[Texts]:
    return [Texts(row["title"], row["summary"], row["body"]) for row in _rows("distractors.csv")]


def many_texts(count: int) -> list[Texts]:
    """As many texts as a large city has: titles, sentences and bodies of the distractors, put together anew."""
    others = read_distractors()
    steps = product(range(len(others)), range(len(others)))
    return [
        Texts(
            others[first].title,
            others[(first + 7 * second) % len(others)].summary,
            others[(first + 13 * second) % len(others)].body,
        )
        for (second, first), _ in zip(steps, range(count), strict=False)
    ]


def store(region_id: int, round_id: int, author_id: int, texts: Sequence[Texts]) -> list[int]:
    """Put proposals into the tables, marks too; their ids in order. The caller commits."""
    stored: list[int] = []
    for start in range(0, len(texts), _AT_ONCE):
        rows = [_row(region_id, round_id, author_id, each) for each in texts[start : start + _AT_ONCE]]
        threads = [
            {"region_id": region_id, "id": row["thread_id"], "group_id": round_id, "created_at": row["submitted_at"]}
            for row in rows
        ]
        db.session.execute(sa.insert(Thread), threads)
        db.session.execute(sa.insert(Proposal), rows)
        stored += [int(row["id"]) for row in rows]  # type: ignore[call-overload]
        mark_proposals(proposals=[Proposal(**row) for row in rows])
    return stored


def _row(region_id: int, round_id: int, author_id: int, texts: Texts) -> dict[str, object]:
    return {
        "region_id": region_id,
        "id": ids.new_id(),
        "round_id": round_id,
        "author_id": author_id,
        "thread_id": ids.new_id(),
        "title": texts.title,
        "summary": texts.summary,
        "body": texts.body,
        "body_html": f"<p>{texts.body}</p>",
        "field_key": "safety",
        "submitted_at": clock.now(),
    }


def _rows(name: str) -> Iterable[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
