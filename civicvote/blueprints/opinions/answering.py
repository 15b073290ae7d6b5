"""Answering: one statement at a time, by htmx or as a page, and the list of what one answered."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.opinions.blueprint import opinions
from civicvote.blueprints.opinions.showing import base_context, card_context, read_key
from civicvote.domain.opinions.errors import UnknownStatement
from civicvote.domain.opinions.queries import question_view
from civicvote.domain.opinions.queries_answering import own_answers
from civicvote.domain.opinions.services_answering import answer_statement
from civicvote.domain.opinions.states import Answer
from civicvote.kernel import ids
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

#: The value of the button that takes an answer back.
TAKE_BACK = "none"
_LIST = "list"


@opinions.post("/<id:question_id>/answers")
def answer(slug: str, question_id: int) -> ResponseReturnValue:
    """``statement`` and ``answer``; ``from=list`` where an earlier answer is changed in the list of one's answers."""
    actor = signed_in_actor()
    view = question_view(actor, current_region().id, question_id)
    statement_id, said = read_key(request.form.get("statement")), request.form.get("answer", "")
    if statement_id is None or said not in {*Answer, TAKE_BACK}:
        raise UnknownStatement
    throttle.spend(Limit.OPINION, actor.person_id)
    answer_statement(
        actor=actor,
        question=view.question,
        statement_id=statement_id,
        answer=None if said == TAKE_BACK else Answer(said),
    )
    if request.form.get("from") == _LIST:
        flash(_("Your answer is changed."), "success")
        after = request.form.get("after") or None
        return see_other(url_for("opinions.answers", slug=slug, question_id=question_id, after=after))
    answered = None if said == TAKE_BACK else statement_id
    if wants_fragment():
        return render("opinions/_card.html", is_swapped=True, **card_context(view, answered=answered))
    mark = ids.encode(answered) if answered else None
    return see_other(url_for("opinions.show", slug=slug, question_id=question_id, answered=mark, _anchor="card"))


@opinions.get("/<id:question_id>/answers")
def answers(slug: str, question_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    view = question_view(actor, current_region().id, question_id)
    cursor = request.args.get("after")
    return render(
        "opinions/answers.html",
        listed=own_answers(view.question, actor.person_id, cursor=cursor),
        cursor=cursor,
        take_back=TAKE_BACK,
        **base_context(view),
    )
