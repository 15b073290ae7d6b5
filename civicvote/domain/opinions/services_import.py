"""A conversation that was held elsewhere, as a closed question with its map. Its participants are nobody's accounts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from civicvote.db import Base, db
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.opinions.conversation import Conversation
from civicvote.domain.opinions.errors import ConversationAlreadyImported
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionStatement, OpinionVote
from civicvote.domain.opinions.services import let_be_found
from civicvote.domain.opinions.services_computing import compute_question
from civicvote.domain.opinions.states import QuestionHost, QuestionState, StatementState
from civicvote.domain.regions.kinds import RegionKind
from civicvote.domain.regions.models import Region
from civicvote.domain.regions.queries import RegionScope, UnknownRegion, region_scope
from civicvote.kernel import clock, ids
from civicvote.kernel.markup import clean_text, render

_BATCH = 2000
_SLUG = "imported-conversations"
#: A statement longer than our own are is kept whole; one that fills a page is none.
_LONGEST = 1000


def import_conversation(*, region_id: int, slug: str, conversation: Conversation, source: str) -> OpinionQuestion:
    """Store statements, votes by number and the map. ``source`` says where it is from and under which licence; the same
    source is taken once in a region. Moderation's refusals (-1) stay out of routing and lists.

    Raises ``ConversationAlreadyImported``.
    """
    _require_new(region_id, slug, source)
    now = clock.now()
    said = [each.written_at for each in conversation.statements if each.written_at]
    question = OpinionQuestion(
        region_id=region_id,
        id=ids.new_id(),
        host=QuestionHost.TOPIC,
        title=conversation.name[:200],
        introduction=source,
        introduction_html=render(source),
        source=source,
        state=QuestionState.CLOSED,
        opened_at=min(said, default=now),
        closed_at=max(said, default=now),
        statement_count=sum(each.moderated != -1 for each in conversation.statements),
        participant_count=len(conversation.participants),
        vote_count=len(conversation.votes),
    )
    db.session.add(question)
    db.session.flush()
    statement_ids = _store_statements(question, conversation)
    _store_votes(question, conversation, statement_ids)
    compute_question(region_id=region_id, question_id=question.id)
    let_be_found(question)
    record(
        region_id=region_id,
        actor_id=None,
        verb=AuditVerb.OPINION_IMPORT,
        subject=f"opinion_question:{question.id}",
        detail={
            "title": question.title,
            "participants": question.participant_count,
            "statements": len(conversation.statements),
            "votes": question.vote_count,
        },
    )
    return question


def conversations_region() -> RegionScope:
    """The region under which conversations of elsewhere stand; made when the first comes."""
    try:
        return region_scope(_SLUG)
    except UnknownRegion:
        names = {"name_ko": "들여온 대화", "name_en": "Imported conversations"}
        db.session.add(Region(id=ids.new_id(), slug=_SLUG, kind=RegionKind.MUNICIPALITY, **names))
        db.session.flush()
        return region_scope(_SLUG)


def _require_new(region_id: int, slug: str, source: str) -> None:
    known = db.session.scalar(
        sa.select(OpinionQuestion.id).where(OpinionQuestion.region_id == region_id, OpinionQuestion.source == source)
    )
    if known is not None:
        raise ConversationAlreadyImported(slug=slug, key=ids.encode(known))


def _store_statements(question: OpinionQuestion, conversation: Conversation) -> dict[int, int]:
    counts = Counter((statement, vote) for _, statement, vote in conversation.votes)
    made = {each.id: ids.new_id() for each in conversation.statements}
    _insert(
        OpinionStatement,
        (
            {
                "region_id": question.region_id,
                "id": made[each.id],
                "question_id": question.id,
                "number": each.id,
                "text": " ".join(clean_text(each.text.replace("\0", "")).split())[:_LONGEST] or f"#{each.id}",
                "is_seed": False,
                "state": StatementState.REFUSED if each.moderated == -1 else StatementState.ACCEPTED,
                "reason": "",
                "agree_count": counts[each.id, 1],
                "disagree_count": counts[each.id, -1],
                "pass_count": counts[each.id, 0],
                "created_at": each.written_at or question.opened_at,
            }
            for each in conversation.statements
        ),
    )
    return made


def _store_votes(question: OpinionQuestion, conversation: Conversation, statement_ids: dict[int, int]) -> None:
    """Participants are counted from 1, in the order of their numbers there."""
    numbers = {there: here for here, there in enumerate(conversation.participants, 1)}
    votes = Counter(participant for participant, _, _ in conversation.votes)
    key = {"region_id": question.region_id, "question_id": question.id}
    _insert(
        OpinionParticipant,
        (
            {
                **key,
                "number": number,
                "person_id": None,
                "vote_count": votes[there],
                "is_eligible": False,
                "joined_at": question.opened_at,
            }
            for there, number in numbers.items()
        ),
    )
    _insert(
        OpinionVote,
        (
            {
                **key,
                "participant": numbers[participant],
                "statement_id": statement_ids[statement],
                "value": vote,
                "voted_at": question.closed_at,
            }
            for participant, statement, vote in conversation.votes
        ),
    )


def _insert(table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    waiting: Iterator[dict[str, Any]] = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        db.session.execute(sa.insert(table), batch)
