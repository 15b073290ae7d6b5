"""Statements that participants add, and the desk where facilitators decide about them."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.opinions.blueprint import opinions
from civicvote.blueprints.opinions.forms import ReasonForm, StatementForm
from civicvote.blueprints.opinions.showing import page_context
from civicvote.domain.opinions.queries import question_view, waiting_statements
from civicvote.domain.opinions.queries_answering import own_statements
from civicvote.domain.opinions.services_statements import add_statement, decide_statement
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit


@opinions.post("/<id:question_id>/statements")
def state(slug: str, question_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    view = question_view(actor, current_region().id, question_id)
    form = StatementForm()
    said = _("Thank you. A facilitator reads it first; then others answer to it. You will be told.")
    with form.refusals():
        if form.validate_on_submit():
            throttle.spend(Limit.POSTING, actor.person_id)
            add_statement(actor=actor, question=view.question, text=form.text.data or "")
            if not wants_fragment():
                flash(said, "success")
                return see_other(url_for("opinions.show", slug=slug, question_id=question_id, _anchor="add"))
            own = own_statements(view.question, actor.person_id)
            fresh = StatementForm(formdata=None)
            return render("opinions/_add.html", said=said, **page_context(view, fresh) | {"own": own})
    return render(
        "opinions/show.html", fragment="opinions/_add.html", status=form.status, said="", **page_context(view, form)
    )


@opinions.get("/queue")
def queue(slug: str) -> ResponseReturnValue:
    actor = signed_in_actor()
    listed = waiting_statements(actor, current_region().id, cursor=request.args.get("after"))
    return render("opinions/queue.html", listed=listed, form=ReasonForm(formdata=None), refused_id=None)


@opinions.post("/queue/<id:statement_id>")
def decide(slug: str, statement_id: int) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), ReasonForm()
    accept = request.form.get("decision") == "accept"
    with form.refusals():
        if form.validate_on_submit():
            decide_statement(
                actor=actor,
                slug=slug,
                region_id=region.id,
                statement_id=statement_id,
                accept=accept,
                reason=form.reason.data or "",
            )
            flash(_("The statement is taken in.") if accept else _("The statement is not taken in."), "success")
            return see_other(url_for("opinions.queue", slug=slug))
    listed = waiting_statements(actor, region.id)
    return render("opinions/queue.html", status=form.status, listed=listed, form=form, refused_id=statement_id)
