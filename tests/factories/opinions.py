"""Opinion questions of a test: opened by the service, answered by the service or straight into the tables."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionStatement, OpinionVote
from civicvote.domain.opinions.services import open_question
from civicvote.domain.opinions.states import StatementState
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from tests.factories.people import actor_for, make_officer, make_person

SEEDS = ("공원은 밤에도 열려 있어야 한다.", "조명은 밤 10시에 꺼야 한다.", "운동기구를 조용한 것으로 바꾸자.")


def make_question(
    region: Region,
    *,
    round: Round | None = None,
    proposal: Proposal | None = None,
    seeds: Sequence[str] = SEEDS,
    days: int = 7,
    moderator: Person | None = None,
) -> OpinionQuestion:
    """An open question, by a moderator of the region."""
    moderator = moderator or make_officer(region.id, Role.MODERATOR)
    return open_question(
        actor=actor_for(moderator),
        region_id=region.id,
        title="밤 공원을 어떻게 쓸까요?",
        introduction="서로의 생각을 **먼저** 듣습니다.",
        seeds="\n".join(seeds),
        closes_at=clock.now() + timedelta(days=days),
        round=round,
        proposal=proposal,
    )


def statements_of(question: OpinionQuestion) -> list[OpinionStatement]:
    """All statements in order of their numbers, as the database has them now."""
    return list(
        db.session.scalars(
            sa.select(OpinionStatement)
            .where(OpinionStatement.region_id == question.region_id, OpinionStatement.question_id == question.id)
            .order_by(OpinionStatement.number)
            .execution_options(populate_existing=True)
        )
    )


def make_statements(question: OpinionQuestion, count: int, state: StatementState = StatementState.ACCEPTED) -> None:
    """``count`` further statements, in one statement of SQL."""
    first = len(statements_of(question)) + 1
    author = make_person()
    rows = [
        {
            "region_id": question.region_id,
            "id": ids.new_id(),
            "question_id": question.id,
            "number": first + place,
            "text": f"생각 {first + place}번에 대하여.",
            "author_id": author.id,
            "is_seed": False,
            "state": state,
            "reason": "",
            "agree_count": 0,
            "disagree_count": 0,
            "pass_count": 0,
            "created_at": clock.now(),
        }
        for place in range(count)
    ]
    db.session.execute(sa.insert(OpinionStatement), rows)
    if state is StatementState.ACCEPTED:
        question.statement_count += count
    db.session.flush()


def make_answers(question: OpinionQuestion, answers: Mapping[int, Sequence[int | None]]) -> None:
    """Answers by participants' numbers, a value (or None: unseen) for each statement in order; nobody's accounts."""
    statements = statements_of(question)
    key = {"region_id": question.region_id, "question_id": question.id}
    participants, votes = [], []
    for number, values in answers.items():
        given = [(statement, value) for statement, value in zip(statements, values, strict=True) if value is not None]
        participants.append(
            {
                **key,
                "number": number,
                "person_id": None,
                "vote_count": len(given),
                "is_eligible": False,
                "joined_at": clock.now(),
            }
        )
        votes += [
            {**key, "participant": number, "statement_id": statement.id, "value": value, "voted_at": clock.now()}
            for statement, value in given
        ]
    db.session.execute(sa.insert(OpinionParticipant), participants)
    db.session.execute(sa.insert(OpinionVote), votes)
    for place, statement in enumerate(statements):
        given = [values[place] for values in answers.values()]
        statement.agree_count, statement.disagree_count = given.count(1), given.count(-1)
        statement.pass_count = given.count(0)
    question.participant_count = max(answers)
    question.vote_count += len(votes)
    db.session.flush()


def two_camps(people: int, statements: int) -> dict[int, list[int | None]]:
    """Half agrees where the other half disagrees; now and then somebody passes or has not seen one."""
    return {
        number: [
            None
            if (number * 7 + place) % 11 == 0
            else 0
            if (number + place * 3) % 13 == 0
            else 1
            if (number + place) % 2
            else -1
            for place in range(statements)
        ]
        if (number * 5) % 9
        else [1 if number % 2 else -1 for _ in range(statements)]
        for number in range(1, people + 1)
    }
