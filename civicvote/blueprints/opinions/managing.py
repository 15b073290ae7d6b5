"""What facilitators do: open, edit, close."""

from typing import TYPE_CHECKING, Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.opinions.blueprint import opinions
from civicvote.blueprints.opinions.forms import QuestionForm
from civicvote.blueprints.opinions.showing import base_context, read_key
from civicvote.domain.opinions.errors import QuestionAnswered
from civicvote.domain.opinions.queries import question_view, seeds_of
from civicvote.domain.opinions.services import close_question, edit_question, open_question
from civicvote.domain.opinions.texts import LEAST_SEEDS, LONGEST_STATEMENT, MOST_SEEDS
from civicvote.domain.proposals.queries import visible_proposal
from civicvote.domain.rounds.queries import announced_round
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.opinions.models import OpinionQuestion

_LIMITS = {"least": LEAST_SEEDS, "most": MOST_SEEDS, "length": LONGEST_STATEMENT}


def _host() -> dict[str, Any]:
    """What the new question is about, from the address: a proposal, a round, or nothing."""
    region, actor = current_region(), signed_in_actor()
    proposal_id, round_id = read_key(request.args.get("proposal")), read_key(request.args.get("round"))
    return {
        "proposal": visible_proposal(actor, region.id, proposal_id) if proposal_id else None,
        "round": announced_round(region.id, round_id) if round_id and not proposal_id else None,
    }


@opinions.route("/new", methods=["GET", "POST"])
def new(slug: str) -> ResponseReturnValue:
    host, form = _host(), QuestionForm()
    with form.refusals():
        if form.validate_on_submit():
            question = open_question(
                actor=signed_in_actor(),
                region_id=current_region().id,
                closes_at=form.closing(),
                **host,
                **form.given(),
            )
            return _shown(slug, question, _("The question is open. Everybody who is signed in can answer."))
    return render("opinions/form.html", status=form.status, form=form, question=None, limits=_LIMITS, **host)


@opinions.route("/<id:question_id>/edit", methods=["GET", "POST"])
def edit(slug: str, question_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    view = question_view(actor, current_region().id, question_id)
    question, form = view.question, QuestionForm()
    if question.participant_count:
        raise QuestionAnswered
    with form.refusals():
        if form.validate_on_submit():
            edit_question(actor=actor, question=question, closes_at=form.closing(), **form.given())
            return _shown(slug, question, _("The question is changed."))
    if request.method == "GET":
        form.filled_from(question, seeds_of(question))
    return render(
        "opinions/form.html",
        status=form.status,
        form=form,
        limits=_LIMITS,
        question=question,
        proposal=view.proposal,
        round=view.round,
    )


@opinions.route("/<id:question_id>/close", methods=["GET", "POST"])
def close(slug: str, question_id: int) -> ResponseReturnValue:
    """Asked once more on a page of its own, since it can't be undone."""
    actor = signed_in_actor()
    view = question_view(actor, current_region().id, question_id)
    if request.method == "POST":
        close_question(actor=actor, question=view.question)
        return _shown(slug, view.question, _("The question is closed. The result stays readable."))
    return render("opinions/close.html", **base_context(view))


def _shown(slug: str, question: "OpinionQuestion", said: str) -> ResponseReturnValue:
    flash(said, "success")
    return see_other(url_for("opinions.show", slug=slug, question_id=question.id))
