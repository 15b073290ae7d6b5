"""Maps computed in a job: read the votes, compute without holding a lock, store a snapshot."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice

import numpy as np
import sqlalchemy as sa
import structlog

from civicvote.db import db
from civicvote.domain.opinions.gate import Verdict
from civicvote.domain.opinions.groups import GroupState
from civicvote.domain.opinions.matrix import VoteMatrix
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionSnapshot
from civicvote.domain.opinions.opinion_map import OpinionMap, compute_map
from civicvote.domain.opinions.positions import votes_needed
from civicvote.domain.opinions.queries_votes import placed_numbers, refused_numbers, vote_matrix
from civicvote.domain.opinions.services import close_overdue_questions
from civicvote.domain.opinions.snapshots import snapshot_of
from civicvote.kernel import clock, ids

Unit = Callable[[], AbstractContextManager[None]]

_MANY = 500

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Computed:
    region_id: int
    question_id: int
    people: int
    is_passed: bool


def compute_maps(*, reading: Unit, unit: Unit, most: int = 50) -> list[Computed]:
    """Close what is over, then compute the map of every question that changed since its snapshot, ``most`` in one run.

    The votes are read, the map is computed outside of any transaction, then it is stored: nobody waits for it. Answers
    that came meanwhile are in the next run."""
    with unit():
        close_overdue_questions(moment=clock.now())
    with reading():
        waiting = _changed(most)
    done = []
    for region_id, question_id in waiting:
        with reading():
            taken = _take(region_id, question_id)
        try:
            found = compute_map(taken.matrix, already_placed=taken.placed, state=taken.state)
            verdict = found.judged()
        except (ArithmeticError, MemoryError, ValueError, np.linalg.LinAlgError):
            # Somebody has to look at it; the questions behind it don't wait for that.
            _log.exception("opinion_map_failed", region_id=region_id, question_id=question_id)
            continue
        with unit():
            _store(taken, found, verdict)
        done.append(Computed(region_id, question_id, verdict.people, verdict.is_passed))
    return done


def compute_question(*, region_id: int, question_id: int) -> Verdict:
    """Compute one map in the transaction that is open: for imports and the living example."""
    taken = _take(region_id, question_id)
    found = compute_map(taken.matrix, already_placed=taken.placed, state=taken.state)
    verdict = found.judged()
    _store(taken, found, verdict)
    return verdict


_NEWEST = (
    sa.select(OpinionSnapshot.vote_count)
    .where(OpinionSnapshot.region_id == OpinionQuestion.region_id, OpinionSnapshot.question_id == OpinionQuestion.id)
    .order_by(OpinionSnapshot.id.desc())
    .limit(1)
    .scalar_subquery()
)


def _changed(most: int) -> list[tuple[int, int]]:
    rows = db.session.execute(
        sa.select(OpinionQuestion.region_id, OpinionQuestion.id)
        .where(OpinionQuestion.vote_count != sa.func.coalesce(_NEWEST, 0))
        .order_by(OpinionQuestion.region_id, OpinionQuestion.id)
        .limit(most)
    )
    return [(region_id, question_id) for region_id, question_id in rows]


@dataclass(frozen=True, slots=True)
class _Taken:
    region_id: int
    question_id: int
    vote_count: int
    matrix: VoteMatrix
    placed: list[int]
    removed: frozenset[int]
    state: GroupState | None


def _take(region_id: int, question_id: int) -> _Taken:
    """The count is read first: a vote that slips in between is computed now and once more."""
    vote_count = db.session.scalar(
        sa.select(OpinionQuestion.vote_count).where(
            OpinionQuestion.region_id == region_id, OpinionQuestion.id == question_id
        )
    )
    before = db.session.scalars(
        sa.select(OpinionSnapshot)
        .where(OpinionSnapshot.region_id == region_id, OpinionSnapshot.question_id == question_id)
        .order_by(OpinionSnapshot.id.desc())
        .limit(1)
    ).first()
    kept = before.result["state"] if before else None
    return _Taken(
        region_id,
        question_id,
        vote_count or 0,
        vote_matrix(region_id, question_id),
        placed_numbers(region_id, question_id),
        refused_numbers(region_id, question_id),
        GroupState.from_json(kept) if kept else None,
    )


def _store(taken: _Taken, found: OpinionMap, verdict: Verdict) -> None:
    """Only the newest snapshot stays: two of them side by side would show who moved in between."""
    older = sa.delete(OpinionSnapshot).where(
        OpinionSnapshot.region_id == taken.region_id, OpinionSnapshot.question_id == taken.question_id
    )
    db.session.execute(older)
    db.session.add(
        OpinionSnapshot(
            region_id=taken.region_id,
            id=ids.new_id(),
            question_id=taken.question_id,
            vote_count=taken.vote_count,
            result=snapshot_of(found, verdict, taken.removed),
            computed_at=clock.now(),
        )
    )
    _remember_placed(taken, found)
    db.session.flush()


def _remember_placed(taken: _Taken, found: OpinionMap) -> None:
    """Whoever has votes enough stays placed; those who only fill up a small crowd do not."""
    before = set(taken.placed)
    enough = found.matrix.cast >= max(1, votes_needed(len(found.matrix.statements)))
    numbers = (int(found.matrix.participants[row]) for row in np.flatnonzero(enough))
    fresh = iter([number for number in numbers if number not in before])
    while batch := list(islice(fresh, _MANY)):
        db.session.execute(
            sa.update(OpinionParticipant)
            .where(
                OpinionParticipant.region_id == taken.region_id,
                OpinionParticipant.question_id == taken.question_id,
                OpinionParticipant.number.in_(batch),
            )
            .values(is_eligible=True)
            .execution_options(synchronize_session=False)
        )
