"""What the page of a question shows: the card to answer, the map, the lists."""

from typing import TYPE_CHECKING, Any

from flask import url_for

from civicvote.blueprints.opinions.forms import StatementForm
from civicvote.domain.opinions.picture import LETTERS, draw
from civicvote.domain.opinions.policy import is_running, takes
from civicvote.domain.opinions.queries import QuestionView, newest_snapshot, numbers_of, statements_in
from civicvote.domain.opinions.queries_answering import (
    Standing,
    own_position,
    own_statements,
    standing_of,
    statement_to_answer,
)
from civicvote.domain.opinions.snapshots import nearest_group, shown_of
from civicvote.domain.opinions.states import Answer
from civicvote.domain.opinions.texts import LONGEST_STATEMENT
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.queries import signs_with_author
from civicvote.domain.rounds.policy import open_actions
from civicvote.kernel import ids
from civicvote.kernel.actor import can
from civicvote.kernel.permissions import Permission
from civicvote.web.auth import current_actor
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.opinions.models import OpinionSnapshot, OpinionStatement


def base_context(view: QuestionView) -> dict[str, Any]:
    """What every page of the question needs."""
    region, question = current_region(), view.question
    return {
        "view": view,
        "question": question,
        "here": url_for("opinions.show", slug=region.slug, question_id=question.id),
        "is_running": is_running(question),
        "takes_answers": takes(Permission.OPINION_VOTE, question, view.round),
        "takes_statements": takes(Permission.OPINION_STATE, question, view.round),
        "may_manage": can(current_actor(), Permission.OPINION_MANAGE, region.id),
        "answers": list(Answer),
        "longest_statement": LONGEST_STATEMENT,
    }


def card_context(view: QuestionView, *, wanted: int | None = None, answered: int | None = None) -> dict[str, Any]:
    """The card: ``wanted`` is a statement that is answered anew, ``answered`` the one that was answered just now."""
    actor, question = current_actor(), view.question
    context = base_context(view) | {"standing": None, "card": None, "last": None}
    context["snapshot"] = snapshot = newest_snapshot(question.region_id, question.id)
    if actor is None:
        return context
    standing = standing_of(question, actor.person_id, snapshot.result if snapshot else None)
    context["standing"] = standing
    if context["takes_answers"]:
        context["card"] = _card(view, standing, wanted)
    context["last"] = statement_to_answer(question, answered) if answered else None
    return context


def _card(view: QuestionView, standing: Standing, wanted: int | None) -> "OpinionStatement | None":
    chosen = statement_to_answer(view.question, wanted) if wanted else None
    if chosen is None and (next_id := standing.next_id()) is not None:
        chosen = statement_to_answer(view.question, next_id)
    return chosen


def page_context(
    view: QuestionView, form: StatementForm | None = None, *, wanted: int | None = None, answered: int | None = None
) -> dict[str, Any]:
    """The whole page. A constant number of statements, however many people and statements there are."""
    context = card_context(view, wanted=wanted, answered=answered)
    actor = current_actor()
    return (
        context
        | result_context(view, context["snapshot"], context["standing"])
        | {
            "form": form or StatementForm(formdata=None),
            "own": own_statements(view.question, actor.person_id) if actor else [],
        }
    )


def result_context(view: QuestionView, snapshot: "OpinionSnapshot | None", standing: Standing | None) -> dict[str, Any]:
    """The computed map with the reader's own place in it."""
    context: dict[str, Any] = {"letters": LETTERS, "quotes": _quotes(view)}
    if snapshot is None:
        return context | {"result": None, "texts": {}, "picture": None, "own_group": None}
    result = shown_of(snapshot.result)
    position = own_position(standing, result) if standing and result["gate"]["is_passed"] else None
    number = nearest_group(position, result["groups"]) if position else None
    return context | {
        "result": result,
        "texts": statements_in(view.question.region_id, view.question.id, numbers_of(result)),
        "picture": draw(result["points"], result["groups"], position) if result["points"] else None,
        "own_group": LETTERS[number] if number is not None else None,
    }


def _quotes(view: QuestionView) -> dict[str, bool]:
    """Where the reader can quote a statement just now: in the discussion of the proposal, in its text. One statement at
    most, for those who did not write it."""
    actor, proposal = current_actor(), view.proposal
    if actor is None or proposal is None or view.round is None or not policy.is_supportable(proposal):
        return {"discussion": False, "proposal": False}
    open_now = open_actions(view.round)
    is_edited = Permission.PROPOSAL_EDIT in open_now and policy.is_unsettled(proposal)
    return {
        "discussion": Permission.COMMENT_POST in open_now,
        "proposal": is_edited
        and (policy.is_own(actor, proposal) or signs_with_author(actor, proposal.region_id, proposal.id)),
    }


def read_key(text: str | None) -> int | None:
    """An id as it stands in an address or a form; None for what is none."""
    try:
        return ids.decode(text) if text else None
    except ValueError:
        return None
