"""Maps of stored questions: computed in a job, kept without people, exact where real data says what is right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from civicvote.cli.opinions import import_conversation_command
from civicvote.db import db, reading, unit_of_work
from civicvote.domain.opinions.conversation import read_conversation
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionSnapshot
from civicvote.domain.opinions.queries import newest_snapshot
from civicvote.domain.opinions.queries_answering import own_position, standing_of
from civicvote.domain.opinions.services_answering import answer_statement
from civicvote.domain.opinions.services_computing import compute_maps, compute_question
from civicvote.domain.opinions.services_import import import_conversation
from civicvote.domain.opinions.services_statements import decide_statement
from civicvote.domain.opinions.states import Answer, QuestionState, StatementState
from civicvote.domain.regions.models import Region
from civicvote.kernel.permissions import Role
from tests.factories.opinions import make_answers, make_question, make_statements, statements_of, two_camps
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region
from tests.real_data import real_files


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def compute(app: Flask) -> Callable[[], list[Any]]:
    """The job, as the worker runs it."""

    def run() -> list[Any]:
        db.session.commit()
        return compute_maps(reading=reading, unit=unit_of_work)

    return run


def result_of(question: OpinionQuestion) -> dict[str, Any]:
    snapshot = newest_snapshot(question.region_id, question.id)
    assert snapshot is not None
    return snapshot.result


def camps(region: Region, people: int = 60, statements: int = 12) -> OpinionQuestion:
    question = make_question(region)
    make_statements(question, statements - 3)
    make_answers(question, two_camps(people, statements))
    return question


def test_two_camps_are_shown_as_groups_without_any_person(session: Session, region: Region, compute: Any) -> None:
    question = camps(region)
    (done,) = compute()
    assert (done.question_id, done.people, done.is_passed) == (question.id, 60, True)
    result = result_of(question)
    assert sorted(group["size"] for group in result["groups"]) == [30, 30]
    assert len(result["points"]) == 60
    assert all(len(group["representative"]) <= 5 and group["hull"] for group in result["groups"])
    numbers = {each["statement"] for group in result["groups"] for each in group["representative"]}
    assert numbers <= set(result["statements"])
    assert "participants" not in result


def test_computing_again_happens_only_when_something_changed(session: Session, region: Region, compute: Any) -> None:
    question = camps(region)
    assert len(compute()) == 1
    assert compute() == []
    answer_statement(
        actor=actor_for(make_person()),
        question=question,
        statement_id=statements_of(question)[0].id,
        answer=Answer.AGREE,
    )
    assert len(compute()) == 1
    kept = session.scalar(sa.select(sa.func.count()).where(OpinionSnapshot.question_id == question.id))
    assert kept == 1, "two snapshots side by side would show who moved"


def test_a_question_that_can_not_be_computed_keeps_its_map_and_holds_up_no_other(
    session: Session, region: Region, compute: Any
) -> None:
    damaged, sound = camps(region), camps(region)
    assert len(compute()) == 2
    snapshot = newest_snapshot(region.id, damaged.id)
    assert snapshot is not None
    snapshot.result = {**snapshot.result, "state": {**snapshot.result["state"], "base": [[1.0, 2.0, 3.0]]}}
    kept = snapshot.id
    for question in (damaged, sound):
        first = statements_of(question)[0].id
        answer_statement(actor=actor_for(make_person()), question=question, statement_id=first, answer=Answer.AGREE)
    with capture_logs() as logs:
        (done,) = compute()
    assert done.question_id == sound.id
    assert [(log["event"], log["question_id"]) for log in logs] == [("opinion_map_failed", damaged.id)]
    standing = newest_snapshot(region.id, damaged.id)
    assert standing is not None
    assert standing.id == kept


def test_few_people_get_consensus_lists_alone(session: Session, region: Region, compute: Any) -> None:
    question = make_question(region)
    make_answers(question, {number: [1, -1, None] for number in range(1, 21)})
    compute()
    result = result_of(question)
    assert (result["gate"]["is_passed"], result["gate"]["reason"]) == (False, "too_few")
    assert (result["groups"], result["points"]) == ([], [])
    assert [each["statement"] for each in result["consensus"]["agree"]] == [1]
    assert result["consensus"]["disagree"] == [{"statement": 2, "agree": 0, "disagree": 20, "seen": 20}]


def test_whoever_was_placed_stays_placed(session: Session, region: Region, compute: Any) -> None:
    question = camps(region)
    compute()
    placed = sa.select(sa.func.count()).where(
        OpinionParticipant.question_id == question.id, OpinionParticipant.is_eligible
    )
    assert session.scalar(placed) == 60


def test_a_statement_that_is_taken_out_stands_in_no_list(session: Session, region: Region, compute: Any) -> None:
    question = camps(region)
    compute()
    listed = result_of(question)["groups"][0]["representative"][0]["statement"]
    statement = next(each for each in statements_of(question) if each.number == listed)
    decide_statement(
        actor=actor_for(make_officer(region.id, Role.MODERATOR)),
        slug=region.slug,
        region_id=region.id,
        statement_id=statement.id,
        accept=False,
        reason="같은 말이 있습니다.",
    )
    compute()
    result = result_of(question)
    assert listed not in {each["statement"] for group in result["groups"] for each in group["representative"]}
    assert result["means"][result["statements"].index(listed)] == 0


def test_groups_of_fewer_than_five_keep_neither_place_nor_statements(
    session: Session, region: Region, compute: Any
) -> None:
    question = make_question(region)
    make_statements(question, 9)
    answers = two_camps(60, 12)
    loners = [[1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1]] * 3
    answers |= {61 + place: values for place, values in enumerate(loners)}
    make_answers(question, answers)
    compute()
    result = result_of(question)
    for group in result["groups"]:
        if group["size"] < 5:
            assert (group["hull"], group["centre"], group["representative"]) == ([], None, [])
    assert all(number == -1 or result["groups"][number]["size"] >= 5 for _x, _y, number, _people in result["points"])


def test_ones_own_place_is_a_dot_product_of_ones_own_answers(session: Session, region: Region, compute: Any) -> None:
    question, person = camps(region), make_person()
    compute()
    result = result_of(question)
    for place, statement in enumerate(statements_of(question)):
        standing = standing_of(question, person.id, result)
        assert (own_position(standing, result) is None) == (place < 7)
        answer_statement(
            actor=actor_for(person),
            question=question,
            statement_id=statement.id,
            answer=Answer.AGREE if place % 2 else Answer.DISAGREE,
        )
    standing = standing_of(question, person.id, result)
    position = own_position(standing, result)
    assert position is not None
    assert standing.next_id() is None
    near = min(result["groups"], key=lambda group: abs(group["centre"][0] - position[0]))
    assert abs(near["centre"][0] - position[0]) < 1


@pytest.mark.parametrize("file", real_files("polis/*/expected.json") or [None])
def test_a_real_conversation_becomes_a_closed_question(session: Session, region: Region, file: Path | None) -> None:
    if file is None:
        pytest.skip("no conversations among the real data")
    conversation = read_conversation(file.parent)
    question = import_conversation(region_id=region.id, slug=region.slug, conversation=conversation, source="CC BY 4.0")
    assert question.state is QuestionState.CLOSED
    assert question.participant_count == len(conversation.participants)
    result = result_of(question)
    assert result["votes"] == len(conversation.votes)
    statements = {each.number: each for each in statements_of(question)}
    for listed in (*result["consensus"]["agree"], *result["consensus"]["disagree"]):
        statement = statements[listed["statement"]]
        assert statement.state is StatementState.ACCEPTED
        assert (listed["agree"], listed["disagree"]) == (statement.agree_count, statement.disagree_count)
    once = result_of(question)
    compute_question(region_id=region.id, question_id=question.id)
    assert result_of(question)["gate"] == once["gate"]


COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1000,x,0,1,0,0,1,공원\n"


def test_the_command_imports_once_and_says_where(app: Flask, session: Session, region: Region, tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_text(COMMENTS)
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1000,0,7,1\n2000,0,8,-1\n")
    session.commit()
    runner = app.test_cli_runner()
    result = runner.invoke(import_conversation_command, [str(tmp_path), "--region", region.slug])
    assert result.exit_code == 0, result.output
    assert f"/regions/{region.slug}/opinions/" in result.stdout
    again = runner.invoke(import_conversation_command, [str(tmp_path), "--region", region.slug])
    assert again.exit_code == 1
    assert "imported already" in again.stderr
    question = session.scalars(sa.select(OpinionQuestion).where(OpinionQuestion.region_id == region.id)).one()
    assert "The Computational Democracy Project" in question.source
    assert (question.participant_count, question.vote_count, question.statement_count) == (2, 2, 1)


def test_without_a_region_conversations_have_one_of_their_own(app: Flask, session: Session, tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_text(COMMENTS)
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1000,0,7,1\n")
    result = app.test_cli_runner().invoke(import_conversation_command, [str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "/regions/imported-conversations/opinions/" in result.stdout
    missing = app.test_cli_runner().invoke(import_conversation_command, [str(tmp_path), "--region", "nowhere"])
    assert missing.exit_code == 1
    assert "no such region" in missing.stderr
