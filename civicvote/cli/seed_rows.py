"""Invented people, proposals, endorsements and comments in bulk, with the counters that go with them."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from civicvote.cli.seed_texts import comment_text, nickname, proposal_text
from civicvote.db import Base, db
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.findable.services import write_findables
from civicvote.domain.proposals.models import Endorsement, Proposal
from civicvote.domain.proposals.services_finding import findable_proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.threads.comment_paths import MAX_DEPTH, position
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.services_finding import findable_comment
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import ids
from civicvote.kernel.visibility import Visibility

_CHUNK = 2_000
_MOST_ENDORSEMENTS = 300
_ROOT_SHARE = 0.45
_REMEMBERED = 40  # people answer what was said lately, so new comments have replies, too

Row = dict[str, Any]
Progress = Callable[[int], None]


class Moments:
    """Moments and identifiers in step, from ``start`` towards ``end``, the same for the same source and clock."""

    def __init__(self, source: random.Random, start: datetime, end: datetime, count: int) -> None:
        self._source = source
        self._moment = start
        self._step = max(end - start, timedelta()) / (count + 1)
        self._last = 0

    def next(self) -> tuple[int, datetime]:
        """The next identifier, larger than the one before, and its moment."""
        self._moment += self._step
        return self.another_id(), self._moment

    def another_id(self) -> int:
        """A further identifier of the same moment."""
        self._last = max(self._last + 1, ids.id_of_moment(self._moment, self._source.getrandbits(22)))
        return self._last


@dataclass(frozen=True, slots=True)
class Discussion:
    """A proposal's thread that can be filled with comments."""

    proposal_id: int
    thread_id: int
    since: datetime


def add_people(
    source: random.Random, *, region_id: int, clerk_id: int, count: int, now: datetime, progress: Progress
) -> list[int]:
    """``count`` residents without a usable password, whose residency the clerk confirmed; their ids."""
    moments = Moments(source, now - timedelta(days=90), now, count)
    made = []
    for size in _chunks(count):
        people, residencies = [], []
        for _ in range(size):
            person_id, moment = moments.next()
            made.append(person_id)
            people.append(person_row(person_id, nickname(source, len(made)), moment))
            residencies.append(
                {
                    "region_id": region_id,
                    "person_id": person_id,
                    "residency_class": ResidencyClass.ADDRESS,
                    "assurance": Assurance.IN_PERSON,
                    "confirmed_by_id": clerk_id,
                    "confirmed_at": moment,
                    "valid_until_on": None,
                    "evidence": "",
                }
            )
        _insert(Person, people)
        _insert(Residency, residencies)
        progress(size)
    return made


def person_row(person_id: int, name: str, moment: datetime) -> Row:
    """A person who can't sign in: no password hashes to ``!``, and ``.invalid`` receives no mail (RFC 2606)."""
    return {
        "id": person_id,
        "email": f"{ids.encode(person_id)}@seed.invalid",
        "display_name": name,
        "password_hash": "!",
        "locale": "ko",
        "created_at": moment,
    }


def add_proposals(
    source: random.Random,
    *,
    region_id: int,
    round_id: int,
    field_keys: Sequence[str],
    people: Sequence[int],
    count: int,
    start: datetime,
    end: datetime,
    kept: int,
    progress: Progress,
) -> list[Discussion]:
    """``count`` proposals with threads and endorsements, oldest first; the discussions of the first ``kept``."""
    moments = Moments(source, start, end, count)
    discussions: list[Discussion] = []
    for size in _chunks(count):
        threads, proposals, endorsements = [], [], []
        for _ in range(size):
            proposal_id, moment = moments.next()
            thread_id = moments.another_id()
            endorsers = _endorsers(source, people)
            text = proposal_text(source)
            threads.append(_thread_row(region_id, thread_id, round_id, moment))
            proposals.append(
                {
                    "region_id": region_id,
                    "id": proposal_id,
                    "round_id": round_id,
                    "author_id": source.choice(people),
                    "thread_id": thread_id,
                    "title": text.title,
                    "summary": text.summary,
                    "body": text.body,
                    "body_html": text.body_html,
                    "field_key": text.field_key if text.field_key in field_keys else source.choice(field_keys),
                    "place": text.place,
                    "state": ProposalState.SUBMITTED,
                    "visibility": Visibility.VISIBLE,
                    "endorsement_count": len(endorsers),
                    "version": 1,
                    "submitted_at": moment,
                    "edited_at": None,
                }
            )
            endorsements += [
                {"region_id": region_id, "proposal_id": proposal_id, "person_id": person_id, "created_at": moment}
                for person_id in endorsers
            ]
            if len(discussions) < kept:
                discussions.append(Discussion(proposal_id, thread_id, moment))
        _insert(Thread, threads)
        _insert(Proposal, proposals)
        _let_find(findable_proposal(Proposal(**row)) for row in proposals)
        _insert(Endorsement, endorsements)
        progress(size)
    return discussions


def _endorsers(source: random.Random, people: Sequence[int]) -> list[int]:
    """A few for most proposals, many for a few."""
    wanted = int(source.paretovariate(1.2)) - 1
    return source.sample(people, min(wanted, len(people), _MOST_ENDORSEMENTS))


def _thread_row(region_id: int, thread_id: int, group_id: int, moment: datetime) -> Row:
    return {
        "region_id": region_id,
        "id": thread_id,
        "group_id": group_id,
        "comment_count": 0,
        "for_count": 0,
        "against_count": 0,
        "created_at": moment,
    }


def add_comments(
    source: random.Random,
    *,
    region_id: int,
    discussion: Discussion,
    people: Sequence[int],
    count: int,
    end: datetime,
    progress: Progress,
) -> None:
    """Fill a thread with a tree of ``count`` comments, and set its counters."""
    stances: Counter[Stance] = Counter()
    rows = _comment_rows(
        source,
        _tree(source, count),
        Moments(source, discussion.since, end, count),
        region_id=region_id,
        discussion=discussion,
        people=people,
    )
    thread = db.session.get_one(Thread, (region_id, discussion.thread_id))
    for size in _chunks(count):
        chunk = list(islice(rows, size))
        stances.update(row["stance"] for row in chunk)
        _insert(Comment, chunk)
        _let_find(findable_comment(Comment(**row), thread) for row in chunk)
        progress(size)
    db.session.execute(
        sa.update(Thread)
        .where(Thread.region_id == region_id, Thread.id == discussion.thread_id)
        .values(comment_count=count, for_count=stances[Stance.FOR], against_count=stances[Stance.AGAINST])
    )


def _comment_rows(
    source: random.Random,
    parents: Sequence[int | None],
    moments: Moments,
    *,
    region_id: int,
    discussion: Discussion,
    people: Sequence[int],
) -> Iterator[Row]:
    replies = _replies_below(parents)
    paths: list[str] = []
    for index, parent in enumerate(parents):
        comment_id, moment = moments.next()
        place = position(comment_id, "" if parent is None else paths[parent])
        paths.append(place.path)
        text = comment_text(source)
        yield {
            "region_id": region_id,
            "id": comment_id,
            "thread_id": discussion.thread_id,
            "parent_id": place.parent_id,
            "depth": place.depth,
            "path": place.path,
            "author_id": source.choice(people),
            "author_role": "",
            "stance": text.stance,
            "body": text.body,
            "body_html": text.body_html,
            "visibility": Visibility.VISIBLE,
            "reply_count": replies[index],
            "created_at": moment,
            "edited_at": None,
        }


def _tree(source: random.Random, count: int) -> list[int | None]:
    """For each comment the index of the earlier one it answers, or None."""
    parents: list[int | None] = []
    depths: list[int] = []
    answerable: list[int] = []
    for index in range(count):
        parent = source.choice(answerable[-_REMEMBERED:]) if answerable and source.random() > _ROOT_SHARE else None
        depth = 0 if parent is None else depths[parent] + 1
        parents.append(parent)
        depths.append(depth)
        if depth < MAX_DEPTH:
            answerable.append(index)
    return parents


def _replies_below(parents: Sequence[int | None]) -> list[int]:
    """How many comments hang below each, at any depth."""
    below = [0] * len(parents)
    for index in range(len(parents) - 1, -1, -1):
        parent = parents[index]
        if parent is not None:
            below[parent] += 1 + below[index]
    return below


def _insert(model: type[Base], rows: Iterable[Row]) -> None:
    """Straight through the connection: the session would keep an object for each row."""
    if batch := list(rows):
        db.session.connection().execute(sa.insert(model), batch)


def _let_find(rows: Iterable[Row | None]) -> None:
    """What goes past the services has to be put into the search, too."""
    write_findables(rows=[row for row in rows if row])


def _chunks(count: int) -> Iterator[int]:
    for start in range(0, count, _CHUNK):
        yield min(_CHUNK, count - start)
