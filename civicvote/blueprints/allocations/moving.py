"""Forms by which one officer moves money: into the envelope, to a project, back, and towards a payment."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.allocations import forms
from civicvote.blueprints.allocations.blueprint import allocations
from civicvote.domain.allocations.queries import project_money, round_money
from civicvote.domain.allocations.services import allocate as allocate_money
from civicvote.domain.allocations.services import enter_disbursement, fund_envelope, return_money
from civicvote.domain.budgeting.queries import project_in
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import ids
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region

_OF_PROJECT = "/regions/<slug>/desk/budget/projects/<id:project_id>"


@allocations.route("/regions/<slug>/desk/budget/rounds/<id:round_id>/fund", methods=["GET", "POST"])
def fund(slug: str, round_id: int) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    round_, form = announced_round(region.id, round_id), forms.FundForm()
    if form.validate_on_submit():
        with form.refusals():
            fund_envelope(
                actor=actor,
                round=round_,
                source=form.source.data,
                amount=form.smallest_units,
                reason=form.reason.data,
                evidence=form.evidence.data,
                idempotency_key=form.idempotency_key.data,
            )
        if not form.errors:
            flash(_("The money is in the envelope."), "success")
            return see_other(url_for("allocations.desk", slug=slug, round=ids.encode(round_id)))
    whole = round_money(region.id, round_id)
    return render(
        "allocations/move.html", status=form.status, act="fund", form=form, round=round_, whole=whole, project=None
    )


@allocations.route(f"{_OF_PROJECT}/allocate", methods=["GET", "POST"])
def allocate(slug: str, project_id: int) -> ResponseReturnValue:
    actor, project, form = signed_in_actor(), project_in(current_region().id, project_id), forms.AllocateForm()
    if form.validate_on_submit():
        with form.refusals():
            allocate_money(
                actor=actor,
                project=project,
                amount=form.smallest_units,
                reason=form.reason.data,
                idempotency_key=form.idempotency_key.data,
            )
        if not form.errors:
            return _done(project_id, _("The money is allocated to the project."))
    return _page("allocate", form, project_id)


@allocations.route(f"{_OF_PROJECT}/enter", methods=["GET", "POST"])
def enter(slug: str, project_id: int) -> ResponseReturnValue:
    actor, form = signed_in_actor(), forms.EnterForm()  # reads files that came along, before the transaction begins
    project = project_in(current_region().id, project_id)
    if form.wants_files_only:
        form.attach_only(actor)
    elif form.validate_on_submit():
        with form.refusals():
            form.keep_files(actor)
            enter_disbursement(
                actor=actor,
                project=project,
                amount=form.smallest_units,
                payee=form.payee.data,
                reason=form.reason.data,
                evidence=form.evidence.data,
                idempotency_key=form.idempotency_key.data,
                upload_ids=[each.upload_id for each in form.described],
            )
        if not form.errors:
            return _done(
                project_id, _("The payment waits for another officer's approval. Those who may approve were told.")
            )
    form.tell_what_was_lost()
    return _page("enter", form, project_id)


@allocations.route(f"{_OF_PROJECT}/return", methods=["GET", "POST"], endpoint="return")
def give_back(slug: str, project_id: int) -> ResponseReturnValue:
    actor, project, form = signed_in_actor(), project_in(current_region().id, project_id), forms.ReturnForm()
    if form.validate_on_submit():
        with form.refusals():
            return_money(
                actor=actor,
                project=project,
                amount=form.smallest_units,
                reason=form.reason.data,
                evidence=form.evidence.data,
                idempotency_key=form.idempotency_key.data,
            )
        if not form.errors:
            return _done(project_id, _("The money is returned."))
    return _page("return", form, project_id)


def _page(act: str, form: forms.AmountForm, project_id: int) -> ResponseReturnValue:
    project = project_in(current_region().id, project_id)
    round_ = announced_round(project.region_id, project.round_id)
    return render(
        "allocations/move.html",
        status=form.status,
        act=act,
        form=form,
        project=project,
        round=round_,
        money=project_money(project),
        whole=round_money(project.region_id, project.round_id),
    )


def _done(project_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return see_other(url_for("allocations.project", slug=current_region().slug, project_id=project_id))
