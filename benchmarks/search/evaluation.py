"""Recall of the search on the corpus: which of the expected texts stand among the first ten."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import findable_row, write_findables
from civicvote.kernel import clock, ids

FOLDER = Path(__file__).parent
FIRST = 10


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    expected: frozenset[str]
    trait: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``found`` are the keys of the first ten, None for a text that is not the corpus's."""

    query: Query
    found: tuple[str | None, ...]

    @property
    def recall(self) -> float:
        return len(self.query.expected & set(self.found)) / len(self.query.expected)


def queries_of(name: str) -> list[Query]:
    """``held_out`` or ``tuning``."""
    return [Query(row["query"], frozenset(row["expected"].split()), row["trait"]) for row in _rows(f"{name}.csv")]


def corpus() -> list[dict[str, str]]:
    return list(_rows("corpus.csv"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="|")


def write_corpus(region_id: int, *, numbered_from: int = 0) -> dict[int, str]:
    """Make the corpus findable in a region, a day apart and all of them past; its keys by subject.

    ``numbered_from`` keeps the subjects of two copies apart."""
    keys, rows = {}, []
    texts = corpus()
    for place, row in enumerate(texts):
        moment = clock.now() - timedelta(days=len(texts) - place)
        subject_id = ids.id_of_moment(moment, numbered_from + place)
        keys[subject_id] = row["id"]
        rows.append(
            findable_row(
                region_id=region_id,
                kind=FindableKind(row["kind"]),
                subject_id=subject_id,
                title=row["title"],
                text=row["text"],
                occurred_at=moment,
            )
        )
    write_findables(rows=rows)
    return keys


def answers(queries: Sequence[Query], search: Callable[[str], Sequence[int]], keys: dict[int, str]) -> list[Answer]:
    """What ``search`` (subjects, best first) gives for each query."""
    return [Answer(query, tuple(keys.get(subject) for subject in search(query.text)[:FIRST])) for query in queries]


def mean_recall(given: Sequence[Answer]) -> float:
    return sum(answer.recall for answer in given) / len(given)
