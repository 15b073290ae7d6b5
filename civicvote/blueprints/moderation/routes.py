"""Reporting, the moderators' desk and the public log."""

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.moderation.forms import DecisionForm, ReportForm, queue_arguments, queue_filter
from civicvote.blueprints.moderation.rule_texts import RULE_TEXTS, statement
from civicvote.domain.moderation.cases import CaseView
from civicvote.domain.moderation.errors import UnknownSubject
from civicvote.domain.moderation.kinds import CaseState, DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.queries import case_view, public_log, subject_of, week_figures
from civicvote.domain.moderation.queries import queue as queue_of
from civicvote.domain.moderation.services import claim_case, decide_case, report_content
from civicvote.domain.moderation.subjects import Subject
from civicvote.kernel import ids
from civicvote.kernel.errors import Conflict
from civicvote.kernel.visibility import Visibility
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.messages import sentence
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

moderation = Blueprint("moderation", __name__, url_prefix="/regions/<slug>")


@moderation.route("/report/<kind>/<id:subject_id>", methods=["GET", "POST"])
def report(slug: str, kind: str, subject_id: int) -> ResponseReturnValue:
    region = current_region()
    if kind not in set(SubjectKind):
        abort(404)
    subject = subject_of(region.id, SubjectKind(kind), subject_id)
    if subject.visibility is not Visibility.VISIBLE:
        raise UnknownSubject
    form = ReportForm()
    if form.validate_on_submit():
        with form.refusals():
            throttle.spend(Limit.POSTING, signed_in_actor().person_id)
            report_content(
                actor=signed_in_actor(),
                region_id=region.id,
                kind=subject.kind,
                subject_id=subject_id,
                reason=ReportReason(form.reason.data),
                note=form.note.data or "",
            )
            flash(_("Thank you. The moderators will look at it, the oldest report first."), "success")
            return see_other(_where(subject))
    return render("moderation/report.html", status=form.status, form=form, subject=subject, back=_where(subject))


def _where(subject: Subject) -> str:
    """The page on which residents read the subject."""
    slug = current_region().slug
    if subject.kind is SubjectKind.PROPOSAL:
        return url_for("proposals.show", slug=slug, proposal_id=subject.id)
    address = url_for("threads.comment", slug=slug, thread_id=subject.thread_id, comment_id=subject.id)
    return f"{address}#c-{ids.encode(subject.id)}"


@moderation.get("/desk/moderation")
def queue(slug: str) -> ResponseReturnValue:
    return render("moderation/queue.html", **_queue_context())


def _queue_context() -> dict[str, Any]:
    region, wanted = current_region(), queue_filter(request.args)
    page = queue_of(signed_in_actor(), region.id, wanted=wanted, cursor=request.args.get("after"))
    arguments: dict[str, Any] = dict(queue_arguments(wanted))
    address = url_for("moderation.queue", slug=region.slug)
    return {
        "wanted": wanted,
        "listed": page,
        "arguments": arguments,
        "cases_address": f"{address}/",
        "next_url": url_for("moderation.queue", slug=region.slug, **arguments, after=page.next_cursor)
        if page.next_cursor
        else None,
        "reasons": list(ReportReason),
        "kinds": list(SubjectKind),
        "states": list(CaseState),
        "figures": week_figures(region.id),
    }


@moderation.get("/desk/moderation/<id:case_id>")
def case(slug: str, case_id: int) -> ResponseReturnValue:
    found = case_view(signed_in_actor(), current_region().id, case_id)
    form = DecisionForm()
    if found.row.reasons and not form.reason.data:
        form.reason.data = found.row.reasons[0].value
    return _case_page(found, form)


def _case_page(found: CaseView, form: DecisionForm) -> ResponseReturnValue:
    return render(
        "moderation/case.html",
        status=form.status,
        case=found,
        form=form,
        rule_texts=RULE_TEXTS,
        where=_where(found.row.subject),
        **_queue_context(),
    )


@moderation.post("/desk/moderation/<id:case_id>/claim")
def claim(slug: str, case_id: int) -> ResponseReturnValue:
    try:
        claim_case(actor=signed_in_actor(), region_id=current_region().id, case_id=case_id)
    except Conflict as refusal:
        flash(sentence(refusal), "error")
    return see_other(url_for("moderation.case", slug=slug, case_id=case_id))


@moderation.post("/desk/moderation/<id:case_id>/decide")
def decide(slug: str, case_id: int) -> ResponseReturnValue:
    region, actor, form = current_region(), signed_in_actor(), DecisionForm()
    action = DecisionAction(request.form["action"]) if request.form.get("action") in set(DecisionAction) else abort(400)
    if form.validate_on_submit():
        with form.refusals():
            reason = form.chosen_reason
            facts = statement(reason, form.facts.data or "") if action is DecisionAction.HIDE else form.facts.data or ""
            decide_case(
                actor=actor,
                slug=slug,
                region_id=region.id,
                case_id=case_id,
                action=action,
                reason=reason,
                facts=facts,
            )
            flash(_DECIDED[action](), "success")
            return see_other(url_for("moderation.queue", slug=slug))
    return _case_page(case_view(actor, region.id, case_id), form)


_DECIDED = {
    DecisionAction.HIDE: lambda: _("Hidden. The author was told why, on this site and by mail."),
    DecisionAction.KEEP: lambda: _("Kept. Nothing changes for readers."),
    DecisionAction.RESTORE: lambda: _("Restored. Readers see it again, and the author was told."),
}


@moderation.get("/moderation")
def log(slug: str) -> ResponseReturnValue:
    region = current_region()
    page = public_log(region.id, cursor=request.args.get("after"))
    next_url = url_for("moderation.log", slug=slug, after=page.next_cursor) if page.next_cursor else None
    return render("moderation/log.html", listed=page, next_url=next_url)
