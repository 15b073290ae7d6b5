"""Projects: the list of a round, one project with its money, and how officers prepare them."""

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from civicvote.blueprints.budgeting.forms import ProjectForm
from civicvote.domain.agenda.queries import agenda_item_in, poll_in
from civicvote.domain.allocations.queries import money_of_projects, project_money
from civicvote.domain.allocations.queries_evidence import can_read_evidence, evidence_of
from civicvote.domain.allocations.queries_lists import Payment, payments_of_project
from civicvote.domain.budgeting.policy import can_prepare
from civicvote.domain.budgeting.queries import (
    budget_polls_of,
    counts_by_state,
    origin_of,
    project_in,
    projects_of_round,
    unapplied_polls,
)
from civicvote.domain.budgeting.services import apply_outcome, create_project, edit_project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel.actor import can
from civicvote.kernel.markup import render as render_text
from civicvote.kernel.paging import Page
from civicvote.kernel.permissions import Permission
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region

budgeting = Blueprint("budgeting", __name__)


@budgeting.get("/regions/<slug>/rounds/<id:round_id>/projects")
def index(slug: str, round_id: int) -> ResponseReturnValue:
    region = current_region()
    round_ = announced_round(region.id, round_id)
    state = _wanted_state()
    listed = projects_of_round(region.id, round_id, state=state, cursor=request.args.get("after"))
    return render(
        "budgeting/index.html",
        fragment="budgeting/_projects.html",
        round=round_,
        listed=listed,
        state=state,
        counts=counts_by_state(region.id, round_id),
        money=money_of_projects(region.id, listed.items),
        to_apply=unapplied_polls(region.id, round_id) if _may_manage() else [],
        may_prepare=_may_manage() and can_prepare(round_),
    )


def _wanted_state() -> ProjectState | None:
    try:
        return ProjectState(request.args["state"])
    except (KeyError, ValueError):
        return None


def _may_manage() -> bool:
    return can(current_actor(), Permission.PROJECT_MANAGE, current_region().id)


@budgeting.get("/regions/<slug>/projects/<id:project_id>")
def show(slug: str, project_id: int) -> ResponseReturnValue:
    region = current_region()
    project = project_in(region.id, project_id)
    round_ = announced_round(region.id, project.round_id)
    polls = budget_polls_of(project)
    payments = payments_of_project(region.id, project_id, cursor=request.args.get("after"))
    return render(
        "budgeting/show.html",
        fragment="budgeting/_payments.html",
        project=project,
        description=Markup(render_text(project.description)),  # noqa: S704 - sanitised by kernel.markup
        round=round_,
        origin=origin_of(project),
        polls=polls,
        money=project_money(project),
        payments=payments,
        papers_of=_papers(payments),
        may_edit=_may_manage() and project.state is ProjectState.PREPARING and not polls and can_prepare(round_),
    )


def _papers(payments: Page[Payment]) -> dict[int, list[Any]]:
    """The files behind the payments, for those who may open them."""
    region = current_region()
    if not can_read_evidence(current_actor(), region.id):
        return {}
    return evidence_of(region.id, [each.disbursement.id for each in payments.items])


@budgeting.route("/regions/<slug>/agenda/<id:item_id>/projects/new", methods=["GET", "POST"])
def new(slug: str, item_id: int) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    item = agenda_item_in(region.id, item_id)
    form = ProjectForm(data={"title": item.title})
    if form.validate_on_submit():
        with form.refusals():
            project = create_project(actor=actor, agenda_item=item, **_typed(form))
        if not form.errors:
            flash(_("The project is stored. It can be changed until it stands on a ballot."), "success")
            return see_other(url_for("budgeting.show", slug=slug, project_id=project.id))
    round_ = announced_round(region.id, item.round_id)
    return render("budgeting/form.html", status=form.status, form=form, item=item, round=round_, project=None)


@budgeting.route("/regions/<slug>/projects/<id:project_id>/edit", methods=["GET", "POST"])
def edit(slug: str, project_id: int) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    project = project_in(region.id, project_id)
    form = ProjectForm(obj=project, cost_amount=project.cost_amount // 10**region.currency_exponent)
    if form.validate_on_submit():
        with form.refusals():
            edit_project(actor=actor, project=project, **_typed(form))
        if not form.errors:
            flash(_("The change is stored."), "success")
            return see_other(url_for("budgeting.show", slug=slug, project_id=project_id))
    item, round_ = agenda_item_in(region.id, project.agenda_item_id), announced_round(region.id, project.round_id)
    return render("budgeting/form.html", status=form.status, form=form, item=item, round=round_, project=project)


@budgeting.post("/regions/<slug>/polls/<id:poll_id>/apply")
def apply(slug: str, poll_id: int) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    poll = poll_in(region.id, poll_id)
    changed = apply_outcome(actor=actor, poll=poll)
    flash(_("The outcome is carried over to %(count)s projects.", count=changed), "success")
    return see_other(url_for("budgeting.index", slug=slug, round_id=poll.round_id))


def _typed(form: ProjectForm) -> dict[str, Any]:
    region = current_region()
    if form.cost_amount.data is None:
        abort(422)  # InputRequired let nothing else through
    return {
        "title": form.title.data,
        "summary": form.summary.data,
        "description": form.description.data or "",
        "cost_amount": form.cost_amount.data * 10**region.currency_exponent,
        "department": form.department.data,
        "place": form.place.data or "",
    }
